import type { BroadcastProgress } from "../../shop/send-broadcast.ts"
import type { BroadcastProblem } from "../desk/broadcast.ts"
import type { BroadcastDeskTexts, BroadcastPreview } from "./broadcast-desk-texts.ts"
import { join, type Wording } from "./wording.ts"

const rule = "──────────"

export function broadcastDesk({ command, desk, time }: Wording): BroadcastDeskTexts {
  const siaran = desk("siaran")
  const rests = (goesOnAt: Date | null) =>
    goesOnAt !== null && `Di jam tenang siaran berhenti, lalu lanjut sendiri ${time(goesOnAt)}.`
  const example = join(`${siaran}`, "Promo akhir pekan: semua voucher diskon 10%.")
  return {
    broadcast: ({ text }) =>
      join(text, "", `Tidak mau info seperti ini lagi? Balas ${command("stop_broadcasts")}`),
    noBroadcastsEither: () =>
      `Info promo dari kami juga tidak dikirim lagi. Mau lagi? Balas ${command("start_broadcasts")}`,
    noMoreBroadcasts: () =>
      join(
        "Baik, Kakak tidak akan menerima info promo dari kami lagi 🙏",
        "Kabar tentang pesanan Kakak tetap kami kirim.",
        `Mau lagi? Balas ${command("start_broadcasts")}`,
      ),
    broadcastsAgain: () =>
      join(
        "Siap, Kakak akan menerima info promo dari kami lagi ✅",
        `Tidak jadi? Balas ${command("stop_broadcasts")}`,
        `Lihat-lihat dulu: ${command("menu")}`,
      ),
    broadcastPreview: ({ text, ...preview }) =>
      join(
        "*Siaran, seperti yang akan diterima pelanggan:*",
        rule,
        text,
        rule,
        `Untuk *${preview.people} orang* yang menulis dalam ${preview.days} hari terakhir, ` +
          `kira-kira ${preview.minutes} menit.`,
        rests(preview.goesOnAt),
        ...leftOut(preview),
        "",
        "Balas *ya* untuk mulai, *batal* untuk tidak jadi.",
      ),
    broadcastStarted: ({ people, minutes, goesOnAt }) =>
      join(
        `Siaran ke ${people} orang dimulai ✅ Kira-kira ${minutes} menit, satu per satu supaya nomor toko aman.`,
        rests(goesOnAt),
        `Lihat: ${siaran} status`,
        `Berhenti: ${siaran} stop`,
      ),
    broadcastUnderWay: (progress) =>
      join(
        "Siaran lain belum selesai, jadi yang ini belum dimulai.",
        ...counts(progress),
        `Tunggu sampai selesai, atau hentikan dulu: ${siaran} stop`,
      ),
    broadcastToNobody: (audience) =>
      join(
        `Belum ada yang bisa menerima siaran: tidak ada pelanggan yang menulis dalam ${audience.days} hari ` +
          "terakhir, atau semuanya sedang tidak ikut.",
        ...leftOut(audience),
      ),
    broadcastStatus: ({ minutes, goesOnAt, ...progress }) =>
      join(
        `*Siaran ${time(new Date(progress.startedAt))}*: ${stateNames[progress.state]}`,
        progress.pausedFor !== null && whyPaused[progress.pausedFor],
        ...counts(progress),
        progress.state === "running" && `Kira-kira ${minutes} menit lagi.`,
        progress.state === "running" && rests(goesOnAt),
        progress.state === "running" && `Jeda: ${siaran} jeda`,
        progress.state === "paused" && `Lanjutkan: ${siaran} lanjut`,
        ["running", "paused"].includes(progress.state) && `Hentikan: ${siaran} stop`,
      ),
    noBroadcast: () => join("Tidak ada siaran yang sedang berjalan.", "", "Buat siaran, misalnya:", example),
    broadcastStopped: (progress) =>
      join("Siaran dihentikan ✅ Yang belum terkirim ditarik.", ...counts(progress)),
    broadcastPaused: (progress) =>
      join(
        "Siaran dijeda ✅ Yang belum terkirim menunggu.",
        ...counts(progress),
        `Lanjutkan: ${siaran} lanjut`,
      ),
    broadcastResumed: ({ minutes, goesOnAt, ...progress }) =>
      join("Siaran dilanjutkan ✅", ...counts(progress), `Kira-kira ${minutes} menit lagi.`, rests(goesOnAt)),
    broadcastRests: ({ until }) =>
      join(
        `WhatsApp memberi peringatan, jadi toko tidak mengirim sampai ${time(until)}.`,
        `Siaran tetap dijeda. Sesudah itu: ${siaran} lanjut`,
      ),
    broadcastReport: ({ event, ...progress }) => {
      if (event === "finished") return join("*Siaran selesai* ✅", ...counts(progress))
      if (event === "quarter")
        return join("*Siaran berjalan*", ...counts(progress), `Berhenti: ${siaran} stop`)
      return join(
        "*Siaran dijeda otomatis*",
        whyPaused[progress.pausedFor ?? "operator"],
        ...counts(progress),
        `Lanjutkan kalau sudah aman: ${siaran} lanjut`,
        `Hentikan: ${siaran} stop`,
      )
    },
    broadcastProblem: (problem) => join(whatIsWrong(problem), "", "Contoh:", example),
    broadcastHelp: () =>
      join(
        `${siaran}, lalu teksnya di baris berikut: kirim ke pelanggan yang menulis dalam 30 hari terakhir`,
        `${siaran} hari 7, lalu teksnya: hanya yang menulis dalam 7 hari terakhir`,
        `${siaran} status: sudah sampai mana`,
        `${siaran} jeda, ${siaran} lanjut, ${siaran} stop`,
      ),
  }
}

