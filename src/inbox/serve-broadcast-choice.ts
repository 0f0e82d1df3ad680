import { replyToMenu } from "../conversation/reply.ts"
import { understand } from "../conversation/understand.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { wantBroadcasts } from "../shop/send-broadcast.ts"
import type { Answer, ServingParts } from "./answer.ts"
import { answerByTheWay } from "./answer-by-the-way.ts"

/** Remembers whether a customer wants broadcasts. Who had never said stop only came in, and sees the menu. */
export async function serveBroadcastChoice(
  parts: ServingParts,
  message: ClaimedMessage,
  wanted: boolean,
): Promise<Answer> {
  const { settings } = parts
  const say = parts.texts[message.language]
  return await answerByTheWay(parts, message, async (statements) => {
    const isChange = await wantBroadcasts(statements, { userId: message.userId, wanted })
    if (!wanted) return { text: say.noMoreBroadcasts() }
    if (isChange) return { text: say.broadcastsAgain() }
    return { text: replyToMenu({ ...message, ...settings }, say), step: "greeting" }
  })
}

/** Whether this says that the customer wants no more broadcasts. */
export function wantsNoBroadcasts({ text }: ClaimedMessage, prefix: string): boolean {
  return understand(text, prefix).kind === "stop_broadcasts"
}
