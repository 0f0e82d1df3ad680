import type { Accept } from "../channel.ts"

/**
 * Sends each line as one message, waits for its answer, and so on until the lines end. A message that cannot
 * be stored is not lost silently: `refused` says why.
 */
export async function chat(given: {
  from: string
  lines: AsyncIterable<string>
  accept: Accept
  newId: () => string
  /** Waits until everything this customer sent is answered and every answer is printed. */
  settled: () => Promise<void>
  refused: (kind: "busy" | "unavailable") => void
  signal: AbortSignal
}): Promise<void> {
  for await (const line of given.lines) {
    if (given.signal.aborted) return
    const accepted = await given.accept("console", { id: given.newId(), from: given.from, text: line })
    if (accepted.kind === "busy" || accepted.kind === "unavailable") given.refused(accepted.kind)
    await given.settled()
  }
  await given.settled()
}
