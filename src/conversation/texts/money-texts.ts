import type { Rupiah } from "../../shop/money.ts"
import type { RefundNotice, ReviewNotice } from "./desk-texts.ts"

/** Money that is not simply what was asked for, and money that goes back. */
export interface MoneyTexts {
  /** Stands behind the words of an order for which more than its price came. */
  surplusToBalance(order: Readonly<{ surplus: Rupiah }>): string
  paidTwice(order: Readonly<{ orderCode: string; amount: Rupiah; balance: Rupiah }>): string
  underpaid(order: Readonly<{ orderCode: string; asked: Rupiah; amount: Rupiah; balance: Rupiah }>): string
  /** By a refund in the provider's own panel, a chargeback or a denial; without an order it was a top-up. */
  paymentReversed(
    payment: Readonly<{
      orderCode?: string | null | undefined
      amount: Rupiah
      reversal: "refund" | "chargeback" | "denial"
      fromBalance: Rupiah
      balance: Rupiah
    }>,
  ): string
  /** Said to the owners. */
  reviewRaised(notice: ReviewNotice): string
  reviewCredited(credit: Readonly<{ amount: Rupiah; balance: Rupiah }>): string
  /** The money is back. */
  orderRefunded(refund: RefundNotice & Readonly<{ balance: Rupiah }>): string
  /** The provider is asked to send it back. */
  refundRequested(refund: RefundNotice): string
  refundFailed(refund: RefundNotice): string
}

/** Said to the owners, wherever they last wrote. */
export interface OperatorTexts {
  whatsappLoggedOut(): string
  whatsappReplaced(): string
  whatsappStopped(): string
  whatsappKeepsFailing(): string
  whatsappRests(rest: Readonly<{ minutes: number }>): string
}
