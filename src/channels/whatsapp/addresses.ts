import { isHostedLidUser, isHostedPnUser, isLidUser, isPnUser, jidDecode } from "@whiskeysockets/baileys"

/** A customer as WhatsApp tells of them: by phone number, by WhatsApp's own id (LID), or by both. */
export type Person = Readonly<{
  /** A phone number, or `<digits>@lid` where the number is not known. */
  from: string
  /** `<digits>@lid`, when `from` is a number and the LID is known as well. */
  lid?: string
}>

/** Who stands behind these addresses; undefined when none is a person's. */
export function personOf(addresses: readonly (string | null | undefined)[]): Person | undefined {
  let number: string | undefined
  let lid: string | undefined
  for (const address of addresses) {
    const user = userOf(address)
    if (!address || !user) continue
    if ((isPnUser(address) || isHostedPnUser(address)) && /^[1-9][0-9]{6,14}$/.test(user)) number ??= user
    if ((isLidUser(address) || isHostedLidUser(address)) && /^[0-9]{5,20}$/.test(user)) lid ??= `${user}@lid`
  }
  if (number !== undefined) return { from: number, ...(lid === undefined ? {} : { lid }) }
  return lid === undefined ? undefined : { from: lid }
}

/** Where a message to a customer goes: `to` as in an outbound message. */
export function addressOf(to: string): string {
  return to.endsWith("@lid") ? to : `${to}@s.whatsapp.net`
}

/** The digits of an address, without device and server. */
export function userOf(address: string | null | undefined): string | undefined {
  return jidDecode(address ?? undefined)?.user
}
