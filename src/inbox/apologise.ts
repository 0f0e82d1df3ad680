import { createHash } from "node:crypto"
import type { Channel, InboundMessage } from "../channels/channel.ts"
import type { Texts } from "../conversation/texts/texts.ts"
import type { Log } from "../operations/log.ts"
import type { Language } from "../shop/customer.ts"

const quietMs = 60_000
const rememberedMax = 10_000

/** A message that is stored is answered later, and it is known whose it is. */
export type Unanswered = Readonly<{ state: "stored"; language: Language } | { state: "not_stored" }>

type Apologies = Readonly<Record<Language, Pick<Texts, "delayed" | "unavailable">>>

/**
 * Tells a customer that the shop is down for the moment. The one message that no transaction promised,
 * because there is no database to promise it in: it claims nothing that is not known, has an id that follows
 * from the message it answers and from what it says, and is said to a customer at most once a minute. To
 * somebody whose language is not known it is said in both.
 */
export function createApology(parts: {
  channels: readonly Channel[]
  say: () => Apologies
  clock: () => Date
  log: Log
}): (channel: string, message: InboundMessage, given: Unanswered) => Promise<void> {
  const saidAt = new Map<string, number>()
  const channels = new Map(parts.channels.map((channel) => [channel.name, channel]))
  return async (channelName, message, given) => {
    const channel = channels.get(channelName)
    const now = parts.clock().getTime()
    const to = message.lid ?? message.from
    if (!channel || now - (saidAt.get(to) ?? Number.NEGATIVE_INFINITY) < quietMs) return
    if (saidAt.size >= rememberedMax) saidAt.clear()
    saidAt.set(to, now)
    const id = `sorry-${createHash("sha256").update(`${channelName} ${message.id} ${given.state}`).digest("hex").slice(0, 32)}`
    const say = parts.say()
    const text =
      given.state === "stored"
        ? say[given.language].delayed()
        : `${say.id.unavailable()}\n\n${say.en.unavailable()}`
    try {
      await channel.send({ id, to, text, inReplyTo: message.id })
    } catch (error) {
      parts.log.warn("an apology could not be sent", { channel: channelName, error })
    }
  }
}
