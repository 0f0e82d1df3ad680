/** Chance that comes out the same for the same seed. */
export type Random = Readonly<{
  /** A whole number from `min` to `max`, both included. */
  between: (min: number, max: number) => number
  /** True in this share of the cases, 0 to 1. */
  happens: (share: number) => boolean
  pick: <Item>(items: readonly [Item, ...Item[]]) => Item
  /** A source of its own, whose draws depend on the seed and the name alone. */
  branch: (name: string) => Random
}>

export function randomFrom(seed: string): Random {
  const next = generator(hash(seed))
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    between,
    happens: (share) => next() < share,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    branch: (name) => randomFrom(`${seed}/${name}`),
  }
}

/** Mulberry32: 32 bits of state, numbers from 0 to below 1. */
function generator(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193)
  return value >>> 0
}
