export type KeyedLock = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>

/** Runs work of one key after the other, work of different keys side by side. */
export function createKeyedLock(): KeyedLock {
  const lasts = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const before = lasts.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    lasts.set(key, mine)
    try {
      return await mine
    } finally {
      if (lasts.get(key) === mine) lasts.delete(key)
    }
  }
}

/** Takes several turns before the work. The keys have to be sorted, so that nobody waits crosswise. */
export function inEachTurn<Result>(
  inTurn: KeyedLock,
  keys: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const [first, ...others] = new Set(keys)
  return first === undefined ? work() : inTurn(first, () => inEachTurn(inTurn, others, work))
}
