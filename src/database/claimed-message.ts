import type { Language, Role } from "../shop/customer.ts"
import type { InboxId, ProcessId, UserId } from "../shop/ids.ts"
import { type Rupiah, rupiah } from "../shop/money.ts"

/** A step that a customer is at, and what they said on the way. */
export type StoredConversation = Readonly<{ step: string; data: unknown; updatedAt: string }>

/** A stored message that one process holds, with what its handler needs to know of the customer. */
export type ClaimedMessage = Readonly<{
  inboxId: InboxId
  /** The process that holds it; answering under another one is refused. */
  owner: ProcessId
  channel: string
  messageId: string
  text: string
  /** 1 the first time; more when a process died or lost PostgreSQL while handling it. */
  attempts: number
  userId: UserId
  /** Null while only their LID is known. */
  number: string | null
  /** Where the message's channel reaches them: what `OutboundMessage.to` takes. */
  address: string
  name: string
  language: Language
  role: Role
  blocked: boolean
  /** A person answers in this chat: the shop is silent. */
  quiet: boolean
  /** As of the claim. */
  balance: Rupiah
  /** What the customer is in the middle of; none after half an hour of silence. */
  conversation: StoredConversation | null
  /** Grows with each change of the settings and the texts. */
  houseVersion: number
  /** When this process got hold of it, in milliseconds of its own clock. */
  heldSinceMs: number
}>

/** What the functions that claim a message answer. */
export type ClaimedRow = Readonly<{
  inbox_id: InboxId
  channel: string
  message_id: string
  text: string
  attempts: number
  user_id: UserId
  number: string | null
  address: string
  name: string
  language: Language
  role: Role
  blocked: boolean
  quiet: boolean
  balance: number
  conversation: StoredConversation | null
  house_version: number
}>

export function claimedMessage(row: ClaimedRow, owner: ProcessId): ClaimedMessage {
  return {
    inboxId: row.inbox_id,
    owner,
    channel: row.channel,
    messageId: row.message_id,
    text: row.text,
    attempts: row.attempts,
    userId: row.user_id,
    number: row.number,
    address: row.address,
    name: row.name,
    language: row.language,
    role: row.role,
    blocked: row.blocked,
    quiet: row.quiet,
    balance: rupiah(row.balance),
    conversation: row.conversation,
    houseVersion: row.house_version,
    heldSinceMs: performance.now(),
  }
}

/** The customer's next message out of a function's answer; null stands for none. */
export function nextMessage(
  row: ClaimedRow | null | undefined,
  owner: ProcessId,
): ClaimedMessage | undefined {
  return row?.inbox_id ? claimedMessage(row, owner) : undefined
}
