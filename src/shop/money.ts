/** Whole rupiah as a safe integer; may be negative where a movement is meant. Never a fraction. */
export type Rupiah = number & { readonly [unit]: "rupiah" }

declare const unit: unique symbol

/** Throws on a fraction, on NaN and beyond what a number holds exactly: those are bugs, not input. */
export function rupiah(amount: number | bigint): Rupiah {
  const number = Number(amount)
  if (!Number.isSafeInteger(number))
    throw new RangeError("an amount of money must be a whole number of rupiah")
  return number as Rupiah
}

/** `Rp 15.000`, as it is written in Indonesia; a negative amount as `-Rp 15.000`. */
export function formatRupiah(amount: Rupiah): string {
  const digits = String(Math.abs(amount)).replace(/\B(?=(\d{3})+$)/g, ".")
  return `${amount < 0 ? "-" : ""}Rp ${digits}`
}
