import type { Account } from "./account.ts"
import type { Connection } from "./connection.ts"
import type { CustomerDevice } from "./customer.ts"
import type { Mailbox } from "./mailbox.ts"
import type { Problems } from "./problems.ts"
import type { Stanza } from "./stanza.ts"

/** Everything the pretended WhatsApp remembers. */
export type World = {
  readonly account: Account
  readonly problems: Problems
  readonly mailbox: Mailbox
  readonly clock: () => Date
  /** Customers by number and by LID. */
  readonly customers: Map<string, CustomerDevice>
  /** People whose devices the client was told of, by jid without device. */
  readonly told: Set<string>
  /** The logged-in client. */
  connection: Connection | undefined
  /** Answers that are expected from the client, by the id of what was asked. */
  readonly asked: Map<string, (answer: Stanza) => void>
  readonly newId: () => string
}

export function seconds(at: Date): string {
  return String(Math.floor(at.getTime() / 1000))
}
