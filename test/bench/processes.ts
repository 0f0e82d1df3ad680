import { readdirSync, readFileSync } from "node:fs"

/** A process and all it started, as they are at this moment, by what they do. */
export type ProcessTree = Readonly<{
  shop: readonly number[]
  postgres: readonly number[]
  redis: readonly number[]
}>

export type CpuSeconds = Readonly<{ shop: number; postgres: number; redis: number }>

export type MemoryMiB = CpuSeconds & Readonly<{ total: number }>

const ticksPerSecond = 100
const kibPerMib = 1_024

/** The shop's process and its engines, which are its children. */
export function processTree(shopPid: number): ProcessTree {
  const parents = new Map<number, number>()
  for (const pid of livePids()) {
    const parent = statOf(pid)?.parent
    if (parent !== undefined) parents.set(pid, parent)
  }
  const descends = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && (parent === shopPid || descends(parent))
  }
  const below = [...parents.keys()].filter(descends)
  const named = (pattern: RegExp) => below.filter((pid) => pattern.test(commandOf(pid)))
  return { shop: [shopPid], postgres: named(/postgres/), redis: named(/redis|valkey/) }
}

/** What each part has used since it started, children that ended included. */
export function cpuSecondsOf(tree: ProcessTree): CpuSeconds {
  const sum = (pids: readonly number[]) =>
    pids.reduce((total, pid) => total + cpuTicks(pid), 0) / ticksPerSecond
  return { shop: sum(tree.shop), postgres: sum(tree.postgres), redis: sum(tree.redis) }
}

/** The proportional set size: what is shared is counted once over all who share it. */
export function memoryOf(tree: ProcessTree): MemoryMiB {
  const sum = (pids: readonly number[]) => pids.reduce((total, pid) => total + pssKib(pid), 0) / kibPerMib
  const parts = { shop: sum(tree.shop), postgres: sum(tree.postgres), redis: sum(tree.redis) }
  return { ...parts, total: parts.shop + parts.postgres + parts.redis }
}

/** Of one process alone: its share of what it shares, and everything it has in memory. */
export function memoryOfProcess(pid: number): Readonly<{ pssMiB: number; rssMiB: number }> {
  const rssKib = Number(/^VmRSS:\s+([0-9]+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
  return { pssMiB: pssKib(pid) / kibPerMib, rssMiB: rssKib / kibPerMib }
}

function livePids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number)
}

function cpuTicks(pid: number): number {
  return statOf(pid)?.ticks ?? 0
}

/** The fields of proc(5)'s stat, counted behind the name in parentheses, which may hold anything. */
function statOf(pid: number): { parent: number; ticks: number } | undefined {
  const text = read(`/proc/${pid}/stat`)
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ")
  if (fields.length < 15) return undefined
  const ticks = [11, 12, 13, 14].reduce((total, place) => total + Number(fields[place]), 0)
  return { parent: Number(fields[1]), ticks }
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll("\0", " ")
}

function pssKib(pid: number): number {
  return Number(/^Pss:\s+([0-9]+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
}

/** A process may end between being seen and being read. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}
