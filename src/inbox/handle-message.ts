import { understand } from "../conversation/understand.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { errorCode, isUnavailable } from "../database/connect.ts"
import { finishQuietly, takeChatBack } from "../database/quiet-chats.ts"
import type { NoteError } from "../operations/note-errors.ts"
import type { House } from "../shop/house.ts"
import { refuseBroadcasts } from "../shop/send-broadcast.ts"
import { answerEnvelope, handOver } from "../shop/shop.ts"
import type { Answer, ServingParts } from "./answer.ts"
import type { HandleMessage } from "./inbox.ts"
import { wantsNoBroadcasts } from "./serve-broadcast-choice.ts"
import { serveMessage } from "./serve-message.ts"

export type HandlerParts = Pick<ServingParts, "shop" | "payUrl"> &
  Readonly<{
    house: House<ServingParts["texts"]>
    newReference: () => string
    noteError: NoteError
    onHandled: (handled: {
      channel: string
      outcome: "answered" | "failed" | "quiet"
      durationMs: number
      userId: number
    }) => void
  }>

/** Each process that dies or loses PostgreSQL while it has a message counts as one: they come in bursts. */
const attemptsMax = 30

/**
 * Makes the one place where a message becomes an intent, the intent a use case, and its outcome a promised
 * reply. An error of our own becomes a reply with a reference, under which the log has the cause. In a chat
 * where a person answers there is no reply at all.
 */
export function createMessageHandler(parts: HandlerParts): HandleMessage {
  return async (message) => {
    const report = (outcome: "answered" | "failed" | "quiet") =>
      parts.onHandled({
        channel: message.channel,
        outcome,
        durationMs: performance.now() - message.heldSinceMs,
        userId: message.userId,
      })
    if (message.quiet && !(await comesBack(parts, message))) {
      const { settings } = await parts.house.at(message.houseVersion)
      if (wantsNoBroadcasts(message, settings.prefix)) await refuseBroadcasts(parts.shop, message.userId)
      const next = await finishQuietly(parts.shop.database, message)
      report("quiet")
      return next
    }
    try {
      if (message.attempts > attemptsMax)
        throw new Error("a message could not be handled in several attempts")
      const next = await answerTo(parts, message)
      report("answered")
      return next
    } catch (error) {
      if (isUnavailable(error) || errorCode(error) === "LP001") throw error
      const reference = parts.newReference()
      parts.shop.log.error("a message failed", { reference, inboxId: message.inboxId, error })
      report("failed")
      const next = await say(parts, message, {
        kind: "say",
        text: parts.house.current().texts[message.language].failed({ reference }),
      })
      const { channel, userId } = message
      await parts.noteError({ operation: "handle_message", reference, error, channel, userId })
      return next
    }
  }
}

/** A customer's own `.lanjut` ends what their wish for a person began. */
async function comesBack({ shop, house }: HandlerParts, message: ClaimedMessage): Promise<boolean> {
  const { settings } = await house.at(message.houseVersion)
  const isWanted = understand(message.text, settings.prefix).kind === "bot"
  return isWanted && (await takeChatBack(shop.database, message.userId))
}

async function answerTo(parts: HandlerParts, message: ClaimedMessage): Promise<ClaimedMessage | undefined> {
  const { shop, payUrl, house } = parts
  const { settings, texts } = await house.at(message.houseVersion)
  const answer = await serveMessage({ shop, payUrl, settings, texts }, message)
  return answer.kind === "answered" ? answer.next : await say(parts, message, answer)
}

async function say(parts: HandlerParts, message: ClaimedMessage, reply: Extract<Answer, { kind: "say" }>) {
  const { shop } = parts
  const { promise, next } = await shop.answerMessage(message, reply)
  if (reply.step) shop.events.funnel(reply.step)
  const envelope = answerEnvelope(message, promise, { kind: "text", text: reply.text })
  handOver(shop, [[promise, { ...envelope, language: reply.language ?? envelope.language }]])
  return next
}
