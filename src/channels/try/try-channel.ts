import type { Channel, OutboundMessage } from "../channel.ts"

export type TryListener = (message: OutboundMessage) => void

/**
 * The browser chat's way out: what was said stays in the database, whoever is looking hears of it at once.
 */
export interface TryChannel extends Channel {
  /** Calls `listener` with each message to `number` from now on; returns how to end that. */
  listen(number: string, listener: TryListener): () => void
}

/** Every send is delivered at once, also when nobody looks: the page reads the history when it opens. */
export function createTryChannel(): TryChannel {
  const listeners = new Map<string, Set<TryListener>>()

  function listen(number: string, listener: TryListener): () => void {
    const own = listeners.get(number) ?? new Set()
    listeners.set(number, own.add(listener))
    return () => {
      own.delete(listener)
      if (own.size === 0 && listeners.get(number) === own) listeners.delete(number)
    }
  }

  return {
    name: "try",
    async send(message) {
      for (const listener of [...(listeners.get(message.to) ?? [])]) listener(message)
      return { kind: "delivered" }
    },
    async stop() {
      listeners.clear()
    },
    listen,
  }
}
