import * as v from "valibot"
import type { Database } from "../database/connect.ts"
import { readSettings } from "../database/settings.ts"
import { type Rupiah, rupiah } from "./money.ts"
import type { Hours } from "./quiet-hours.ts"

/** When operators are told what. */
export type AlertSettings = Readonly<{
  zone: string
  /** Undefined: there are none. */
  quietHours: Hours | undefined
  /** Undefined: no summary. */
  summaryHour: number | undefined
  /** From this much on an order is a large one. */
  largeOrder: Rupiah
}>

const off = v.pipe(
  v.union([v.null(), v.picklist(["off", "none"])]),
  v.transform(() => undefined),
)
const hour = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23))
const zone = v.pipe(v.string(), v.check(isZone))
const amount = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.transform((value) => rupiah(value)),
)

/** What is not stored, or cannot be understood, is as it was at first. */
export async function readAlertSettings(database: Database): Promise<AlertSettings> {
  const stored = await readSettings(database, ["zone", "quiet_hours", "summary_hour", "large_order"])
  return {
    zone: v.parse(v.fallback(zone, "Asia/Jakarta"), stored.get("zone")),
    quietHours: v.parse(
      v.fallback(v.union([off, v.object({ from: hour, to: hour })]), { from: 22, to: 6 }),
      stored.get("quiet_hours"),
    ),
    summaryHour: v.parse(v.fallback(v.union([off, hour]), 21), stored.get("summary_hour")),
    largeOrder: v.parse(v.fallback(amount, rupiah(1_000_000)), stored.get("large_order")),
  }
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== ""
  } catch {
    return false
  }
}
