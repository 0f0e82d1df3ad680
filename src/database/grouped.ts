import type { ProcessId } from "../shop/ids.ts"
import { errorCode } from "./connect.ts"

/** What a round says of one item: its result, or why it alone failed. */
export type Outcome<Result> = Result | Error

/** How long one item of a round may wait for a row that somebody else holds. */
export type LockWait = "100ms" | "5s"

/** How many customers share a commit; more would make the first of them wait for the last. */
const itemsMax = 50
/** Rounds under way side by side. One: a second would only take the processor from the first. */
const roundsMax = 1
/** A row was held for too long, or two waited for each other crosswise. */
const metLock: readonly string[] = ["55P03", "40P01"]

/**
 * Gathers what is asked while rounds are under way into the next one, so that many small commits become one.
 * Each caller gets the result at its own place, or its own error; when a round fails as a whole, each of its
 * callers gets that. No timer: a lone call runs at once.
 */
export function grouped<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>,
  limits: { itemsMax: number; roundsMax: number; soon?: (round: () => void) => void } = {
    itemsMax,
    roundsMax,
  },
): (item: Item) => Promise<Result> {
  type Waiting = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }
  const { soon = queueMicrotask } = limits
  const waiting: Waiting[] = []
  let rounds = 0

  const round = async () => {
    const batch = waiting.splice(0, limits.itemsMax)
    try {
      const outcomes = await run(batch.map(({ item }) => item))
      for (const [place, { resolve, reject }] of batch.entries()) {
        const outcome = place in outcomes ? outcomes[place] : leftOut()
        if (outcome instanceof Error) reject(outcome)
        else resolve(outcome as Result)
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      rounds -= 1
      startRound()
    }
  }
  const startRound = () => {
    if (rounds >= limits.roundsMax || waiting.length === 0) return
    rounds += 1
    // A little later, so that calls made in the same breath share the round.
    soon(() => void round())
  }

  return (item) => {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    waiting.push({ item, resolve, reject })
    startRound()
    return promise
  }
}

/**
 * The same for what is claimed: a statement speaks for one claimer, so a round asks once for each there is.
 * An item that met a lock holds the others up but briefly: it is asked for again by itself, with patience.
 */
export function groupedByOwner<Item, Result>(
  ownerOf: (item: Item) => ProcessId,
  run: (owner: ProcessId, items: readonly Item[], lockWait: LockWait) => Promise<readonly Outcome<Result>[]>,
): (item: Item) => Promise<Result> {
  const together = grouped<Item, Result>(async (items) => {
    const outcomes: Outcome<Result>[] = []
    const owners = items.map(ownerOf)
    for (const owner of new Set(owners)) {
      const own = [...items.entries()].filter(([place]) => owners[place] === owner)
      const answered = await run(
        owner,
        own.map(([, item]) => item),
        "100ms",
      ).catch((error: unknown) => own.map(() => asError(error)))
      for (const [order, [place]] of own.entries()) outcomes[place] = answered[order] ?? leftOut()
    }
    return outcomes
  })
  const alone = async (item: Item): Promise<Result> => {
    const [outcome = leftOut()] = await run(ownerOf(item), [item], "5s")
    if (outcome instanceof Error) throw outcome
    return outcome
  }
  return async (item) => {
    try {
      return await together(item)
    } catch (error) {
      if (!metLock.includes(errorCode(error))) throw error
      return await alone(item)
    }
  }
}

/** Puts the rows of a function that numbers its results from 1 where they belong. */
export function atTheirPlaces<Row extends { place: number }, Result>(
  rows: readonly Row[],
  read: (row: Row) => Result,
): Result[] {
  const results: Result[] = []
  for (const row of rows) results[row.place - 1] = read(row)
  return results
}

/** An error with the SQLSTATE of one item that failed while its round went on. */
export function refusal(code: string): Error {
  return Object.assign(new Error(`PostgreSQL refused one of several: ${code}`), { code })
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error("a round failed", { cause: thrown })
}

function leftOut(): Error {
  return new Error("a round left an item out")
}
