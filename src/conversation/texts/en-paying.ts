import { formatRupiah, type Rupiah } from "../../shop/money.ts"
import type { DepositRequest, EndedAs, PaidBy, PaidOrder, PaymentRequest } from "./texts.ts"
import { join, type Wording } from "./wording.ts"

/** How a balance is filled. */
export function topUp({ command, offersQris }: Wording, amount = 50_000): string {
  return offersQris
    ? `Top up: ${command("deposit")} ${amount}`
    : `Top up through the seller: ${command("person")}`
}

export const demoElsewhere = "A pretended payment is finished on the shop's own machine."

const paidBy: Readonly<Record<PaidBy, string>> = {
  saldo: "paid from your balance",
  qris: "paid by QRIS",
  online: "paid online",
}

/** What money was for: an order, or a top-up. */
export function paidFor(orderCode: string | null | undefined): string {
  return orderCode ? `order ${orderCode}` : "your top-up"
}

export function ended(endedAs: EndedAs | undefined): string {
  if (endedAs === "expired") return "its time"
  return endedAs === "cancelled" ? "it was cancelled" : "it was closed"
}

export function paidLine({ total, method, balanceAfter }: PaidOrder): string {
  const rest = balanceAfter === undefined ? "" : ` Balance left: ${formatRupiah(balanceAfter)}`
  return `Total ${formatRupiah(total)}, ${paidBy[method]}.${rest}`
}

export function by({ redirectUrl }: PaymentRequest | DepositRequest): string {
  return redirectUrl === undefined ? "by QRIS" : "online"
}

export function howToPay({ payUrl, redirectUrl, isDemo }: PaymentRequest | DepositRequest): string {
  if (redirectUrl !== undefined)
    return join(
      "Open this payment page, then choose how to pay:",
      redirectUrl,
      "QRIS works, and so does what else is offered there, such as bank transfer or an e-wallet.",
    )
  if (payUrl !== undefined) return join("Scan the QR, or open:", payUrl)
  if (isDemo) return demoElsewhere
  return join(
    "Scan the QR with any bank or e-wallet app.",
    "On this very phone? Save the picture, then open it from the gallery in your payment app.",
  )
}

export function exactTotal({ total, uniqueExtra }: PaymentRequest): string | false {
  return exactly(total, uniqueExtra, "comes back as balance")
}

export function exactDeposit({ amount, uniqueExtra }: DepositRequest): string | false {
  return exactly(amount, uniqueExtra, "is added to your balance, too")
}

function exactly(amount: Rupiah, extra: Rupiah | undefined, becomes: string): string | false {
  return (
    extra !== undefined &&
    join(
      `It has to be exactly *${formatRupiah(amount)}*, not a round sum: ` +
        `it includes a unique code of ${formatRupiah(extra)}, which ${becomes}.`,
      "If your app asks for the amount, type that one.",
    )
  )
}

export function whyOnline({ why, balance, redirectUrl }: PaymentRequest): string {
  if (redirectUrl !== undefined)
    return why === "balance_short"
      ? `Payment: online, because your balance (${formatRupiah(balance)}) is not enough.`
      : "Payment: online, by QRIS or another way you choose."
  if (why === "chosen") return "Payment: QRIS, as you chose."
  if (why === "only_method") return "Payment: QRIS."
  return `Payment: QRIS, because your balance (${formatRupiah(balance)}) is not enough.`
}
