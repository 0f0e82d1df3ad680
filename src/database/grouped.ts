/**
 * Gathers what is asked while one round is under way into the next round, so that many small commits become
 * one. Each caller gets the result at its own place; when a round fails, each of its callers gets the error.
 * No timer: a lone call runs at once.
 */
export function grouped<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  { itemsMax, roundsMax }: { itemsMax: number; roundsMax: number },
): (item: Item) => Promise<Result> {
  type Waiting = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }
  const waiting: Waiting[] = []
  let rounds = 0

  const round = async () => {
    const batch = waiting.splice(0, itemsMax)
    try {
      const results = await run(batch.map(({ item }) => item))
      for (const [place, { resolve, reject }] of batch.entries()) {
        if (place in results) resolve(results[place] as Result)
        else reject(new Error("a grouped statement answered fewer items than it was asked"))
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      rounds -= 1
      startRound()
    }
  }
  const startRound = () => {
    if (rounds >= roundsMax || waiting.length === 0) return
    rounds += 1
    // A microtask later, so that calls made in the same breath share the round.
    queueMicrotask(round)
  }

  return (item) => {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    waiting.push({ item, resolve, reject })
    startRound()
    return promise
  }
}
