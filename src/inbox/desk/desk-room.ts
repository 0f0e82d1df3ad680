import type { DeskAsked, DeskProblem } from "../../conversation/desk/rooms.ts"
import type { Texts } from "../../conversation/texts/texts.ts"
import type { Conversation } from "../../database/answers.ts"
import type { ClaimedMessage } from "../../database/claimed-message.ts"
import type { Statements } from "../../database/connect.ts"
import type { WorkedReply } from "../../shop/answer-within.ts"
import type { Shop } from "../../shop/shop.ts"
import type { ToConfirm } from "./hold.ts"

/** What a room of the desk works with; `statements` are those of the transaction that answers the message. */
export type Desk = Readonly<{
  shop: Shop
  message: ClaimedMessage
  say: Texts
  /** Who does it, as the record keeps it. */
  actor: string
  /** Names this one request: the same when the message is handled again. */
  request: string
  statements: Statements
}>

/** What comes before something dangerous: the question whether it is meant, or why it can't be done. */
export type Preview =
  | (Readonly<{ kind: "ask" }> & ToConfirm)
  | Readonly<{ kind: "refuse"; text: string }>
  | Readonly<{ kind: "go" }>

/** What has to be got from elsewhere came, and is part of what is asked now; or why it did not come. */
export type Prepared<Asked> =
  | Readonly<{ kind: "ready"; asked: Asked }>
  | Readonly<{ kind: "refuse"; text: string; conversation?: Conversation | null }>

/** Serves what operators ask for in one room. */
export type DeskRoom<Asked = DeskAsked, Problem = DeskProblem> = Readonly<{
  /** Why the words of a command could not be read, with an example of how they can be. */
  explain(command: string, problem: Problem, say: Texts): string
  /** Before the transaction, for what may take long: gets what the message alone does not hold. */
  prepare?(given: Pick<Desk, "shop" | "message" | "say">, asked: Asked): Promise<Prepared<Asked>>
  /** Asked first and when it is agreed to, and changes nothing; a room without it does everything at once. */
  preview?(desk: Desk, asked: Asked): Promise<Preview>
  /** Does it. Only the database is touched; what is cached is forgotten `afterwards`. */
  act(desk: Desk, asked: Asked): Promise<WorkedReply>
}>
