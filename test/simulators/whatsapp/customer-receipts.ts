import type { CustomerDevice } from "./customer.ts"
import { bigEndian, stanza } from "./stanza.ts"
import { seconds, type World } from "./world.ts"

/** Tells the shop that its message is on the customer's phone. */
export function reportDelivered(address: string, id: string, world: World): void {
  world.connection?.send(stanza("receipt", { id, from: address, t: seconds(world.clock()) }))
}

export function reportRead(own: CustomerDevice, id: string, world: World): void {
  const from = addressFor(own, id)
  world.mailbox.post(stanza("receipt", { id, from, type: "read", t: seconds(world.clock()) }))
}

/** The retry receipt of a phone that could not decrypt a message; from the second on with its keys. */
export function askAgain(own: CustomerDevice, id: string, count: number, world: World): void {
  const t = seconds(world.clock())
  const [registration, ...keys] = own.device.keys()
  const content = [
    stanza("retry", { count: String(count), id, t, v: "1", error: "0" }),
    registration ?? stanza("registration", {}, bigEndian(own.device.registrationId, 4)),
  ]
  if (count > 1) content.push(stanza("keys", {}, keys))
  world.mailbox.post(stanza("receipt", { id, from: addressFor(own, id), type: "retry", t }, content))
}

export function giveTrustToken(own: CustomerDevice, token: Buffer, world: World): void {
  const t = seconds(world.clock())
  const attributes = { from: own.jid, sender_lid: own.lid, type: "privacy_token", id: world.newId(), t }
  const trusted = stanza("token", { type: "trusted_contact", t, jid: world.account.jid }, token)
  world.mailbox.post(stanza("notification", attributes, [stanza("tokens", {}, [trusted])]))
}

/** The address under which the shop wrote the message: its receipts come from there. */
function addressFor(own: CustomerDevice, id: string): string {
  return own.received.find(id)?.address ?? own.lid
}
