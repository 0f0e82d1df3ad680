import type { Intent } from "../conversation/intent.ts"

/** How often one customer may ask for one thing. */
export type CommandLimit = Readonly<{ uses: number; windowMs: number }>

const minuteMs = 60_000

/** What is only read, and words that are answered with words. */
const reading: CommandLimit = { uses: 30, windowMs: minuteMs }
/** What operators do. */
const operating: CommandLimit = { uses: 60, windowMs: minuteMs }
/** What writes something small, or promises goods again. */
const writing: CommandLimit = { uses: 10, windowMs: minuteMs }

/** `answer`: to a question of the guided order; `blocked`: whatever is said by somebody who is. */
export type LimitedCommand = Exclude<Intent["kind"], "buy"> | "answer" | "blocked"

/** Of each command by itself. Buying has its own limit at the gate. */
export const commandLimits: Readonly<Record<LimitedCommand, CommandLimit>> = {
  menu: reading,
  help: reading,
  catalogue: reading,
  categories: reading,
  detail: reading,
  order: reading,
  address: writing,
  // A whole order is a dozen of them, with a change of mind.
  answer: { uses: 60, windowMs: minuteMs },
  blocked: { uses: 1, windowMs: 60 * minuteMs },
  balance: reading,
  // Asks a provider for a charge, or takes one of the few amounts of a static code.
  deposit: { uses: 3, windowMs: minuteMs },
  status: reading,
  history: reading,
  cancel: writing,
  language: writing,
  pay_demo: writing,
  // Each sends all goods of an order, which may be many.
  resend: { uses: 5, windowMs: minuteMs },
  // One unit at a time, of an order of many.
  warranty: reading,
  // Wider than the guesses that are allowed in it: those are counted in PostgreSQL, and pause for longer.
  voucher: { uses: 20, windowMs: minuteMs },
  restock: writing,
  receipt: reading,
  received: writing,
  stop_broadcasts: writing,
  start_broadcasts: writing,
  // Calls a person.
  person: { uses: 5, windowMs: minuteMs },
  bot: writing,
  thanks: reading,
  // Operators paste, list and decide in a row.
  desk: operating,
  desk_problem: operating,
  refund: operating,
  review: operating,
  invalid: reading,
  too_long: reading,
  empty: reading,
  no_words: reading,
  unknown: reading,
}
