import type { Problems } from "./problems.ts"
import type { KeyBundle } from "./signal-device.ts"
import { children, type Stanza, stanza } from "./stanza.ts"

/** How often something was sent to the client, and what ended it: a receipt's type or a refusal's code. */
export type Delivery = Readonly<{ deliveries: number; settledBy: string | undefined }>

/**
 * What is on its way to the client. Each stanza is kept until the client confirms it, and is delivered again,
 * marked as offline, at the next login.
 */
export type Mailbox = Readonly<{
  /** `again` encrypts the same message anew, for a client that could not read it. */
  put(node: Stanza, again?: Again): void
  /** For what is not repeated: sent at once, or when the client is back. */
  post(node: Stanza): void
  /** The client could not read it. Its refusal, which comes as well, then ends nothing. */
  askedAgain(chat: string, id: string): Again | undefined
  /** The client is there and takes messages. Everything unconfirmed is delivered. */
  open(send: (node: Stanza) => void): void
  close(): void
  /** A receipt from the client, of any type that says that it has the message; or its refusal. */
  settle(chat: string, id: string, by: string): void
  /** Sends a stanza again as it was, even if it is confirmed. */
  repeat(id: string): void
  delivery(id: string): Delivery | undefined
  waiting(): number
  /** The device is gone: what waited for it can't be read by another. */
  clear(): void
}>

export type Again = (keys: KeyBundle | "fresh keys") => Promise<Stanza>

type Item = {
  again: Again | undefined
  ignoredRefusals: number
  node: Stanza
  deliveries: number
  settledBy: string | undefined
}

/** Confirmed stanzas that are remembered, to tell a repeated receipt from an invented one. */
/** How `settle` is told of a refusal; its code follows. */
export const refused = "refused "

const settledLimit = 5_000
const postedLimit = 1_000

export function createMailbox(problems: Problems): Mailbox {
  const unsettled = new Map<string, Item>()
  const settled = new Map<string, Item>()
  const posted: Stanza[] = []
  let send: ((node: Stanza) => void) | undefined

  const find = (id: string) => {
    const isIt = ({ node }: Item) => node.attrs.id === id
    return [...unsettled.values()].find(isIt) ?? [...settled.values()].reverse().find(isIt)
  }
  const deliver = (item: Item, isOffline: boolean) => {
    if (!send) return
    item.deliveries += 1
    const { attrs } = item.node
    send(isOffline ? { ...item.node, attrs: { ...attrs, offline: "1" } } : item.node)
  }
  return {
    put(node, again) {
      const key = keyOf(node.attrs.recipient ?? node.attrs.from, node.attrs.id)
      const former = unsettled.get(key)
      const ignoredRefusals = former?.ignoredRefusals ?? 0
      const item = { node, again, ignoredRefusals, deliveries: former?.deliveries ?? 0, settledBy: undefined }
      unsettled.set(key, item)
      deliver(item, false)
    },
    post(node) {
      if (send) send(node)
      else if (posted.length < postedLimit) posted.push(node)
    },
    askedAgain(chat, id) {
      const key = keyOf(chat, id)
      const item = unsettled.get(key) ?? settled.get(key)
      if (!item) problems.note(`${id} of ${chat} was asked for again, but never sent`)
      else item.ignoredRefusals += 1
      return item?.again
    },
    open(newSend) {
      send = newSend
      const count = String(unsettled.size)
      if (unsettled.size > 0) {
        const preview = { count, message: count, appdata: "0", notification: "0", receipt: "0" }
        send(stanza("ib", {}, [stanza("offline_preview", preview)]))
      }
      for (const item of [...unsettled.values()]) deliver(item, true)
      for (const node of posted.splice(0)) send(node)
      send(stanza("ib", {}, [stanza("offline", { count })]))
    },
    close() {
      send = undefined
    },
    settle(chat, id, by) {
      const key = keyOf(chat, id)
      const item = unsettled.get(key)
      if (!item) {
        if (!settled.has(key)) problems.note(`a receipt (${by}) for ${id} of ${chat}, which was never sent`)
        return
      }
      if (by.startsWith(refused) && item.ignoredRefusals > 0) {
        item.ignoredRefusals -= 1
        return
      }
      item.settledBy = by
      unsettled.delete(key)
      settled.set(key, item)
      if (settled.size > settledLimit) settled.delete(settled.keys().next().value ?? key)
    },
    repeat(id) {
      const item = find(id)
      if (!item) throw new Error(`nothing with the id ${id} was sent, or it is long ago`)
      deliver(item, false)
    },
    delivery(id) {
      const item = find(id)
      return item && { deliveries: item.deliveries, settledBy: item.settledBy }
    },
    waiting: () => unsettled.size,
    clear() {
      unsettled.clear()
      posted.length = 0
    },
  }
}

/** The ids of a receipt: its own and those of its list. */
export function receiptIds(receipt: Stanza): string[] {
  const listed = children(receipt, "list").flatMap((list) => children(list, "item"))
  return [receipt.attrs.id, ...listed.map((item) => item.attrs.id)].filter((id) => id !== undefined)
}

function keyOf(chat: string | undefined, id: string | undefined): string {
  return `${withoutDevice(chat ?? "")}|${id ?? ""}`
}

export function withoutDevice(jid: string): string {
  return jid.replace(/:\d+@/, "@")
}
