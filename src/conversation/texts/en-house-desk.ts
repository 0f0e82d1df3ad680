import { type HouseSettings, prefixes, type SettingName, settingNames } from "../../shop/house-settings.ts"
import { formatRupiah } from "../../shop/money.ts"
import type { HouseProblem } from "../desk/house.ts"
import { settingWords } from "../desk/read-setting.ts"
import type { Language } from "../intent.ts"
import { yesOrNo } from "./en-desk.ts"
import type { HouseDeskTexts, ShownPlaceholder } from "./house-desk-texts.ts"
import type { TemplateProblem } from "./slots/template.ts"
import { join, type Wording } from "./wording.ts"

const languageNames: Readonly<Record<Language, string>> = { id: "Indonesian", en: "English" }

export function houseDesk({ desk }: Wording): HouseDeskTexts {
  const text = desk("texts")
  const setting = desk("settings")
  return {
    textList: ({ texts, sought, page, pages }) =>
      join(
        `*The shop's texts* (page ${page} of ${pages})`,
        ...texts.map(({ key, isChanged }) => (isChanged ? `${key} (changed)` : key)),
        "",
        `See one: ${text} ${texts[0]?.key ?? "menu"}`,
        page < pages && `Next page: ${text}${sought && ` ${sought}`} ${page + 1}`,
      ),
    textShown: ({ key, texts, placeholders, ways }) =>
      join(
        `*${key}*`,
        ...(["id", "en"] as const).flatMap((language) => [
          "",
          `*${languageNames[language]}* (${texts[language].isChanged ? "changed" : "original"})`,
          texts[language].template,
        ]),
        "",
        "*What can stand in it*",
        ...placeholders.map(placeholder),
        "",
        "*An example*",
        texts.en.example,
        "",
        ...(ways ?? [
          `Change it: ${text} ${key} en`,
          "with the new text on the lines below it, in the same message.",
          `Back to the original: ${text} ${key} en original`,
        ]),
      ),
    textPreview: ({ key, language, isRestored, example, bare }) =>
      join(
        isRestored
          ? `Let ${key} (${languageNames[language]}) be as it was at first? Customers will read:`
          : `Change ${key} (${languageNames[language]})? Customers will read:`,
        "",
        example,
        ...(bare === undefined ? [] : ["", "And where all that can be empty is:", "", bare]),
        "",
        yesOrNo,
      ),
    textChanged: ({ key, language }) =>
      join(
        `${key} (${languageNames[language]}) is changed, and said from now on ✅`,
        `Back to the original: ${text} ${key} ${language} original`,
      ),
    textRestored: ({ key, language }) => `${key} (${languageNames[language]}) is as it was at first again ✅`,
    textWasOriginal: ({ key, language }) =>
      `${key} (${languageNames[language]}) is the original already. Nothing was changed.`,
    settingList: (settings) =>
      join(
        "*The shop's settings*",
        ...settingNames.map((name) => `${settingWords[name].en}: ${shownValue(name, settings)}`),
        "",
        `Change one, for example: ${setting} name Budi Shop`,
      ),
    settingChanged: ({ name, settings }) =>
      join(
        `${settingWords[name].en} now: ${shownValue(name, settings)} ✅`,
        name === "prefix" && `Commands are written like this from now on: ${settings.prefix}menu`,
        `All settings: ${name === "prefix" ? `${settings.prefix}settings` : setting}`,
      ),
    houseProblem: (problem) => explain(problem, { text, setting }),
    houseHelp: () =>
      join(
        `${setting}: the shop's settings, for example ${setting} name Budi Shop`,
        `${text}: all texts of the shop; ${text} menu to see and change one`,
      ),
  }
}

function placeholder({ name, must, isLine, isBlock, example }: ShownPlaceholder): string {
  const notes = [
    must === "appear" && "needed",
    must === "appear_once" && "needed, and only once",
    isBlock && "at most once",
    isLine && "its line goes when it is empty",
  ].filter((note) => note !== false)
  return `{${name}}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}: ${example}`
}

function shownValue(name: SettingName, settings: HouseSettings): string {
  const { quietHours, summaryHour } = settings
  switch (name) {
    case "quietHours":
      return quietHours ? `${clock(quietHours.from)} to ${clock(quietHours.to)}` : "off"
    case "summaryHour":
      return summaryHour === null ? "off" : clock(summaryHour)
    case "largeOrder":
      return formatRupiah(settings.largeOrder)
    case "holdShare":
      return `${settings.holdShare}%`
    case "receiptNote":
      return settings.receiptNote || "(empty)"
    default:
      return settings[name]
  }
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`
}

const settingExamples: Readonly<Record<SettingName, string>> = {
  shopName: "name Budi Shop (at most 60 characters)",
  prefix: `prefix ! (one of ${prefixes.join(" ")})`,
  zone: "zone Asia/Makassar, or zone WITA",
  quietHours: "quiethours 22 6, or quiethours off",
  summaryHour: "summary 21 (whole hours only), or summary off",
  largeOrder: "largeorder 1000000",
  holdShare: "holdshare 50 (percent, 10 to 100)",
  receiptNote: "receiptnote Thank you! (at most 200 characters), or receiptnote none",
}

function explain(problem: HouseProblem, { text, setting }: { text: string; setting: string }): string {
  switch (problem.kind) {
    case "unknown_text":
      return `There is no text of that name. See all of them: ${text}`
    case "unknown_language":
      return `Name the language, id or en. For example: ${text} ${problem.key} en`
    case "missing_template":
      return join(
        "The new text is missing. Write it on the lines below the command, in the same message.",
        `See what it is now: ${text} ${problem.key}`,
        `Back to the original: ${text} ${problem.key} ${problem.language} original`,
      )
    case "template":
      return join(
        `The text was not changed. ${whatIsWrong(problem.problem)}`,
        `What can stand in it: ${text} ${problem.key}`,
      )
    case "unknown_setting":
      return join(
        "There is no setting of that name.",
        `There are: ${settingNames.map((name) => settingWords[name].en).join(", ")}`,
        `See their values: ${setting}`,
      )
    case "setting_value":
      return `I can't read that value, so nothing was changed. For example: ${setting} ${settingExamples[problem.name]}`
  }
}

function whatIsWrong(problem: TemplateProblem): string {
  switch (problem.kind) {
    case "empty":
      return "The new text is empty."
    case "too_long":
      return `The new text is too long: at most ${problem.max} characters.`
    case "too_many":
      return `There are too many placeholders: at most ${problem.max}.`
    case "unknown":
      return `This text does not know: ${quoted(problem.names)}.`
    case "stray_brace":
      return "The signs { and } are for placeholders like {prefix} only, and one of them is not complete."
    case "missing":
      return `What it needs is missing: ${quoted(problem.names)}.`
    case "repeated":
      return `What may stand there only once stands there more often: ${quoted(problem.names)}.`
    case "hidden":
      return `${quoted(problem.beside)} can be empty, and its line goes then. Put it on another line than ${quoted(problem.names)}.`
  }
}

function quoted(names: readonly string[]): string {
  return names
    .slice(0, 10)
    .map((name) => `{${name.slice(0, 40)}}`)
    .join(", ")
}
