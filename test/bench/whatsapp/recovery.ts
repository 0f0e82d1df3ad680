import type { Fault } from "./commands.ts"
import type { Stall } from "./stall.ts"

export type RecoveryReport = Readonly<{
  /** Milliseconds from the harm to the next answered message; what lasts, lasts `lastsMs` of them. */
  faults: readonly Readonly<{ fault: Fault; lastsMs: number; answeredAfterMs: number }>[]
  /** Milliseconds from `kill -9` of the connected one of two processes to an answer by the other. */
  takeoverMs: number
}>

const faults: readonly Readonly<{ fault: Fault; lastsMs: number }>[] = [
  { fault: "drop", lastsMs: 0 },
  { fault: "restart required", lastsMs: 0 },
  { fault: "refused upgrades", lastsMs: 3_000 },
  { fault: "freeze", lastsMs: 0 },
]

/**
 * Harms the connection in each way, with a customer who writes at that moment; last, kills the process. Each
 * harm is the first that a process meets: repeated failures are waited for longer.
 */
export async function measureRecovery(parts: {
  stall: Stall
  number: string
  say: (line: string) => void
}): Promise<RecoveryReport> {
  const { stall, number, say } = parts
  const { simulator } = stall
  const measured: { fault: Fault; lastsMs: number; answeredAfterMs: number }[] = []
  for (const { fault, lastsMs } of faults) {
    await stall.restart()
    await simulator.tell("ask", { number })
    const answeredAfterMs = Math.round(await simulator.tell("harm", { fault, lastsMs, number }))
    say(`${fault}: answered after ${answeredAfterMs} ms`)
    measured.push({ fault, lastsMs, answeredAfterMs })
  }
  await stall.restart()
  const other = await stall.open()
  try {
    await simulator.tell("ask", { number })
    const began = performance.now()
    await stall.shop().kill()
    await simulator.tell("ask", { number })
    return { faults: measured, takeoverMs: Math.round(performance.now() - began) }
  } finally {
    await other.stop()
  }
}
