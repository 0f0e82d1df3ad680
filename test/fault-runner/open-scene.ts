import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { errorCode, isUnavailable } from "../../src/database/connect.ts"
import { addCustomers } from "../../src/database/users.ts"
import { rupiah } from "../../src/shop/money.ts"
import { startMidtransSimulator } from "../simulators/midtrans/start-midtrans-simulator.ts"
import { cuttingProxy } from "../support/cutting-proxy.ts"
import { eventually } from "../support/eventually.ts"
import { openStall } from "../support/stall.ts"
import { openBank } from "./bank.ts"
import { openCustomersGateway } from "./customers-gateway.ts"
import { openNotificationRoad } from "./notification-road.ts"
import { operator } from "./operator.ts"
import type { PlannedCustomer, Product } from "./plan-customers.ts"
import type { Random } from "./random.ts"
import { openShops } from "./shops.ts"

export type Scene = Awaited<ReturnType<typeof openScene>>

export const products: readonly [Product, ...Product[]] = [
  { code: "KOPI", price: 10_000 },
  { code: "TEH", price: 7_500 },
  { code: "PULSA", price: 25_000 },
  // Few of them: many come too late, and late money finds none left.
  { code: "LANGKA", price: 12_000 },
]

const serverKey = "SB-Mid-server-of-the-fault-runner"
/** Midtrans' two minutes until it repeats a notification become half a second. */
const midtransTimeScale = 1 / 240

/**
 * Everything a run stands on, all of it real but the two services outside: PostgreSQL, Redis, shop processes
 * that reach PostgreSQL through a wire that can be cut, the simulated Midtrans behind a road on which
 * notifications get lost, and the customers' gateway. `note` is told what happens.
 */
export async function openScene(given: { random: Random; units: number; note: (line: string) => void }) {
  const { random, note } = given
  const road = openNotificationRoad(random.branch("notifications"))
  const midtrans = await startMidtransSimulator({
    serverKey,
    notifyUrl: road.url,
    timeScale: midtransTimeScale,
  })
  const stall = await openStall({
    ownServer: true,
    environment: {
      MIDTRANS_SERVER_KEY: serverKey,
      MIDTRANS_BASE_URL: midtrans.url,
      PUBLIC_URL: "https://stall.example",
      OWNER_NUMBERS: operator.number,
    },
  })
  const { postgres } = stall
  if (!postgres) throw new Error("the stall has no PostgreSQL of its own")
  const wireFolder = await mkdtemp(join(tmpdir(), "lapak-wire-"))
  const { user, database, folder } = postgres.address
  const wire = await cuttingProxy(wireFolder, join(folder, ".s.PGSQL.5432"))
  const databaseUrl = `postgres://${user}@localhost/${database}?host=${encodeURIComponent(wireFolder)}`
  const shops = openShops(() => stall.open({ DATABASE_URL: databaseUrl }), note)
  const gateway = openCustomersGateway(stall.peer, shops, random.branch("gateway"))
  road.leadsTo(shops)

  const prices = new Map<string, number>()
  for (const { code, price } of products) {
    const units = code === "LANGKA" ? Math.ceil(given.units / 10) : given.units
    for (const payload of await stall.sell({ code, price, units })) prices.set(payload, price)
  }

  return {
    stall,
    bank: openBank(midtrans),
    postgres,
    midtrans,
    wire,
    shops,
    gateway,
    road,
    note,
    /** Makes the customers known, each with what it has on its balance. */
    welcome: async (customers: readonly PlannedCustomer[]) => {
      const rows = customers.map(({ number, openingBalance }) => ({
        number,
        name: "",
        balance: rupiah(openingBalance),
      }))
      await addCustomers(stall.database, rows)
    },
    /** What each unit costs, by its payload. */
    prices: prices as ReadonlyMap<string, number>,
    /** Past the wire, and again when PostgreSQL was away. */
    ask: <Result>(query: () => PromiseLike<Result>): Promise<Result> => patiently(query),
    [Symbol.asyncDispose]: async () => {
      await shops.stop()
      await gateway.stop()
      await road.stop()
      await midtrans.stop()
      await stall[Symbol.asyncDispose]()
      await wire.stop()
      await rm(wireFolder, { recursive: true, force: true })
    },
  }
}

function patiently<Result>(query: () => PromiseLike<Result>): Promise<Result> {
  return eventually("PostgreSQL answers the runner", async () => {
    try {
      return { result: await query() }
    } catch (error) {
      // Its own statements touch many rows at once, and stand back when the shop meets them crosswise.
      if (!isUnavailable(error) && errorCode(error) !== "40P01") throw error
      return undefined
    }
  }).then(({ result }) => result)
}
