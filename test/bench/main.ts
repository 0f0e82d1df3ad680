import { chmodSync, closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
import { availableParallelism, cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { readConfig } from "../../src/config.ts"
import { type Foundation, openFoundation } from "../../src/foundation.ts"
import { type CrowdProcess, startCrowd } from "./crowd-process.ts"
import { settleEngines } from "./engine-counters.ts"
import { measureFullPath, readCacheHitRate } from "./full-path.ts"
import { memoryOf, processTree } from "./processes.ts"
import { round } from "./quantiles.ts"
import { measureRawGate } from "./raw-gate.ts"
import { measureRawPurchases } from "./raw-purchases.ts"
import { type ShopProcess, startShop } from "./shop-process.ts"
import { goodsPattern, registerCustomers, stockProducts } from "./stock-the-shop.ts"

const customersAtOnce = 100
const products = 100
const purchasesPerCustomer = 3
const secret = "a secret of the measurement alone"
const idleMs = 2_000
const warmUpMs = 1_500
const rawMs = 3_000
const fullMs = 5_000
const browseMs = 2_000

/**
 * The first number of each crowd, and how many there are; more than it can need, or it says that it ran out.
 */
const crowds = {
  rawWarmUp: { firstNumber: 6_281_000_000_000, customers: 3_000 },
  rawSpread: { firstNumber: 6_281_100_000_000, customers: 14_000 },
  rawOne: { firstNumber: 6_281_200_000_000, customers: 8_000 },
  warmUp: { firstNumber: 6_281_300_000_000, customers: 1_200 },
  spread: { firstNumber: 6_281_400_000_000, customers: 4_000 },
  one: { firstNumber: 6_281_500_000_000, customers: 3_000 },
  browse: { firstNumber: 6_281_600_000_000, customers: 2_000 },
} as const

const say = (line: string) => void process.stderr.write(`${line}\n`)

async function measure(root: string, profileFolder: string | undefined): Promise<object> {
  const dataDir = join(root, "data")
  const crowd = await startCrowd()
  const environment = { GATEWAY_URL: `http://127.0.0.1:${crowd.port}/`, GATEWAY_SECRET: secret }
  say("Starting the shop for the first time, then once more")
  const first = await startShop({ dataDir, environment, profileFolder: undefined })
  await first.stop()
  const shop = await startShop({ dataDir, environment, profileFolder })
  try {
    await Bun.sleep(idleMs)
    const memoryIdle = memoryOf(processTree(shop.pid))
    const foundation = await openFoundation({ config: configOf(dataDir), supervise: false, progress: say })
    const sold = await measureSales({ foundation, crowd, shop }).finally(foundation.stop)
    if (sold.errors > 0) say(shop.said.join("\n"))
    await Bun.sleep(idleMs)
    return {
      machine: {
        cpu: cpus()[0]?.model,
        cores: availableParallelism(),
        syncMs: measureSync(root),
        bun: Bun.version,
      },
      start: { first: startOf(first), later: startOf(shop) },
      memoryMiB: { idle: rounded(memoryIdle), afterTheRun: rounded(memoryOf(processTree(shop.pid))) },
      ...sold,
    }
  } finally {
    await crowd.stop()
    await shop.stop()
  }
}

async function measureSales(parts: { foundation: Foundation; crowd: CrowdProcess; shop: ShopProcess }) {
  const { foundation } = parts
  say("Stocking the shop")
  const spreadCodes = await stockProducts(foundation, { prefix: "SPREAD", products, units: 40_000 })
  const rawOneCodes = await stockProducts(foundation, { prefix: "RAWONE", products: 1, units: 8_000 })
  const oneCodes = await stockProducts(foundation, { prefix: "ONE", products: 1, units: 9_000 })
  for (const crowd of Object.values(crowds)) await registerCustomers(foundation, crowd)

  say("Measuring the raw limits")
  const raw = async (
    name: string,
    crowd: object & (typeof crowds)[keyof typeof crowds],
    codes: string[],
    durationMs: number,
  ) => {
    await settleEngines(foundation)
    return await measureRawPurchases(foundation, {
      name,
      ...crowd,
      codes,
      durationMs,
      atOnce: customersAtOnce,
      connections: 20,
    })
  }
  await raw("RW", crowds.rawWarmUp, spreadCodes, warmUpMs)
  const rawSpread = await raw("RS", crowds.rawSpread, spreadCodes, rawMs)
  const rawOne = await raw("RO", crowds.rawOne, rawOneCodes, rawMs)
  const rawGate = await measureGate(foundation)

  say("Letting the customers in")
  const full = (
    name: string,
    crowd: (typeof crowds)[keyof typeof crowds],
    codes: string[],
    durationMs: number,
  ) =>
    measureFullPath(parts, {
      name,
      secret,
      ...crowd,
      durationMs,
      atOnce: customersAtOnce,
      texts: codes.map((code) => `.buy ${code} 1 saldo`),
      messagesPerCustomer: purchasesPerCustomer,
      replyPattern: goodsPattern,
    })
  await full("warm-up", crowds.warmUp, spreadCodes, warmUpMs)
  const spread = await full("spread", crowds.spread, spreadCodes, fullMs)
  const one = await full("one", crowds.one, oneCodes, fullMs)
  const browse = await measureFullPath(parts, {
    name: "browse",
    secret,
    ...crowds.browse,
    durationMs: browseMs,
    atOnce: customersAtOnce,
    texts: [".produk", ...spreadCodes.slice(0, 9).map((code) => `.detail ${code}`)],
    messagesPerCustomer: 10,
    replyPattern: "Voucher",
  })
  return {
    fullPath: { spread, one, browse },
    raw: { spread: rawSpread, one: rawOne, gate: rawGate },
    ratio: {
      spread: round(spread.perSecond / rawSpread.perSecond),
      one: round(one.perSecond / rawOne.perSecond),
    },
    cacheHitRate: await readCacheHitRate(parts.shop),
    errors: spread.errors + one.errors + browse.errors,
  }
}

async function measureGate({ redisAddress }: Foundation) {
  if (redisAddress.kind !== "socket") return undefined
  const order = { path: redisAddress.path, customersAtOnce, durationMs: 2_000 }
  const spread = await measureRawGate({ ...order, shop: "bench_spread", products })
  const one = await measureRawGate({ ...order, shop: "bench_one", products: 1 })
  return { spread, one }
}

/** The median of writing 8 KiB and having it on the disk, in milliseconds. */
function measureSync(folder: string): number {
  const path = join(folder, "sync")
  const file = openSync(path, "w")
  const page = new Uint8Array(8_192)
  const durationsMs = Array.from({ length: 51 }, () => {
    const began = performance.now()
    writeSync(file, page)
    fdatasyncSync(file)
    return performance.now() - began
  })
  closeSync(file)
  return round(durationsMs.sort((one, other) => one - other)[25] ?? 0)
}

function configOf(dataDir: string) {
  const read = readConfig({ DATA_DIR: dataDir, DEMO: "off", LOG_LEVEL: "warn" })
  if ("config" in read) return read.config
  throw new Error("the measurement's own configuration is wrong")
}

function startOf({ openMs, liveMs }: ShopProcess) {
  return { openMs: Math.round(openMs), liveMs: Math.round(liveMs) }
}

function rounded(parts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, round(value, 1)]))
}

const profileWord = process.argv.indexOf("--profile")
const root = mkdtempSync(join(tmpdir(), "lapak-bench-"))
chmodSync(root, 0o711)
try {
  const result = await measure(root, profileWord < 0 ? undefined : (process.argv[profileWord + 1] ?? "."))
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`)
} finally {
  rmSync(root, { recursive: true, force: true })
}
