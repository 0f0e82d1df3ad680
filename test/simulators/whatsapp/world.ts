import type { Account } from "./account.ts"
import type { Connection } from "./connection.ts"
import type { CustomerDevice } from "./customer.ts"
import type { Faults } from "./faults.ts"
import type { Mailbox } from "./mailbox.ts"
import type { Media } from "./media.ts"
import type { Problems } from "./problems.ts"
import type { StanzaRecord } from "./record.ts"
import type { Stanza } from "./stanza.ts"

/** Everything the pretended WhatsApp remembers. */
export type World = {
  readonly account: Account
  readonly problems: Problems
  readonly mailbox: Mailbox
  readonly media: Media
  readonly faults: Faults
  readonly record: StanzaRecord
  readonly clock: () => Date
  /** Customers by number and by LID. */
  readonly customers: Map<string, CustomerDevice>
  /** People whose devices the client was told of, by jid without device. */
  readonly told: Set<string>
  /** The logged-in client. */
  connection: Connection | undefined
  /** How often a login threw out another connection (440). */
  replacements: number
  /** Every version that a client announced, oldest first. */
  readonly versions: string[]
  /** Answers that are expected from the client, by the id of what was asked. */
  readonly asked: Map<string, (answer: Stanza) => void>
  readonly newId: () => string
}

export function seconds(at: Date): string {
  return String(Math.floor(at.getTime() / 1000))
}

/** The number as a LID: it looks nothing like a phone's, as the real ones do. */
export function lidOf(number: string): string {
  return `1${number.padStart(14, "0")}`
}
