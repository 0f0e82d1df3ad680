import type { WarrantyRefusal } from "../shop/claim-warranty.ts"
import type { Texts } from "./texts/texts.ts"

/** Why a claim was not made good, and what to do. */
export function replyToWarranty(refusal: WarrantyRefusal, orderCode: string, say: Texts): string {
  switch (refusal.kind) {
    case "not_found":
      return say.orderNotFound({ orderCode })
    case "which":
      return say.warrantyWhich({ orderCode, units: refusal.units })
    case "over":
      return say.warrantyRefused({ kind: "over", orderCode, endedAt: new Date(refusal.endedAt) })
    default:
      return say.warrantyRefused({ ...refusal, orderCode })
  }
}
