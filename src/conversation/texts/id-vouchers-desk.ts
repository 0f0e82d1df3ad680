import { formatRupiah } from "../../shop/money.ts"
import type { RulesRefusal, VoucherUse } from "../../shop/voucher-desk.ts"
import type { Voucher } from "../../shop/vouchers.ts"
import type { VoucherOption } from "../desk/voucher-rules.ts"
import type { VouchersProblem } from "../desk/vouchers.ts"
import { yesOrNo } from "./id-desk.ts"
import { conditions, voucherGives } from "./id-vouchers.ts"
import type { VouchersDeskTexts } from "./vouchers-desk-texts.ts"
import { join, lastMoment, oneLine, type Wording } from "./wording.ts"

export function vouchersDesk(wording: Wording): VouchersDeskTexts {
  const { desk, time } = wording
  const create = `${desk("voucherbaru")} HEMAT10 10% maks 20000 kuota 50 perorang 1 sampai 2026-12-31`
  const noSuchVoucher: VouchersDeskTexts["noSuchVoucher"] = () =>
    join("Voucher dengan kode itu tidak ada.", `Lihat semua: ${desk("vouchers")}`)
  return {
    vouchersHelp: () =>
      join(
        `${create}: buat voucher`,
        `${desk("vouchers")}: semua voucher dan pemakaiannya`,
        `${desk("vouchers")} HEMAT10: satu voucher`,
        `${desk("voucherubah")} HEMAT10 kuota 100: ubah batasnya`,
        `${desk("vouchertutup")} HEMAT10: akhiri`,
      ),
    vouchersProblem: ({ problem }) =>
      join(
        whatIsWrong(problem),
        "Belum ada yang diubah.",
        "",
        `Contoh: ${exampleFor(problem, wording, create)}`,
      ),
    voucherCreated: (made) => {
      if (made.kind === "created")
        return join(`Voucher *${made.voucher.code}* dibuat ✅`, ...facts(made.voucher, wording))
      if (made.kind === "exists")
        return join(
          `Voucher ${made.voucher.code} sudah ada, jadi tidak dibuat lagi:`,
          ...facts(made.voucher, wording),
          "",
          `Ubah batasnya: ${desk("voucherubah")} ${made.voucher.code} kuota 100`,
        )
      return join(refused(made), "Vouchernya belum dibuat.", `Contoh: ${create}`)
    },
    voucherChanged: ({ voucherCode, ...change }) => {
      switch (change.kind) {
        case "changed":
          return join(`Voucher *${voucherCode}* diubah ✅`, ...facts(change.voucher, wording))
        case "closed_before":
          return join(
            `Voucher ${voucherCode} sudah ditutup, jadi tidak bisa diubah.`,
            `Buat yang baru: ${create}`,
          )
        case "not_found":
          return noSuchVoucher()
        default:
          return join(refused(change), `Voucher ${voucherCode} tetap seperti semula.`)
      }
    },
    voucherToCreate: ({ code, discount, isTiny, isUnlimited }) => {
      const off = "percent" in discount ? `${discount.percent}%` : formatRupiah(discount.amount)
      return join(
        `Buat voucher *${code}* dengan potongan ${off}?`,
        isTiny &&
          "amount" in discount &&
          `Potongannya hanya ${off}. Kalau maksudnya persen: ${desk("voucherbaru")} ${code} ${discount.amount}%`,
        isUnlimited &&
          "Tanpa kuota, tanpa batas per orang, dan tanpa akhir: siapa pun bisa memakainya terus.",
        isUnlimited && `Dengan batas: tambahkan kuota 50 perorang 1 sampai 2030-12-31`,
        yesOrNo,
      )
    },
    voucherToClose: ({ voucher, held }) =>
      join(
        `Akhiri voucher *${voucher.code}*?`,
        ...facts(voucher, wording),
        held > 0 && `${held} pesanan yang belum dibayar tetap mendapat potongannya.`,
        "Sesudah itu tidak bisa dipakai lagi, dan tidak bisa dibuka kembali.",
        yesOrNo,
      ),
    voucherClosed: (closed) => {
      if (closed.kind === "not_found") return noSuchVoucher()
      return closed.kind === "closed"
        ? `Voucher ${closed.voucherCode} ditutup ✅ Terpakai ${uses(closed.voucher)}.`
        : `Voucher ${closed.voucherCode} memang sudah ditutup. Terpakai ${uses(closed.voucher)}.`
    },
    voucherList: ({ vouchers, left }) =>
      vouchers.length === 0
        ? join("Belum ada voucher.", `Buat yang pertama: ${create}`)
        : join(
            "*Voucher*",
            "",
            ...vouchers.map((voucher) =>
              join(
                `*${voucher.code}* ${voucherGives(voucher)}`,
                `Terpakai ${uses(voucher)}${voucher.closedAt === null ? "" : ", ditutup"}` +
                  `${voucher.endsAt === null ? "" : `, sampai ${time(lastMoment(voucher.endsAt))}`}`,
              ),
            ),
            "",
            left > 0 && `Masih ada ${left} voucher yang lebih lama.`,
            `Lihat satu: ${desk("vouchers")} ${vouchers[0]?.code ?? "KODE"}`,
          ),
    voucherReport: ({ voucher, held, given, lastUses, at }) =>
      join(
        `Voucher *${voucher.code}*${voucher.endsAt !== null && new Date(voucher.endsAt) <= at ? " (sudah lewat)" : ""}`,
        ...facts(voucher, wording),
        held > 0 && `${held} di antaranya menunggu pembayaran`,
        `Potongan yang sudah diberikan: ${formatRupiah(given)}`,
        lastUses.length > 0 && "\nPemakaian terakhir:",
        ...lastUses.map((use) => useLine(use, wording)),
      ),
    noSuchVoucher,
  }
}

