/** One message of the shop as a customer has it on the phone. */
export type Received = Readonly<{
  id: string
  /** The customer's address it was sent to. */
  address: string
  text: string
  image: Readonly<{ mimeType: string; bytes: Buffer }> | undefined
  /** The id of the message that it quotes. */
  inReplyTo: string | undefined
  /** How often it arrived under this id. */
  times: number
  at: Date
}>

export type ReceivedMessages = Readonly<{
  list(): readonly Received[]
  find(id: string): Received | undefined
  /** Returns false when the id is known with other content. */
  add(message: Omit<Received, "times">): boolean
  /** The next message with a new id. */
  next(withinMs?: number): Promise<Received>
  /** The message with this id, once it came one more time. */
  again(id: string, withinMs?: number): Promise<Received>
  hears(matches: string | RegExp | ((message: Received) => boolean), withinMs?: number): Promise<Received>
}>

/** Messages kept for each customer; older ones are forgotten. */
const limit = 20_000
const generousMs = 120_000

type Waiter = { matches: (message: Received) => boolean; resolve: (message: Received) => void }

export function createReceived(): ReceivedMessages {
  const messages = new Map<string, Received>()
  const waiters = new Set<Waiter>()

  const wait = (matches: Waiter["matches"], what: string, withinMs: number) =>
    new Promise<Received>((resolve, reject) => {
      const waiter: Waiter = {
        matches,
        resolve(message) {
          clearTimeout(timer)
          waiters.delete(waiter)
          resolve(message)
        },
      }
      const timer = setTimeout(() => {
        waiters.delete(waiter)
        const heard = [...messages.values()].slice(-3).map(({ text }) => JSON.stringify(text.slice(0, 200)))
        reject(new Error(`the customer did not hear ${what}; heard last: ${heard.join(", ") || "nothing"}`))
      }, withinMs)
      waiters.add(waiter)
    })
  return {
    list: () => [...messages.values()],
    find: (id) => messages.get(id),
    add(message) {
      const known = messages.get(message.id)
      const now = { ...(known ?? message), times: (known?.times ?? 0) + 1 }
      messages.set(message.id, now)
      if (messages.size > limit) messages.delete(messages.keys().next().value ?? message.id)
      for (const waiter of [...waiters]) if (waiter.matches(now)) waiter.resolve(now)
      return !known || isSame(known, message)
    },
    next: (withinMs = generousMs) => wait(({ times }) => times === 1, "anything", withinMs),
    again: (id, withinMs = generousMs) =>
      wait((message) => message.id === id && message.times > 1, `${id} again`, withinMs),
    async hears(matches, withinMs = generousMs) {
      const test = matcher(matches)
      const heard = [...messages.values()].find(test)
      return heard ?? (await wait(test, String(matches), withinMs))
    },
  }
}

function isSame(one: Omit<Received, "times">, other: Omit<Received, "times">): boolean {
  const [image, otherImage] = [one.image?.bytes, other.image?.bytes]
  const hasSameImage = image && otherImage ? image.equals(otherImage) : image === otherImage
  return one.text === other.text && hasSameImage
}

function matcher(matches: string | RegExp | ((message: Received) => boolean)) {
  if (typeof matches === "function") return matches
  return ({ text }: Received) => (typeof matches === "string" ? text.includes(matches) : matches.test(text))
}
