import type { Held } from "../../conversation/desk/confirm.ts"
import type { DeskAsked } from "../../conversation/desk/rooms.ts"
import type { ClaimedMessage } from "../../database/claimed-message.ts"
import { answerWithin, type WorkedReply } from "../../shop/answer-within.ts"
import type { Answer, ServingParts } from "../answer.ts"
import type { Desk } from "./desk-room.ts"
import { askUnlessConfirmed } from "./hold.ts"
import { roomOf } from "./rooms.ts"

/**
 * Does what an operator asks for, and says what was done, in one transaction. What is dangerous is done only
 * once it is `confirmed`; until then the command is held in the conversation. A question of an order that is
 * open stands below, unless another one takes its place.
 */
export async function serveDesk(
  { shop, texts, settings, prepareBelow }: ServingParts,
  message: ClaimedMessage,
  given: DeskAsked,
  { confirmed }: { confirmed: Held | undefined },
): Promise<Answer> {
  const room = roomOf(given)
  const say = texts[message.language]
  const prepared = await room.prepare?.({ shop, message, say }, given)
  if (prepared?.kind === "refuse") return { ...prepared, kind: "say" }
  const asked = prepared?.asked ?? given
  const below = await prepareBelow?.()
  const next = await answerWithin(shop, message, async (statements) => {
    const desk: Desk = {
      shop,
      message,
      say,
      actor: actorOf(message),
      request: `M${message.inboxId}`,
      statements,
    }
    const reply = await serve(desk, asked, { confirmed, prefix: settings.prefix })
    return below ? await below(reply, statements) : reply
  })
  return { kind: "answered", next }
}

async function serve(
  desk: Desk,
  asked: DeskAsked,
  { confirmed, prefix }: { confirmed: Held | undefined; prefix: string },
): Promise<WorkedReply> {
  const room = roomOf(asked)
  const preview = (await room.preview?.(desk, asked)) ?? { kind: "go" as const }
  if (preview.kind === "refuse") return { text: preview.text, conversation: null }
  const question =
    preview.kind === "ask" ? askUnlessConfirmed(preview, confirmed, { ...desk, prefix }) : undefined
  return question ?? { conversation: null, ...(await room.act(desk, asked)) }
}

/** Who did it, as the record keeps it. */
export function actorOf({ userId }: ClaimedMessage): string {
  return `user:${userId}`
}
