import type { Database } from "./connect.ts"
import { grouped, type Outcome } from "./grouped.ts"
import { type KeyEntry, writeKeys } from "./whatsapp-keys.ts"
import { type SentContent, saveAllSent } from "./whatsapp-sent.ts"

/** What is written for every message, each write as if it was alone. */
export type WhatsAppWrites = Readonly<{
  writeKeys(epoch: number, entries: readonly KeyEntry[]): Promise<void>
  saveSent(epoch: number, sent: SentContent): Promise<Uint8Array>
}>

/** Lets what is written at the same moment share a commit. A round is stored, or fails, as a whole. */
export function groupWhatsAppWrites(database: Database): WhatsAppWrites {
  const keys = groupedByEpoch<readonly KeyEntry[], undefined>(async (epoch, items) => {
    await writeKeys(database, epoch, items.flat())
    return items.map(() => undefined)
  })
  const sent = groupedByEpoch((epoch, items: readonly SentContent[]) => saveAllSent(database, epoch, items))
  return { writeKeys: keys, saveSent: sent }
}

const limits = {
  itemsMax: 50,
  roundsMax: 1,
  // One message goes out to several devices, each encrypted a few promises later than the one before.
  soon: (round: () => void) => void setImmediate(round),
}

/** The epoch changes with the holder only, so a round has hardly ever two. */
function groupedByEpoch<Item, Result>(
  run: (epoch: number, items: readonly Item[]) => Promise<readonly Result[]>,
): (epoch: number, item: Item) => Promise<Result> {
  const together = grouped<{ epoch: number; item: Item }, Result>(async (asked) => {
    const outcomes: Outcome<Result>[] = []
    for (const epoch of new Set(asked.map((one) => one.epoch))) {
      const own = [...asked.entries()].filter(([, one]) => one.epoch === epoch)
      const items = own.map(([, { item }]) => item)
      const results = await run(epoch, items).catch((error: unknown) => items.map(() => asError(error)))
      for (const [order, [place]] of own.entries()) outcomes[place] = results[order] as Outcome<Result>
    }
    return outcomes
  }, limits)
  return (epoch, item) => together({ epoch, item })
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error("a round failed", { cause: thrown })
}
