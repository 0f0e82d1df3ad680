import type { OutboundMessage } from "../channels/channel.ts"
import type { TryDependencies } from "./dependencies.ts"
import type { EventStream } from "./event-streams.ts"

/**
 * Tells the replies to `number` after the message `after`, then `ready`, then each new one. It listens before
 * it reads the past, so that nothing falls in between; what is in both is told once.
 */
export async function followReplies(
  stream: EventStream,
  replies: { number: string; after: string | undefined; tryIt: TryDependencies; clock: () => Date },
): Promise<void> {
  const { number, after, tryIt, clock } = replies
  const told = new Set<string>()
  const meanwhile: OutboundMessage[] = []
  let isCaughtUp = false
  const tell = ({ id, text, image, inReplyTo }: OutboundMessage, at: Date) =>
    stream.send({ name: "reply", id, data: { id, text, image, inReplyTo, at: at.getTime() } })
  stream.onEnd(
    tryIt.channel.listen(number, (message) => {
      if (isCaughtUp) tell(message, clock())
      else meanwhile.push(message)
    }),
  )
  for (const { message, at } of await tryIt.history(number, after)) {
    told.add(message.id)
    tell(message, at)
  }
  for (const message of meanwhile) if (!told.has(message.id)) tell(message, clock())
  isCaughtUp = true
  stream.send({ name: "ready", data: {} })
}
