import { areJidsSameUser, type BinaryNode } from "@whiskeysockets/baileys"
import { type Answers, isPrivate, type Me, type Received, readStanza } from "./read-message.ts"
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
  /** Aborted when the connection has ended: what is still decrypted comes again, and in its order. */
  gone: AbortSignal
}): Receiving {
  const stanzas = new WeakMap<Uint8Array, BinaryNode>()
  const recent = new Set<string>()

  const store = async (received: Received) => {
    if (parts.gone.aborted) throw new Error("the connection has ended: the message has to come again")
    if (received.kind === "ignored") return
    const id = nameOf(received)
    if (recent.has(id)) return
    await parts.onReceived(received)
    recent.add(id)
    const [oldest] = recent
    if (recent.size > recentMax && oldest !== undefined) recent.delete(oldest)
  }

  return {
    remember: (frame) => {
      if (frame instanceof Uint8Array || (frame.tag !== "message" && frame.tag !== "receipt")) return
      dropUnvouched(frame, parts.me())
      if (!Array.isArray(frame.content)) return
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

function nameOf(received: Exclude<Received, { kind: "ignored" }>): string {
  if (received.kind === "message") return `${received.message.from} ${received.message.id}`
  return `${received.to.from} ${received.id}`
}

const unvouched = [
  "participant",
  "participant_pn",
  "participant_lid",
  "peer_recipient_pn",
  "peer_recipient_lid",
] as const

/**
 * Takes off a stanza what the writer has no say in: in a private chat nobody writes but whom it comes from,
 * and addresses of a receiver tell nothing of the sender. Baileys would take both for the writer's own.
 */
function dropUnvouched({ attrs }: BinaryNode, me: Me | undefined): void {
  const { from } = attrs
  if (from === undefined || !isPrivate(from)) return
  if (areJidsSameUser(from, me?.id) || areJidsSameUser(from, me?.lid)) return
  for (const name of unvouched) delete attrs[name]
}
