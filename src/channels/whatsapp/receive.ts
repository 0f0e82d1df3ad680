import type { BinaryNode } from "@whiskeysockets/baileys"
import { type Answers, type Me, type Received, readStanza } from "./read-message.ts"
import type { OnDecrypted } from "./signal-repository.ts"

/** Stores what comes in before Baileys tells anybody that it came. */
export type Receiving = Readonly<{
  /** Every stanza, as it comes from the line: what is decrypted later is known by its ciphertext. */
  remember: (frame: BinaryNode | Uint8Array) => void
  onDecrypted: OnDecrypted
  /**
   * What Baileys tells of afterwards. Most was stored inside the transaction; what the phone had to send
   * anew in another way (advertisement chats) was not.
   */
  seen: (received: Received) => void
}>

const recentMax = 2_000

export function receiveInside(parts: {
  me: () => Me | undefined
  answers: Answers
  onReceived: (received: Received) => Promise<void>
  /** Ends the connection: what was not stored must come again. */
  fail: () => void
}): Receiving {
  const stanzas = new WeakMap<Uint8Array, BinaryNode>()
  const recent = new Set<string>()

  const store = async (received: Received) => {
    if (received.kind === "ignored") return
    const id = received.kind === "message" ? received.message.id : received.id
    if (recent.has(id)) return
    await parts.onReceived(received)
    recent.add(id)
    const [oldest] = recent
    if (recent.size > recentMax && oldest !== undefined) recent.delete(oldest)
  }

  return {
    remember: (frame) => {
      if (frame instanceof Uint8Array || frame.tag !== "message" || !Array.isArray(frame.content)) return
      for (const { content } of frame.content) {
        if (content instanceof Uint8Array) stanzas.set(content, frame)
      }
    },
    onDecrypted: async ({ ciphertext, padded }) => {
      const stanza = stanzas.get(ciphertext)
      const me = parts.me()
      const received = stanza && me && readStanza(stanza, padded, me, parts.answers)
      if (!received) return
      try {
        await store(received)
      } catch (error) {
        // Before Baileys asks for it again or says that it came: the line has to be gone by then.
        parts.fail()
        throw error
      }
    },
    seen: (received) => {
      store(received).catch(() => parts.fail())
    },
  }
}
