import { children, type Stanza } from "./stanza.ts"

/** A stanza that came from a client: its outside, without what is encrypted. */
export type RecordedStanza = Readonly<{
  tag: string
  attributes: Readonly<Record<string, string>>
  children: readonly string[]
  at: Date
}>

/** The last stanzas from clients, for tests that look at typing, receipts and the like. */
export type StanzaRecord = Readonly<{
  add(node: Stanza, at: Date): void
  list(tag?: string): readonly RecordedStanza[]
}>

const limit = 5_000

export function createStanzaRecord(): StanzaRecord {
  const ring: RecordedStanza[] = []
  let next = 0
  return {
    add(node, at) {
      ring[next] = {
        tag: node.tag,
        attributes: node.attrs,
        children: children(node).map(({ tag }) => tag),
        at,
      }
      next = (next + 1) % limit
    },
    list(tag) {
      const inOrder = [...ring.slice(next), ...ring.slice(0, next)]
      return tag === undefined ? inOrder : inOrder.filter((one) => one.tag === tag)
    },
  }
}
