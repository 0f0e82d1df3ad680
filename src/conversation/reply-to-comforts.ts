import type { AskedForRestock } from "../shop/restock-alerts.ts"
import type { ChosenVoucher } from "../shop/vouchers.ts"
import type { Texts } from "./texts/texts.ts"

/** What became of a voucher's code. */
export function replyToVoucher(chosen: ChosenVoucher, voucherCode: string, say: Texts): string {
  switch (chosen.kind) {
    case "chosen":
      return say.voucherChosen(chosen)
    case "refused":
      return say.voucherNotChosen(chosen)
    case "unknown": {
      const { pausedUntil } = chosen
      return say.voucherUnknown({
        voucherCode,
        pausedUntil: pausedUntil === null ? undefined : new Date(pausedUntil),
      })
    }
    case "paused":
      return say.voucherPaused({ until: new Date(chosen.until) })
  }
}

/** What became of the wish to hear of a product. */
export function replyToRestock(
  asked: AskedForRestock,
  wanted: Readonly<{ code: string; suggestions: readonly string[] }>,
  say: Texts,
): string {
  switch (asked.kind) {
    case "noted":
    case "noted_before":
      return say.restockNoted({ ...asked, before: asked.kind === "noted_before" })
    case "in_stock":
      return say.restockInStock(asked)
    case "too_many":
      return say.restockTooMany(asked)
    case "unknown_product":
      return say.productNotFound(wanted)
  }
}
