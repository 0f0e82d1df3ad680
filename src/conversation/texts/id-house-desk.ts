import { type HouseSettings, prefixes, type SettingName, settingNames } from "../../shop/house-settings.ts"
import { formatRupiah } from "../../shop/money.ts"
import type { HouseProblem } from "../desk/house.ts"
import { settingWords } from "../desk/read-setting.ts"
import type { Language } from "../intent.ts"
import type { HouseDeskTexts, ShownPlaceholder } from "./house-desk-texts.ts"
import { yesOrNo } from "./id-desk.ts"
import type { TemplateProblem } from "./slots/template.ts"
import { join, type Wording } from "./wording.ts"

const languageNames: Readonly<Record<Language, string>> = { id: "Indonesia", en: "Inggris" }

export function houseDesk({ desk }: Wording): HouseDeskTexts {
  const text = desk("teks")
  const setting = desk("setelan")
  return {
    textList: ({ texts, sought, page, pages }) =>
      join(
        `*Teks toko* (halaman ${page} dari ${pages})`,
        ...texts.map(({ key, isChanged }) => (isChanged ? `${key} (diubah)` : key)),
        "",
        `Lihat satu: ${text} ${texts[0]?.key ?? "menu"}`,
        page < pages && `Berikutnya: ${text}${sought && ` ${sought}`} ${page + 1}`,
      ),
    textShown: ({ key, texts, placeholders, ways }) =>
      join(
        `*${key}*`,
        ...(["id", "en"] as const).flatMap((language) => [
          "",
          `*${languageNames[language]}* (${texts[language].isChanged ? "diubah" : "asli"})`,
          texts[language].template,
        ]),
        "",
        "*Yang bisa dipakai di dalamnya*",
        ...placeholders.map(placeholder),
        "",
        "*Contoh jadinya*",
        texts.id.example,
        "",
        ...(ways ?? [
          `Ubah: ${text} ${key} id`,
          "dengan teks barunya di baris-baris berikutnya, dalam pesan yang sama.",
          `Kembalikan ke asli: ${text} ${key} id asli`,
        ]),
      ),
    textPreview: ({ key, language, isRestored, example, bare }) =>
      join(
        isRestored
          ? `Kembalikan ${key} (${languageNames[language]}) ke teks asli? Pelanggan akan membaca:`
          : `Ubah ${key} (${languageNames[language]})? Pelanggan akan membaca:`,
        "",
        example,
        ...(bare === undefined ? [] : ["", "Kalau isian yang boleh kosong memang kosong:", "", bare]),
        "",
        yesOrNo,
      ),
    textChanged: ({ key, language }) =>
      join(
        `${key} (${languageNames[language]}) diubah, dan langsung dipakai ✅`,
        `Kembalikan ke asli: ${text} ${key} ${language} asli`,
      ),
    textRestored: ({ key, language }) => `${key} (${languageNames[language]}) kembali ke teks asli ✅`,
    textWasOriginal: ({ key, language }) =>
      `${key} (${languageNames[language]}) memang masih teks asli. Tidak ada yang diubah.`,
    settingList: (settings) =>
      join(
        "*Setelan toko*",
        ...settingNames.map((name) => `${settingWords[name].id}: ${shownValue(name, settings)}`),
        "",
        `Ubah, misalnya: ${setting} nama Warung Budi`,
      ),
    settingChanged: ({ name, settings }) =>
      join(
        `${settingWords[name].id} sekarang: ${shownValue(name, settings)} ✅`,
        name === "prefix" && `Perintah mulai sekarang ditulis begini: ${settings.prefix}menu`,
        `Semua setelan: ${name === "prefix" ? `${settings.prefix}setelan` : setting}`,
      ),
    houseProblem: (problem) => explain(problem, { text, setting }),
    houseHelp: () =>
      join(
        `${setting}: setelan toko, misalnya ${setting} nama Warung Budi`,
        `${text}: semua teks toko; ${text} menu untuk melihat dan mengubah satu`,
      ),
  }
}

