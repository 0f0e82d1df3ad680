import type { Language } from "../intent.ts"
import { normalWord } from "../normal-words.ts"
import { type Changeable, changeablesLike, findChangeable } from "../texts/slots/slots.ts"
import { readTemplate, type TemplateProblem } from "../texts/slots/template.ts"
import type { DeskCommand, DeskWords } from "./desk-command.ts"
import { type NamedSetting, readSetting, type SettingProblem } from "./read-setting.ts"

/** What an owner asks for of how the shop speaks and behaves. */
export type HouseAsked = Readonly<{ room: "house" }> &
  (
    | Readonly<{ kind: "texts"; sought: string; page: number }>
    | Readonly<{ kind: "text"; key: string }>
    | Readonly<{ kind: "change_text"; key: string; language: Language; template: string }>
    | Readonly<{ kind: "restore_text"; key: string; language: Language }>
    | Readonly<{ kind: "settings" }>
    | Readonly<{ kind: "set"; setting: NamedSetting }>
  )

export type HouseProblem = Readonly<{ room: "house" }> &
  (
    | Readonly<{ kind: "unknown_text" }>
    | Readonly<{ kind: "unknown_language"; key: string }>
    | Readonly<{ kind: "missing_template"; key: string; language: Language }>
    | Readonly<{ kind: "template"; key: string; language: Language; problem: TemplateProblem }>
    | SettingProblem
  )

type Reading =
  | Readonly<{ kind: "asked"; asked: HouseAsked }>
  | Readonly<{ kind: "problem"; command: string; problem: HouseProblem }>

const languages: ReadonlyMap<string, Language> = new Map([
  ["id", "id"],
  ["indonesia", "id"],
  ["en", "en"],
  ["english", "en"],
  ["inggris", "en"],
])

const originalWords = new Set(["asli", "original", "reset", "semula"])
const pagesMax = 1_000

export const houseCommands: readonly DeskCommand[] = [
  { words: ["teks", "texts", "text"], least: "owner", takesLines: true, read: readTexts },
  { words: ["setelan", "settings", "setting", "pengaturan"], least: "owner", read: readSettingCommand },
]

function readTexts({ words, lines, behind }: DeskWords): Reading {
  const [first = "", second] = words
  const page = pageOf(first)
  if (words.length === 0 || (page !== undefined && words.length === 1))
    return asked({ room: "house", kind: "texts", sought: "", page: page ?? 1 })
  const found = findChangeable(first)
  if (!found) return search(first, second)
  const { key } = found
  if (second === undefined && lines.every((line) => line.trim() === ""))
    return asked({ room: "house", kind: "text", key })
  const language = languages.get(normalWord(second ?? ""))
  if (!language) return wrong("teks", { room: "house", kind: "unknown_language", key })
  return readChange(found, language, [behind(2), ...lines].join("\n"))
}

function readChange(found: Changeable, language: Language, text: string): Reading {
  const { key } = found
  const given = text.trim()
  if (originalWords.has(given.toLowerCase()))
    return asked({ room: "house", kind: "restore_text", key, language })
  if (given === "") return wrong("teks", { room: "house", kind: "missing_template", key, language })
  const read = readTemplate(text, found.text)
  if (read.kind === "refused")
    return wrong("teks", { room: "house", kind: "template", key, language, problem: read.problem })
  return asked({ room: "house", kind: "change_text", key, language, template: read.text })
}

function search(sought: string, page: string | undefined): Reading {
  if (changeablesLike(sought).length === 0) return wrong("teks", { room: "house", kind: "unknown_text" })
  return asked({ room: "house", kind: "texts", sought, page: pageOf(page ?? "1") ?? 1 })
}

function readSettingCommand({ words, behind }: DeskWords): Reading {
  if (words.length === 0) return asked({ room: "house", kind: "settings" })
  const read = readSetting(words, behind(1))
  return "kind" in read
    ? wrong("setelan", { room: "house", ...read })
    : asked({ room: "house", kind: "set", setting: read })
}

function pageOf(word: string): number | undefined {
  const page = /^[0-9]{1,4}$/.test(word) ? Number(word) : 0
  return page >= 1 && page <= pagesMax ? page : undefined
}

function asked(what: HouseAsked): Reading {
  return { kind: "asked", asked: what }
}

function wrong(command: string, problem: HouseProblem): Reading {
  return { kind: "problem", command, problem }
}
