/** What one crowd does: customers take turns, so many at once, each waiting for its answer. */
export type CrowdOrder = Readonly<{
  firstNumber: number
  customers: number
  atOnce: number
  /** The texts, by turns. */
  texts: readonly string[]
  /** What every good answer matches. What it catches is the goods: nobody may get the same. */
  answerPattern: string
  /** It ends with whichever comes first. */
  durationMs: number
  messagesMax: number
}>

export type CrowdResult = Readonly<{
  seconds: number
  /** From the stanza leaving the server to the decrypted answer, one for each answer. */
  durationsMs: number[]
  /** Messages nobody answered in time. */
  lost: number
  /** Answers beyond one a message. */
  surplus: number
  /** Answers that came once more under their own id, as phones never show them. */
  repeated: number
  /** Answers that were wrong, and what the server found wrong with the client. */
  errors: number
  /** The first few, for whoever has to find out why. */
  examples: readonly string[]
}>

export type Fault = "drop" | "refused upgrades" | "restart required" | "freeze" | "replaced"

/** What the simulator's process is asked, and what it answers. */
export type Commands = {
  /** The owner scans a QR code's text. */
  scan: { given: string; answer: null }
  connections: { given: null; answer: number }
  crowd: { given: CrowdOrder; answer: CrowdResult }
  /**
   * Does harm, and has a customer write at once. Milliseconds from the harm to the answer; what lasts is
   * lifted after `lastsMs`.
   */
  harm: { given: { fault: Fault; lastsMs: number; number: string }; answer: number }
  /** A customer writes; milliseconds to the answer. */
  ask: { given: { number: string }; answer: number }
}

export type CommandName = keyof Commands

export type CommandMessage = {
  [Name in CommandName]: { id: number; name: Name; given: Commands[Name]["given"] }
}[CommandName]

export type Told =
  | { kind: "ready"; environment: Record<string, string> }
  | { kind: "answer"; id: number; answer: unknown }
  | { kind: "failure"; id: number; reason: string }