const stateNames: Readonly<Record<BroadcastProgress["state"], string>> = {
  running: "sedang berjalan",
  paused: "dijeda",
  stopped: "dihentikan",
  finished: "selesai",
}

const whyPaused: Readonly<Record<NonNullable<BroadcastProgress["pausedFor"]>, string>> = {
  operator: "Dijeda oleh operator.",
  warning: "WhatsApp memberi peringatan karena terlalu banyak pesan. Beri jeda beberapa jam.",
  failures: "Lima pengiriman berturut-turut gagal. Periksa dulu sambungan toko, atau daftar pelanggannya.",
}

function counts({ total, sent, waiting, failed, leftOut, withdrawn }: BroadcastProgress): string[] {
  return [
    `Terkirim: ${sent} dari ${total}`,
    ...(waiting > 0 ? [`Menunggu: ${waiting}`] : []),
    ...(failed > 0 ? [`Gagal: ${failed}`] : []),
    ...(leftOut > 0 ? [`Dilewati (berhenti, diblokir, atau sedang dilayani orang): ${leftOut}`] : []),
    ...(withdrawn > 0 ? [`Ditarik: ${withdrawn}`] : []),
  ]
}

function leftOut({
  optedOut,
  personAnswers,
  hadOne,
}: Pick<BroadcastPreview, "optedOut" | "personAnswers" | "hadOne">): string[] {
  return [
    ...(optedOut > 0 ? [`Tidak ikut karena tidak mau: ${optedOut}`] : []),
    ...(personAnswers > 0 ? [`Tidak ikut karena sedang dilayani orang: ${personAnswers}`] : []),
    ...(hadOne > 0 ? [`Tidak ikut karena sudah dapat siaran dalam 24 jam: ${hadOne}`] : []),
  ]
}

function whatIsWrong(problem: BroadcastProblem): string {
  switch (problem.kind) {
    case "missing_text":
      return "Teks siarannya belum ada, jadi belum ada yang dikirim."
    case "text_too_long":
      return `Teks siarannya terlalu panjang: paling banyak ${problem.max} huruf. Belum ada yang dikirim.`
    case "days_out_of_range":
      return `Harinya 1 sampai ${problem.max}. Belum ada yang dikirim.`
  }
}
