import type { Rupiah } from "../../shop/money.ts"
import type { Voucher, VoucherRefusal } from "../../shop/vouchers.ts"
import type { PaymentMethod } from "../intent.ts"

/** Why a purchase was not made with a voucher. */
export type RefusedVoucher = Readonly<{
  reason: VoucherRefusal
  minTotal?: Rupiah | undefined
  total: Rupiah
}>

/** Discounts for the next purchase. */
export interface VoucherTexts {
  /** What it gives, and for what. */
  voucherChosen(choice: Readonly<{ voucher: Voucher }>): string
  /** The chosen one; `reason` is why it would give nothing now. */
  voucherKept(choice: Readonly<{ voucher: Voucher; reason: VoucherRefusal | null }>): string
  noVoucher(): string
  voucherDropped(choice: Readonly<{ voucherCode: string }>): string
  /** The code is well-formed, so it may be repeated. `pausedUntil`: too many were tried by now. */
  voucherUnknown(guess: Readonly<{ voucherCode: string; pausedUntil?: Date | undefined }>): string
  voucherPaused(pause: Readonly<{ until: Date }>): string
  /** A voucher that exists is not to be had by this customer now. */
  voucherNotChosen(refusal: Readonly<{ reason: VoucherRefusal; voucher: Voucher }>): string
  /** A purchase was not made: the chosen voucher gives nothing for it. Without it the price is `total`. */
  voucherRefused(
    refusal: RefusedVoucher &
      Readonly<{
        voucherCode: string
        code: string
        quantity: number
        method?: PaymentMethod | undefined
      }>,
  ): string
}