function placeholder({ name, must, isLine, isBlock, example }: ShownPlaceholder): string {
  const notes = [
    must === "appear" && "wajib ada",
    must === "appear_once" && "wajib ada, sekali saja",
    isBlock && "paling banyak sekali",
    isLine && "barisnya hilang kalau kosong",
  ].filter((note) => note !== false)
  return `{${name}}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}: ${example}`
}

function shownValue(name: SettingName, settings: HouseSettings): string {
  const { quietHours, summaryHour } = settings
  switch (name) {
    case "quietHours":
      return quietHours ? `${clock(quietHours.from)} sampai ${clock(quietHours.to)}` : "mati"
    case "summaryHour":
      return summaryHour === null ? "mati" : clock(summaryHour)
    case "largeOrder":
      return formatRupiah(settings.largeOrder)
    case "holdShare":
      return `${settings.holdShare}%`
    case "receiptNote":
      return settings.receiptNote || "(kosong)"
    default:
      return settings[name]
  }
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, "0")}.00`
}

const settingExamples: Readonly<Record<SettingName, string>> = {
  shopName: "nama Warung Budi (paling banyak 60 karakter)",
  prefix: `prefix ! (pilihannya ${prefixes.join(" ")})`,
  zone: "zona Asia/Makassar, atau zona WITA",
  quietHours: "jamtenang 22 6, atau jamtenang mati",
  summaryHour: "ringkasan 21 (jam penuh saja), atau ringkasan mati",
  largeOrder: "pesananbesar 1000000",
  holdShare: "bagiantahan 50 (persen, 10 sampai 100)",
  receiptNote: "catatanstruk Terima kasih! (paling banyak 200 karakter), atau catatanstruk hapus",
}

function explain(problem: HouseProblem, { text, setting }: { text: string; setting: string }): string {
  switch (problem.kind) {
    case "unknown_text":
      return `Tidak ada teks dengan nama itu. Lihat semuanya: ${text}`
    case "unknown_language":
      return `Sebutkan bahasanya, id atau en. Contoh: ${text} ${problem.key} id`
    case "missing_template":
      return join(
        "Teks barunya belum ada. Tulis di baris-baris setelah perintahnya, dalam pesan yang sama.",
        `Lihat yang sekarang: ${text} ${problem.key}`,
        `Kembalikan ke asli: ${text} ${problem.key} ${problem.language} asli`,
      )
    case "template":
      return join(
        `Teksnya belum diubah. ${whatIsWrong(problem.problem)}`,
        `Yang bisa dipakai: ${text} ${problem.key}`,
      )
    case "unknown_setting":
      return join(
        "Tidak ada setelan dengan nama itu.",
        `Yang ada: ${settingNames.map((name) => settingWords[name].id).join(", ")}`,
        `Lihat isinya: ${setting}`,
      )
    case "setting_value":
      return `Nilainya belum terbaca, jadi tidak ada yang diubah. Contoh: ${setting} ${settingExamples[problem.name]}`
  }
}

function whatIsWrong(problem: TemplateProblem): string {
  switch (problem.kind) {
    case "empty":
      return "Teks barunya kosong."
    case "too_long":
      return `Teks barunya terlalu panjang, paling banyak ${problem.max} karakter.`
    case "too_many":
      return `Isian dalam kurungnya terlalu banyak, paling banyak ${problem.max}.`
    case "unknown":
      return `Isian ini tidak dikenal di teks ini: ${quoted(problem.names)}.`
    case "stray_brace":
      return "Tanda { dan } hanya untuk isian seperti {prefix}, dan ada yang tidak lengkap."
    case "missing":
      return `Yang wajib ada belum ada: ${quoted(problem.names)}.`
    case "repeated":
      return `Yang hanya boleh sekali ada lebih dari sekali: ${quoted(problem.names)}.`
    case "hidden":
      return `${quoted(problem.beside)} bisa kosong, lalu barisnya ikut hilang. Taruh di baris lain, jangan sebaris dengan ${quoted(problem.names)}.`
  }
}

function quoted(names: readonly string[]): string {
  return names
    .slice(0, 10)
    .map((name) => `{${name.slice(0, 40)}}`)
    .join(", ")
}
