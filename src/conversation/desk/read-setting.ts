import {
  acceptedValue,
  type HouseSettings,
  prefixes,
  type SettingName,
  settingNames,
} from "../../shop/house-settings.ts"
import { normalWord } from "../normal-words.ts"
import { amountOf } from "../read-words.ts"

/** A setting and a value it can have. */
export type NamedSetting = {
  [Name in SettingName]: Readonly<{ name: Name; value: HouseSettings[Name] }>
}[SettingName]

export type SettingProblem =
  | Readonly<{ kind: "unknown_setting" }>
  | Readonly<{ kind: "setting_value"; name: SettingName }>

/** What operators call the settings; the first Indonesian and the first English name are shown. */
export const settingWords: Readonly<Record<SettingName, Readonly<{ id: string; en: string }>>> = {
  shopName: { id: "nama", en: "name" },
  prefix: { id: "prefix", en: "prefix" },
  zone: { id: "zona", en: "zone" },
  quietHours: { id: "jamtenang", en: "quiethours" },
  summaryHour: { id: "ringkasan", en: "summary" },
  largeOrder: { id: "pesananbesar", en: "largeorder" },
  holdShare: { id: "bagiantahan", en: "holdshare" },
  receiptNote: { id: "catatanstruk", en: "receiptnote" },
}

const offWords = new Set(["mati", "off", "tidak", "none", "kosong", "hapus", "-"])

const zoneWords: ReadonlyMap<string, string> = new Map([
  ["wib", "Asia/Jakarta"],
  ["wita", "Asia/Makassar"],
  ["wit", "Asia/Jayapura"],
])

/** Reads `nama Warung Budi`: a setting's name, and its new value, which is `typed` where it is free words. */
export function readSetting(
  words: readonly string[],
  typed = words.slice(1).join(" "),
): NamedSetting | SettingProblem {
  const [first = "", ...rest] = words
  const name = settingNamed(first)
  if (!name) return { kind: "unknown_setting" }
  const accepted = acceptedValue(name, meant(name, rest.join(" "), typed))
  if (rest.length === 0 || !accepted) return { kind: "setting_value", name }
  return { name, value: accepted.value } as NamedSetting
}

export function settingNamed(word: string): SettingName | undefined {
  const wanted = normalWord(word).replace(/[._-]/g, "")
  const wordsOf = (name: SettingName) => [settingWords[name].id, settingWords[name].en, name.toLowerCase()]
  const exact = settingNames.find((name) => wordsOf(name).includes(wanted))
  const begun = settingNames.filter((name) => wordsOf(name).some((word) => word.startsWith(wanted)))
  // Of a unique beginning nobody doubts what is meant.
  return exact ?? (wanted !== "" && begun.length === 1 ? begun[0] : undefined)
}

/** What the words say, in the shape it is stored in; whether it can be is for `acceptedValue` to say. */
function meant(name: SettingName, text: string, typed: string): unknown {
  const isOff = offWords.has(text.trim().toLowerCase())
  switch (name) {
    case "shopName":
      return typed
    case "prefix":
      return prefixes.find((prefix) => prefix === text)
    case "zone":
      return zoneNamed(text)
    case "quietHours":
      return isOff ? "off" : hoursOf(text)
    case "summaryHour":
      return isOff ? "off" : hourOf(text)
    case "largeOrder":
      return amountOf(text)
    case "holdShare":
      return /^[0-9]{1,3} ?%?$/.test(text) ? Number.parseInt(text, 10) : undefined
    case "receiptNote":
      return isOff ? "" : typed
  }
}

/** Named as everybody else names it: `asia/makassar` is `Asia/Makassar`. */
function zoneNamed(text: string): string | undefined {
  const known = zoneWords.get(text.toLowerCase())
  if (known || !acceptedValue("zone", text)) return known
  return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone
}

/** `22 6`, `22-6`, `22.00 - 06.00`. */
function hoursOf(text: string): Readonly<{ from: number; to: number }> | undefined {
  const [from, to, ...more] = text.split(/[\s–-]+|\bsampai\b|\bto\b/).filter((part) => part !== "")
  if (from === undefined || to === undefined || more.length > 0) return undefined
  const hours = { from: hourOf(from), to: hourOf(to) }
  return hours.from === undefined || hours.to === undefined ? undefined : { from: hours.from, to: hours.to }
}

/** `21`, `21.00`, `21:00`. */
function hourOf(text: string): number | undefined {
  const [, hour] = /^([0-9]{1,2})(?:[.:]00)?$/.exec(text.trim()) ?? []
  return hour === undefined ? undefined : Number(hour)
}
