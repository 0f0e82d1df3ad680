import type { OutboundMessage } from "../../src/channels/channel.ts"
import type { Act } from "./plan-customers.ts"

/** Not an apology for being away: those are said beside the answers, and promise nothing. */
export function isAnswer({ id }: Pick<OutboundMessage, "id">): boolean {
  return !id.startsWith("sorry-")
}

/** The word, once a minute at most, that messages come faster than they are handled. */
export function isBusy(text: string): boolean {
  return /Toko sedang ramai|The shop is very busy/.test(text)
}

/** The word that money of an order is back: not its goods, nor that the money is on its way. */
export function isRefund(text: string): boolean {
  return (
    payloadsIn(text).length === 0 &&
    /^Dana Rp .* sudah dikembalikan (ke saldo|lewat)|^Rp .* went back (to your balance|the way)/m.test(text)
  )
}

/** Every amount a text names. */
export function amountsIn(text: string): number[] {
  const named = text.match(/Rp [0-9]{1,3}(\.[0-9]{3})*/g) ?? []
  return named.map((amount) => Number(amount.replace(/[^0-9]/g, "")))
}

/** The units a message brings, as `openStall` writes them. */
export function payloadsIn(text: string): string[] {
  return text.match(/[A-Z]+-payload-[0-9]+-secret/g) ?? []
}

export function orderCodesIn(text: string): string[] {
  return text.match(/LPK-[A-Z0-9]+/g) ?? []
}

/** The balance a reply to `.saldo` tells, in either language. */
export function balanceIn(text: string): number | undefined {
  const told = /\*(-?)Rp ([0-9.]+)\*/.exec(text)
  return told ? Number(`${told[1]}${told[2]?.replaceAll(".", "")}`) : undefined
}

/** The charge whose code a reply shows; undefined when it shows none. */
export function findCharge(
  charges: readonly Readonly<{ orderId: string; amount: number }>[],
  act: Act,
  reply: OutboundMessage,
): string | undefined {
  if (!reply.image) return undefined
  if (act.kind === "top_up")
    return charges.find(({ orderId, amount }) => orderId.startsWith("D") && amount === act.amount)?.orderId
  const [code] = orderCodesIn(reply.text)
  return charges.find(({ orderId }) => orderId.startsWith(`${code}-`))?.orderId
}
