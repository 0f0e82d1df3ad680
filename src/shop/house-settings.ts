import * as v from "valibot"
import { type Rupiah, rupiah } from "./money.ts"
import type { Hours } from "./quiet-hours.ts"

/** What an operator can set while the shop is open. Hours are of the shop's zone. */
export type HouseSettings = Readonly<{
  shopName: string
  /** The sign before a command; `/` and `!` always work, too. */
  prefix: string
  /** A name that both PostgreSQL and the runtime know: `Asia/Jakarta`. */
  zone: string
  /** From this hour until before that one, nobody is written to who did not ask; null is never. */
  quietHours: Hours | null
  /** When the owner gets the day's summary, 0 to 23; null is never. */
  summaryHour: number | null
  /** An order from this amount on is told to the owner. */
  largeOrder: Rupiah
  /** Percent of a product that may be held unpaid once its holds keep running out. */
  holdShare: number
  /** Stands below receipts. */
  receiptNote: string
}>

export type SettingName = keyof HouseSettings

/** Signs that neither WhatsApp nor a phone number makes anything of. */
export const prefixes = [".", "!", "/", "#"] as const

export const shopNameMax = 60
export const receiptNoteMax = 200
export const largeOrderMax = 1_000_000_000

const hour = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23))
const off = v.pipe(
  v.literal("off"),
  v.transform(() => null),
)
const lineOf = (charactersMax: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.check((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)),
    v.check((text) => [...text].length <= charactersMax),
  )

const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))

/** How each is stored: under which key of `settings`, and in what shape. */
const stored = {
  shopName: {
    key: "shop_name",
    schema: v.pipe(
      lineOf(shopNameMax),
      v.check((name) => /[\p{L}\p{N}]/u.test(name)),
    ),
  },
  prefix: { key: "prefix", schema: v.picklist(prefixes) },
  zone: { key: "zone", schema: v.pipe(v.string(), v.check(isZone)) },
  quietHours: {
    key: "quiet_hours",
    schema: v.union([
      off,
      v.pipe(
        v.object({ from: hour, to: hour }),
        v.check(({ from, to }) => from !== to),
      ),
    ]),
  },
  summaryHour: { key: "summary_hour", schema: v.union([off, hour]) },
  largeOrder: {
    key: "large_order",
    schema: v.pipe(
      whole(1, largeOrderMax),
      v.transform((amount): Rupiah => rupiah(amount)),
    ),
  },
  holdShare: { key: "hold_share", schema: whole(10, 100) },
  receiptNote: { key: "receipt_note", schema: lineOf(receiptNoteMax) },
} satisfies {
  readonly [Name in SettingName]: {
    key: string
    schema: v.GenericSchema<unknown, HouseSettings[Name]>
  }
}

export const defaultSettings: HouseSettings = {
  shopName: "Lapak",
  prefix: ".",
  zone: "Asia/Jakarta",
  quietHours: { from: 22, to: 6 },
  summaryHour: 21,
  largeOrder: rupiah(1_000_000),
  holdShare: 50,
  receiptNote: "",
}

export const settingNames = Object.keys(stored) as readonly SettingName[]

/** The keys under which settings are stored. */
export const settingKeys: readonly string[] = settingNames.map((name) => stored[name].key)

export function keyOfSetting(name: SettingName): string {
  return stored[name].key
}

/** What is stored for a setting: null is `off`. */
export function storedValue(value: HouseSettings[SettingName]): unknown {
  return value ?? "off"
}

/** Reads what is stored. What is missing or makes no sense is as it was at first. Never throws. */
export function settingsFrom(values: Readonly<Record<string, unknown>>): HouseSettings {
  const read = <Name extends SettingName>(name: Name) =>
    acceptedValue(name, values[stored[name].key]) ?? { value: defaultSettings[name] }
  return {
    shopName: read("shopName").value,
    prefix: read("prefix").value,
    zone: read("zone").value,
    quietHours: read("quietHours").value,
    summaryHour: read("summaryHour").value,
    largeOrder: read("largeOrder").value,
    holdShare: read("holdShare").value,
    receiptNote: read("receiptNote").value,
  }
}

/** A value in the shape it is stored in, when it is one this setting can have. */
export function acceptedValue<Name extends SettingName>(
  name: Name,
  value: unknown,
): Readonly<{ value: HouseSettings[Name] }> | undefined {
  const schema: v.GenericSchema<unknown, HouseSettings[SettingName]> = stored[name].schema
  const parsed = v.safeParse(schema, value)
  return parsed.success ? { value: parsed.output as HouseSettings[Name] } : undefined
}

/** By its name, not by an offset: PostgreSQL reads the sign of those the other way round. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)+$|^UTC$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== ""
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
