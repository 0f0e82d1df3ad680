import { understand } from "../conversation/understand.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { answerWithin } from "../shop/answer-within.ts"
import { wantBroadcasts } from "../shop/send-broadcast.ts"
import type { Answer, ServingParts } from "./answer.ts"

/** Remembers whether a customer wants broadcasts. Who had never said stop only came in, and sees the menu. */
export async function serveBroadcastChoice(
  { shop, settings, texts }: ServingParts,
  message: ClaimedMessage,
  wanted: boolean,
): Promise<Answer> {
  const say = texts[message.language]
  const next = await answerWithin(shop, message, async (statements) => {
    const { userId, name } = message
    const isChange = await wantBroadcasts(statements, { userId, wanted })
    if (!wanted) return { text: say.noMoreBroadcasts() }
    if (isChange) return { text: say.broadcastsAgain() }
    return {
      text: say.menu({ shopName: settings.shopName, customerName: name || undefined }),
      step: "greeting",
    }
  })
  return { kind: "answered", next }
}

/** Whether this says that the customer wants no more broadcasts. */
export function wantsNoBroadcasts({ text }: ClaimedMessage, prefix: string): boolean {
  return understand(text, prefix).kind === "stop_broadcasts"
}
