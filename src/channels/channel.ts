/** A message as a customer sent it, before anything was decided about it. */
export type InboundMessage = Readonly<{
  /** The channel's own id, at most 128 characters; the same id is the same message. */
  id: string
  /** The customer's phone number, country code and digits only; `<digits>@lid` where it is not known. */
  from: string
  /** Their LID, `<digits>@lid`, when `from` is a number and it is known too. */
  lid?: string
  text: string
  name?: string
  /**
   * A file that came with it, as its channel describes it to itself: sealed, for `Channel.fetchDocument`.
   * Kept only of operators, and only until the message is answered.
   */
  document?: Uint8Array
}>

/** What stands in a file; or why it is not known. `failed` may work when the file is sent again. */
export type FetchedDocument =
  | Readonly<{ kind: "text"; text: string }>
  | Readonly<{ kind: "failed" | "too_large" | "not_text" | "not_utf8" }>

/** A message on its way to a customer. Sending it again under the same id must show it once. */
export type OutboundMessage = Readonly<{
  id: string
  /**
   * The customer's phone number; on the channel `whatsapp` the LID they were last seen under, `<digits>@lid`,
   * when one is known.
   */
  to: string
  text: string
  image?: Readonly<{ mimeType: string; base64: string }>
  inReplyTo?: string
  /** Absent for replies and notices, which never wait behind broadcasts. */
  lane?: "broadcast"
}>

/** What became of an inbound message. Only `accepted` and `duplicate` mean that it is stored. */
export type Acceptance =
  | Readonly<{ kind: "accepted" }>
  | Readonly<{ kind: "duplicate" }>
  | Readonly<{ kind: "busy" }>
  | Readonly<{ kind: "unavailable" }>

/**
 * Stores an inbound message and wakes whoever handles it. Idempotent by channel and message id. Never throws.
 */
export type Accept = (channel: string, message: InboundMessage) => Promise<Acceptance>

/** `failed` may be tried again under the same id; `refused` never will be accepted. The reason is for the log. */
export type SendOutcome =
  | Readonly<{ kind: "delivered" }>
  | Readonly<{ kind: "failed"; reason: string }>
  | Readonly<{ kind: "refused"; reason: string }>
  /** Nothing was tried, for a reason of the channel's own: it counts as no attempt. */
  | Readonly<{ kind: "untried" }>

/** One way for messages to come in and go out. */
export interface Channel {
  /** Stable, part of a message's identity: `gateway`, `console`, `try`. */
  readonly name: string
  /**
   * Hands one message over. Bounded in time by the channel itself; expected failures are outcomes, not
   * throws.
   */
  send(message: OutboundMessage): Promise<SendOutcome>
  /**
   * Reads a file that came with a message, as text. Bounded in time and size by the channel; works whether it
   * is connected or not. Absent: no files come in here.
   */
  fetchDocument?(document: Uint8Array): Promise<FetchedDocument>
  /**
   * False while it can send nothing, e.g. because it is not connected: messages wait in the database, and no
   * attempt is used up. Absent: always.
   */
  takes?(): boolean
  /**
   * The shop is about to stop: what still waits for its turn fails at once and goes back to the database,
   * what is on its way may arrive, and nothing more is taken in.
   */
  windDown?(): void
  /** Ends what the channel started. Idempotent. */
  stop(): Promise<void>
}
