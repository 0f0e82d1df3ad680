import type { OutboundMessage } from "../../src/channels/channel.ts"

/** What is known from outside at the end of a run, and a last look at the shop's books. Plain data. */
export type Evidence = Readonly<{
  customers: readonly CustomerEvidence[]
  /** What each unit that was put on sale costs, by its payload. */
  prices: ReadonlyMap<string, number>
  charges: readonly ChargeEvidence[]
  /** What the gateway saw done wrong: a bad signature, one message id with two contents. */
  gatewayProblems: readonly string[]
  /** What the shop did wrong as a process: it refused a message, it ended by itself. */
  shopProblems: readonly string[]
  /** What was still open when patience ended. */
  leftOpen: readonly string[]
  books: Books
}>

export type CustomerEvidence = Readonly<{
  number: string
  /** What was on the balance before the run. */
  openingBalance: number
  said: readonly Readonly<{ id: string; text: string; wasTaken: boolean }>[]
  /** What the gateway showed, each message once. */
  shown: readonly OutboundMessage[]
  /** What the answer to the last `.saldo` told; undefined when there was none. */
  toldBalance: number | undefined
}>

/** A charge as Midtrans and the bank know it. */
export type ChargeEvidence = Readonly<{
  reference: string
  /** Who paid it, having been shown it; undefined when nobody did. */
  number: string | undefined
  /** What came in by all its transactions; 0 when it was not paid. */
  received: number
  /** What went back through Midtrans. */
  refunded: number
}>

/** A refund that the books hold for done. */
export type RefundEvidence = Readonly<{
  number: string
  orderCode: string
  /** The charge it went back through; null when it went to the balance. */
  reference: string | null
  amount: number
}>

/** The last look at the database. */
export type Books = Readonly<{
  /** Everything `lapak audit` and the tests' own audit find wrong. */
  findings: readonly string[]
  ledgerSum: number
  unitsSold: number
  unitsHeld: number
  balances: ReadonlyMap<string, number>
  /** References of the charges the shop holds for paid. */
  paidCharges: readonly string[]
  /** But for goods whose money went back before they could be sent once more. */
  messagesGivenUp: number
  refunds: readonly RefundEvidence[]
  /** Messages whose answer was goods that were not sent any more, because their money had gone back. */
  answeredByRefund: readonly string[]
  /** Messages beyond the bound of those that wait for one customer, who is told once a minute. */
  refused: readonly string[]
}>