function facts(voucher: Voucher, wording: Wording): readonly string[] {
  const { time } = wording
  return [
    voucherGives(voucher),
    ...conditions(voucher, wording),
    `Terpakai ${uses(voucher)}`,
    ...(voucher.closedAt === null ? [] : [`Ditutup ${time(new Date(voucher.closedAt))}`]),
  ]
}

function uses(voucher: Voucher): string {
  return voucher.usesMax === null
    ? `${voucher.uses} kali, tanpa batas`
    : `${voucher.uses} dari ${voucher.usesMax}`
}

const states: Readonly<Record<VoucherUse["state"], string>> = {
  held: "menunggu pembayaran",
  used: "terpakai",
  released: "dilepas, tidak dibayar",
}

function useLine({ orderCode, number, discount, state, at }: VoucherUse, { time }: Wording): string {
  return `${time(at)}: ${orderCode}, ${number ?? "tanpa nomor"}, ${formatRupiah(discount)}, ${states[state]}`
}

function refused(refusal: RulesRefusal): string {
  switch (refusal.kind) {
    case "cap_without_percent":
      return "Batas potongan (maks) hanya untuk voucher persen."
    case "unknown_products":
      return `Produk ini tidak ada: ${refusal.codes.join(", ")}.`
    case "unknown_category":
      return refusal.categories.length === 0
        ? "Belum ada produk yang berkategori."
        : `Kategori itu tidak ada. Yang ada: ${refusal.categories.map((name) => oneLine(name)).join(", ")}.`
    case "ends_before_it_begins":
      return "Hari terakhirnya sebelum hari mulainya."
    case "over_already":
      return "Hari terakhirnya sudah lewat."
    case "fewer_than_used":
      return `Kuotanya tidak bisa kurang dari yang sudah terpakai: ${refusal.uses}.`
  }
}

const optionNames: Readonly<Record<VoucherOption, string>> = {
  cap: "maks",
  minimum: "min",
  quota: "kuota",
  per_customer: "perorang",
  start: "mulai",
  end: "sampai",
  products: "produk",
  category: "kategori",
  audience: "untuk",
}

const optionExamples: Readonly<Record<VoucherOption, string>> = {
  cap: "maks 20000",
  minimum: "min 50000",
  quota: "kuota 50",
  per_customer: "perorang 1",
  start: "mulai 2026-12-01",
  end: "sampai 2026-12-31",
  products: "produk KOPI-1,FILM-1",
  category: "kategori Voucher",
  audience: "untuk reseller",
}

function whatIsWrong(problem: VouchersProblem): string {
  switch (problem.kind) {
    case "missing_code":
      return "Kode vouchernya belum disebut."
    case "malformed_code":
      return "Kode voucher ditulis tanpa spasi, 2 sampai 32 huruf, angka, titik atau garis."
    case "reserved_code":
      return "Kode itu tidak bisa dipakai, karena sudah berarti: lepas voucher. Pilih kode lain."
    case "missing_discount":
      return "Potongannya belum disebut: persen seperti 10%, atau jumlah seperti 5000."
    case "bad_discount":
      return "Potongannya belum terbaca. Tulis persen seperti 10%, atau jumlah seperti 5000."
    case "percent_out_of_range":
      return "Potongan persen harus 1% sampai 99%."
    case "discount_stays":
      return "Potongan voucher yang sudah ada tidak diubah, hanya batasnya. Untuk potongan lain, buat voucher baru."
    case "nothing_to_change":
      return "Belum disebut apa yang diubah: maks, min, kuota, perorang, mulai, sampai, produk, kategori, atau untuk."
    case "too_many_words":
      return "Perintahnya kepanjangan."
    case "missing_value":
      return `Sesudah ${optionNames[problem.option]} belum ada isinya.`
    case "bad_value":
      return `Isi ${optionNames[problem.option]} belum terbaca.`
    case "twice":
      return `${optionNames[problem.option]} disebut dua kali.`
  }
}

function exampleFor(problem: VouchersProblem, { desk }: Wording, create: string): string {
  switch (problem.kind) {
    case "missing_value":
    case "bad_value":
    case "twice":
      return `${optionExamples[problem.option]} (atau ${optionNames[problem.option]} bebas untuk tanpa batas)`
    case "nothing_to_change":
      return `${desk("voucherubah")} HEMAT10 kuota 100`
    case "too_many_words":
      return `${desk("vouchers")} HEMAT10`
    default:
      return create
  }
}
