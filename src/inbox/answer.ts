import type { Texts } from "../conversation/texts/texts.ts"
import type { PayUrl } from "../conversation/write-words.ts"
import type { Conversation } from "../database/answers.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import type { Statements } from "../database/connect.ts"
import type { WorkedReply } from "../shop/answer-within.ts"
import type { Language } from "../shop/customer.ts"
import type { HouseSettings } from "../shop/house-settings.ts"
import type { Shop } from "../shop/shop.ts"

/** What those who serve a message work with. */
export type ServingParts = Readonly<{
  shop: Shop
  settings: HouseSettings
  texts: Readonly<Record<Language, Texts>>
  payUrl: PayUrl
  /** What has to stand below a reply; absent where no question is open. */
  prepareBelow?: (() => Promise<Below>) | undefined
}>

/** Puts the question that is open below a reply, with what the statements of its transaction see. */
export type Below = (reply: WorkedReply, statements: Statements) => Promise<WorkedReply>

export type FunnelStep = "greeting" | "catalogue"

/** Words to answer with, or word that the use case has answered by itself. */
export type Answer =
  | Readonly<{
      kind: "say"
      text: string
      step?: FunnelStep | undefined
      language?: Language
      /** What the customer is in the middle of from now on: null is nothing, absence leaves it as it is. */
      conversation?: Conversation | null
    }>
  | Readonly<{ kind: "answered"; next: ClaimedMessage | undefined }>

export function saying(text: string, step?: FunnelStep): Answer {
  return { kind: "say", text, step }
}
