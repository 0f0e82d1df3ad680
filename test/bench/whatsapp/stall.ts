import { readConfig } from "../../../src/config.ts"
import { readAccount } from "../../../src/database/whatsapp-account.ts"
import { type Foundation, openFoundation } from "../../../src/foundation.ts"
import { eventually } from "../../support/eventually.ts"
import { type ShopProcess, startShop } from "../shop-process.ts"
import { registerCustomers, stockProducts } from "../stock-the-shop.ts"
import { type SimulatorProcess, startSimulator } from "./simulator-process.ts"

/** A shop that is paired with a WhatsApp of the measurement's own, and has goods. */
export type Stall = Readonly<{
  simulator: SimulatorProcess
  foundation: Foundation
  codes: readonly string[]
  shop: () => ShopProcess
  /** Of the shop's last start, from the spawn to being logged in. */
  loggedInMs: () => number
  /** Ends the shop's process and starts it anew; returns when it is logged in. */
  restart: () => Promise<void>
  /** Another process of the same shop. */
  open: () => Promise<ShopProcess>
  stop: () => Promise<void>
}>

/** So fast that the pace, which keeps a number from being banned, measures nothing. */
const unhurried = { WHATSAPP_PACE: "1000", LOG_LEVEL: "warn" }

const qrContext = "whatsapp:qr"

export async function openStall(given: {
  dataDir: string
  profileFolder: string | undefined
  customers: Readonly<{ firstNumber: number; customers: number }>
  units: number
  say: (line: string) => void
}): Promise<Stall> {
  const { dataDir, say } = given
  const simulator = await startSimulator()
  const environment = { ...simulator.environment, ...unhurried }
  const open = (profileFolder?: string) => startShop({ dataDir, environment, profileFolder })
  const first = await open()
  const foundation = await openFoundation({ config: configOf(dataDir), supervise: false, progress: say })
  const { database, vault } = foundation
  const qr = await eventually("a code to scan", async () => {
    const { qr } = await readAccount(database)
    return qr ? vault.open(qr, qrContext) : undefined
  })
  await simulator.tell("scan", qr)
  await eventually("the shop is open", async () => (await readAccount(database)).state === "open")
  const codes = await stockProducts(foundation, { prefix: "WA", products: 20, units: given.units })
  await registerCustomers(foundation, given.customers)
  // Again, as on every day but the first.
  await foundation.stop()
  await first.stop()
  const logIn = async (profileFolder?: string) => {
    const began = performance.now()
    const shop = await open(profileFolder)
    await eventually("the shop is logged in", async () => (await simulator.tell("connections", null)) === 1)
    return { shop, loggedInMs: performance.now() - began }
  }
  let current = await logIn(given.profileFolder)
  const joined = await openFoundation({ config: configOf(dataDir), supervise: false, progress: say })
  return {
    simulator,
    foundation: joined,
    codes,
    shop: () => current.shop,
    loggedInMs: () => current.loggedInMs,
    restart: async () => {
      await current.shop.stop()
      current = await logIn()
    },
    open: () => open(),
    stop: async () => {
      await joined.stop()
      await current.shop.stop()
      await simulator.stop()
    },
  }
}

function configOf(dataDir: string) {
  const read = readConfig({ DATA_DIR: dataDir, DEMO: "off", LOG_LEVEL: "warn" })
  if ("config" in read) return read.config
  throw new Error("the measurement's own configuration is wrong")
}
