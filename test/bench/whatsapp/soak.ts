import { memoryOfProcess } from "../processes.ts"
import { latencyOf, round } from "../quantiles.ts"
import type { Stall } from "./stall.ts"

type Memory = Readonly<{ afterMessages: number; pssMiB: number; rssMiB: number }>

export type SoakReport = Readonly<{
  messages: number
  seconds: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  lost: number
  surplus: number
  errors: number
  examples: readonly string[]
  /** Of the shop's process alone. */
  samples: readonly Memory[]
  /** After some seconds without a message: at the end of the warm-up, and of it all. */
  settled: readonly Memory[]
  /**
   * Between those two, and by the straight line that fits the samples best, which go up and down by
   * megabytes.
   */
  growthBytesPerMessage: Readonly<{ settled: number; line: number }>
}>

const atOnce = 20
const stepMessages = 1_000
const warmUpMessages = 2_000
const texts = [".saldo", ".produk", ".menu", ".riwayat"]
const settlingMs = 15_000
const bytesPerMib = 1_048_576

/** Many messages from many customers, and what the shop's process keeps of them. */
export async function soak(parts: {
  stall: Stall
  crowd: Readonly<{ firstNumber: number; customers: number }>
  messages: number
  say: (line: string) => void
}): Promise<SoakReport> {
  const { stall, crowd, say } = parts
  const { pid } = stall.shop()
  const samples: Memory[] = []
  const settled: Memory[] = []
  const durationsMs: number[] = []
  const examples: string[] = []
  let [seconds, lost, surplus, errors, sent] = [0, 0, 0, 0, 0]
  while (sent < parts.messages) {
    const messagesMax = Math.min(stepMessages, parts.messages - sent)
    const order = { ...crowd, atOnce, texts, answerPattern: "", durationMs: 600_000, messagesMax }
    const result = await stall.simulator.tell("crowd", order)
    sent += messagesMax
    durationsMs.push(...result.durationsMs)
    examples.push(...result.examples)
    seconds += result.seconds
    lost += result.lost
    surplus += result.surplus
    errors += result.errors
    const sample = sampleOf(pid, sent)
    samples.push(sample)
    say(`${sent} messages: ${sample.pssMiB} MiB`)
    if (sent !== warmUpMessages && sent < parts.messages) continue
    await Bun.sleep(settlingMs)
    settled.push(sampleOf(pid, sent))
  }
  const steady = samples.filter(({ afterMessages }) => afterMessages >= warmUpMessages)
  return {
    messages: sent,
    seconds: round(seconds),
    ...latencyOf(durationsMs),
    lost,
    surplus,
    errors,
    examples: examples.slice(0, 3),
    samples,
    settled,
    growthBytesPerMessage: { settled: slope(settled), line: slope(steady) },
  }
}

function sampleOf(pid: number, afterMessages: number): Memory {
  const { pssMiB, rssMiB } = memoryOfProcess(pid)
  return { afterMessages, pssMiB: round(pssMiB, 1), rssMiB: round(rssMiB, 1) }
}

/** Bytes of a message, of the line with the least squares; 0 with fewer than two points. */
function slope(samples: readonly Memory[]): number {
  const points = samples.map(({ afterMessages, pssMiB }) => [afterMessages, pssMiB * bytesPerMib] as const)
  const mean = (values: readonly number[]) =>
    values.reduce((total, value) => total + value, 0) / values.length
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const spread = points.reduce((total, [x]) => total + (x - meanX) ** 2, 0)
  const together = points.reduce((total, [x, y]) => total + (x - meanX) * (y - meanY), 0)
  return spread === 0 || points.length < 2 ? 0 : Math.round(together / spread)
}
