import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { availableParallelism, cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { memoryOf, processTree } from "../processes.ts"
import { round } from "../quantiles.ts"
import { startShop } from "../shop-process.ts"
import { startEcho } from "./echo-process.ts"
import { measureRecovery } from "./recovery.ts"
import { letIn, measureRoundTrips, merge, mergeCosts, withCosts } from "./round-trips.ts"
import { startSimulator } from "./simulator-process.ts"
import { soak } from "./soak.ts"
import { openStall, type Stall } from "./stall.ts"

const { values: options } = parseArgs({
  options: {
    messages: { type: "string", default: "10000" },
    rounds: { type: "string", default: "3" },
    profile: { type: "string" },
    "without-recovery": { type: "boolean", default: false },
  },
})

/** More than buy three times a minute each. */
const crowd = { firstNumber: 6_281_700_000_000, customers: 600 }
const roundMs = 4_000
const idleMs = 3_000
const units = 20_000
const say = (line: string) => void process.stderr.write(`${line}\n`)

async function measure(root: string): Promise<object> {
  say("Starting a shop without WhatsApp")
  const without = await measureFootprint(join(root, "without"))
  say("Starting the shop and pairing it")
  const stall = await openStall({
    dataDir: join(root, "data"),
    profileFolder: options.profile,
    customers: crowd,
    units,
    say,
  })
  let killed = false
  try {
    await Bun.sleep(idleMs)
    const { pid, openMs } = stall.shop()
    const footprint = {
      binaryMB: process.env.LAPAK_BINARY ? round(statSync(process.env.LAPAK_BINARY).size / 1e6, 1) : null,
      whatsappOff: without,
      whatsappOn: {
        openMs: Math.round(openMs),
        loggedInMs: Math.round(stall.loggedInMs()),
        idleMiB: rounded(memoryOf(processTree(pid))),
      },
    }
    const { firstMessages, roundTrips } = await measureTalk(stall)
    say("Soaking")
    const soaked = await soak({ stall, crowd, messages: Number(options.messages), say })
    const recovery = options["without-recovery"]
      ? undefined
      : await measureRecovery({ stall, number: String(crowd.firstNumber), say })
    killed = recovery !== undefined
    return { machine: machine(), footprint, firstMessages, roundTrips, soak: soaked, recovery }
  } finally {
    say(killed ? "Ending" : stall.shop().said.slice(-10).join("\n"))
    await stall.stop()
  }
}

async function measureTalk(stall: Stall) {
  const simulator = await startSimulator()
  const echo = { simulator, ...(await startEcho(simulator)) }
  try {
    say("Meeting the customers")
    const meeting = {
      ...crowd,
      atOnce: 10,
      texts: [".saldo"],
      answerPattern: "",
      durationMs: 600_000,
      messagesMax: crowd.customers,
    }
    const shop = { pid: stall.shop().pid, simulator: stall.simulator }
    const firstMessages = {
      echo: merge([await letIn(echo, meeting)]),
      shop: mergeCosts([await withCosts(stall, () => letIn(shop, meeting))]),
    }
    say("Talking by turns with the bare client and with the shop")
    const roundTrips = await measureRoundTrips({
      echo,
      stall,
      crowd,
      rounds: Number(options.rounds),
      roundMs,
    })
    return { firstMessages, roundTrips }
  } finally {
    await echo.stop()
    await simulator.stop()
  }
}

/** Idle, as it is on every start but the first. */
async function measureFootprint(dataDir: string) {
  const given = { dataDir, environment: { LOG_LEVEL: "warn" }, profileFolder: undefined }
  const first = await startShop(given)
  await first.stop()
  const shop = await startShop(given)
  await Bun.sleep(idleMs)
  const idleMiB = rounded(memoryOf(processTree(shop.pid)))
  await shop.stop()
  return { openMs: Math.round(shop.openMs), idleMiB }
}

function machine() {
  return { cpu: cpus()[0]?.model, cores: availableParallelism(), bun: Bun.version }
}

function rounded(parts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, round(value, 1)]))
}

const root = mkdtempSync(join(tmpdir(), "lapak-whatsapp-bench-"))
chmodSync(root, 0o711)
try {
  const result = await measure(root)
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`)
} finally {
  rmSync(root, { recursive: true, force: true })
}
