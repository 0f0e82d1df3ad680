import type { Foundation } from "../../src/foundation.ts"
import type { CrowdProcess } from "./crowd-process.ts"
import type { CrowdOrder, CrowdResult } from "./customers.ts"
import { readEngineCounters, settleEngines } from "./engine-counters.ts"
import { cpuSecondsOf, processTree } from "./processes.ts"
import { round } from "./quantiles.ts"
import type { ShopProcess } from "./shop-process.ts"

export type FullPathResult = CrowdResult &
  Readonly<{
    /** Of one core, per message, in microseconds. */
    cpuMicroseconds: Readonly<{ shop: number; postgres: number; redis: number; generator: number }>
    commitsPerMessage: number
    walSyncsPerMessage: number
    walBytesPerMessage: number
  }>

/** Lets a crowd loose on the shop and measures what it got and what that cost. */
export async function measureFullPath(
  parts: { foundation: Foundation; crowd: CrowdProcess; shop: ShopProcess },
  order: Omit<CrowdOrder, "port">,
): Promise<FullPathResult> {
  const { foundation, crowd, shop } = parts
  await settleEngines(foundation)
  const countersBefore = await readEngineCounters(foundation)
  const cpuBefore = cpuSecondsOf(processTree(shop.pid))
  const result = await crowd.run({ ...order, port: shop.port })
  const cpuAfter = cpuSecondsOf(processTree(shop.pid))
  const countersAfter = await readEngineCounters(foundation)
  const each = (seconds: number) => Math.round((seconds * 1_000_000) / Math.max(1, result.messages))
  const perMessage = (count: number) => round(count / Math.max(1, result.messages))
  return {
    ...result,
    cpuMicroseconds: {
      shop: each(cpuAfter.shop - cpuBefore.shop),
      postgres: each(cpuAfter.postgres - cpuBefore.postgres),
      redis: each(cpuAfter.redis - cpuBefore.redis),
      generator: each(result.generatorCpuSeconds),
    },
    commitsPerMessage: perMessage(countersAfter.commits - countersBefore.commits),
    walSyncsPerMessage: perMessage(countersAfter.walSyncs - countersBefore.walSyncs),
    walBytesPerMessage: perMessage(countersAfter.walBytes - countersBefore.walBytes),
  }
}

/** Hits over all looks into the caches since the shop started. */
export async function readCacheHitRate(shop: ShopProcess): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${shop.port}/metrics`)).text()
  const counts = { hit: 0, miss: 0 }
  for (const [, result, count] of text.matchAll(
    /^lapak_cache_requests_total\{.*result="(hit|miss)".*\} ([0-9]+)/gm,
  ))
    counts[result === "hit" ? "hit" : "miss"] += Number(count)
  return round(counts.hit / Math.max(1, counts.hit + counts.miss), 4)
}
