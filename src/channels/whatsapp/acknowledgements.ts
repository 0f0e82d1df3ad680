import type { BinaryNode } from "@whiskeysockets/baileys"

/** What the server said of a message: taken, or refused with its code. */
export type Acknowledgement = Readonly<{ kind: "taken" }> | Readonly<{ kind: "refused"; code: string }>

/** Who waits for the server's word on a message. Only what it says counts as sent. */
export type Acknowledgements = Readonly<{
  /** Undefined when nothing was said in time. To be called before the message goes out. */
  expect(id: string, withinMs: number, gone: AbortSignal): Promise<Acknowledgement | undefined>
  /** A stanza `<ack class="message">`. */
  hear(stanza: BinaryNode): void
}>

export function createAcknowledgements(): Acknowledgements {
  const waiting = new Map<string, (said: Acknowledgement | undefined) => void>()
  return {
    expect: (id, withinMs, gone) => {
      const { promise, resolve } = Promise.withResolvers<Acknowledgement | undefined>()
      const end = () => resolve(undefined)
      const timer = setTimeout(end, withinMs)
      gone.addEventListener("abort", end, { once: true })
      waiting.set(id, resolve)
      if (gone.aborted) end()
      return promise.finally(() => {
        clearTimeout(timer)
        gone.removeEventListener("abort", end)
        if (waiting.get(id) === resolve) waiting.delete(id)
      })
    },
    hear: ({ attrs }) => {
      const { id = "", error } = attrs
      waiting.get(id)?.(error === undefined ? { kind: "taken" } : { kind: "refused", code: error })
    },
  }
}
