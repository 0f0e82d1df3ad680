import { holdForConfirmation } from "../../conversation/desk/confirm.ts"
import type { DeskAsked } from "../../conversation/desk/rooms.ts"
import type { ClaimedMessage } from "../../database/claimed-message.ts"
import { answerWithin } from "../../shop/answer-within.ts"
import type { Answer, ServingParts } from "../answer.ts"
import type { Desk } from "./desk-room.ts"
import { roomOf } from "./rooms.ts"

/**
 * Does what an operator asks for, and says what was done, in one transaction. What is dangerous is done only
 * once it is `confirmed`; until then the command is held in the conversation.
 */
export async function serveDesk(
  { shop, texts }: ServingParts,
  message: ClaimedMessage,
  given: DeskAsked,
  { confirmed }: { confirmed: boolean },
): Promise<Answer> {
  const room = roomOf(given)
  const say = texts[message.language]
  const prepared = await room.prepare?.({ shop, message, say }, given)
  if (prepared?.kind === "refuse") return { ...prepared, kind: "say" }
  const asked = prepared?.asked ?? given
  const next = await answerWithin(shop, message, async (statements) => {
    const desk: Desk = {
      shop,
      message,
      say,
      actor: actorOf(message),
      request: `M${message.inboxId}`,
      statements,
    }
    const preview = confirmed || !room.preview ? { kind: "go" as const } : await room.preview(desk, asked)
    if (preview.kind === "refuse") return { text: preview.text, conversation: null }
    if (preview.kind === "ask") return { text: preview.text, conversation: holdForConfirmation(message.text) }
    return { conversation: null, ...(await room.act(desk, asked)) }
  })
  return { kind: "answered", next }
}

/** Who did it, as the record keeps it. */
export function actorOf({ userId }: ClaimedMessage): string {
  return `user:${userId}`
}
