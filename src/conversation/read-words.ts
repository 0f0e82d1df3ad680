import type { Intent, InvalidReason } from "./intent.ts"

/** What a command's words turned out to mean, or why they could not be read. */
export type Reading = Intent | { reason: InvalidReason }

const multipliers: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["rb", 1_000],
  ["ribu", 1_000],
  ["k", 1_000],
  ["jt", 1_000_000],
  ["juta", 1_000_000],
])

/**
 * A product's or an order's code. Letters are upper-cased only after the check: `ß` must not turn into `SS`.
 */
export function readCode(word: string): string | undefined {
  const code = word.replace(/^#/, "")
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(code) ? code.toUpperCase() : undefined
}

/** `50000`, `50.000`, `50rb`, `50k`, `Rp 50.000`, `Rp50.000,-`, `IDR 50000`; maybe below zero or far too much. */
export function amountOf(text: string): number | undefined {
  const pattern =
    /^(?:(?:rp|idr)\.? ?)?(-?(?:[0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3})*|[0-9]+))(?:,-)? ?([a-z]*)$/
  const [, digits = "", separator, suffix = ""] = pattern.exec(text.toLowerCase()) ?? []
  const multiplier = multipliers.get(suffix)
  if (digits === "" || multiplier === undefined || (separator && multiplier > 1)) return undefined
  return Number(digits.replace(/[.,]/g, "")) * multiplier
}
