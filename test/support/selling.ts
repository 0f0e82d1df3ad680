import { adjustBalance } from "../../src/database/adjust-balance.ts"
import type { ClaimedMessage } from "../../src/database/claimed-message.ts"
import {
  connectTo,
  type Database,
  type DatabaseAddress,
  openDatabase,
  type Sql,
} from "../../src/database/connect.ts"
import { acceptMessages } from "../../src/database/inbox.ts"
import { createOrderPlacing, type OrderRequest, type PlacedOrder } from "../../src/database/orders.ts"
import { saveProducts } from "../../src/database/products.ts"
import { addUnits } from "../../src/database/stock.ts"
import type { ProcessId, UserId } from "../../src/shop/ids.ts"
import { rupiah } from "../../src/shop/money.ts"
import { freshDatabase, testShop } from "./engines.ts"

/** A shop's tables with many connections, and what a test needs to trade in them. */
export type TestTables = Readonly<{
  address: DatabaseAddress
  database: Database
  sql: Sql
  /** A name that was not given before, in capitals. */
  newName: () => string
  close: () => Promise<void>
}>

/** Stands for a process in what it claims; only tests of `recover_abandoned` care whether it lives. */
export const someProcess = 1 as ProcessId

export async function openTables(connectionsMax = 20): Promise<TestTables> {
  const { address, drop } = await freshDatabase()
  const quiet = {
    queryDuration: () => undefined,
    databaseError: () => undefined,
    transaction: () => undefined,
    pool: () => undefined,
  }
  const database = openDatabase({ address, shop: testShop, metrics: quiet, connectionsMax })
  let names = 0
  return {
    address,
    database,
    sql: database.sql,
    newName: () => {
      names += 1
      return `N${names}`
    },
    close: async () => {
      await database.close()
      await drop()
    },
  }
}

/** A connection of its own, for what must stay in one session. */
export function ownConnection({ address }: TestTables): Sql {
  return connectTo(address, testShop, 1)
}

/** A new customer's number, with this much balance. */
export async function newCustomer({ database, newName }: TestTables, balance = 0): Promise<string> {
  const name = newName()
  const number = `62811${name.slice(1).padStart(6, "0")}`
  if (balance === 0) {
    await database.sql`insert into users (number) values (${number})`
    return number
  }
  const given = { number, amount: rupiah(balance), reason: "to spend", actor: "test", key: `start:${name}` }
  await adjustBalance(database, given)
  return number
}

export async function userIdOf({ sql }: TestTables, number: string): Promise<UserId> {
  const [user] = await sql<{ id: UserId }[]>`select id from users where number = ${number}`
  if (!user) throw new Error("no such customer")
  return user.id
}

/** A new product's code: digital with `units`, or physical with `stock`. */
export async function newProduct(
  { database, newName }: TestTables,
  given: { units: number } | { stock: number },
  price = 1_000,
): Promise<string> {
  const code = newName()
  const stock = "stock" in given ? given.stock : 0
  const kind = "stock" in given ? "physical" : "digital"
  const texts = { name: `Product ${code}`, category: "", description: "" }
  await saveProducts(database, [{ code, ...texts, price: rupiah(price), kind, stock }])
  if ("units" in given) {
    const units = Array.from({ length: given.units }, (_, place) => {
      const payload = Buffer.from(`${code} unit ${place}`)
      return { payload, fingerprint: payload }
    })
    await addUnits(database, code, units, "test")
  }
  return code
}

/** A message of a customer who has none waiting, claimed. */
export async function say(
  { database, newName }: TestTables,
  from: string,
  owner: ProcessId = someProcess,
): Promise<ClaimedMessage> {
  const [accepted] = await acceptMessages(database, owner, [
    { channel: "test", id: newName(), from, text: "hello" },
  ])
  if (accepted?.kind !== "working") throw new Error(`the message was ${accepted?.kind}`)
  return accepted.message
}

/** Asks for one product with a message that is held, in a transaction that no other purchase shares. */
export function order(
  { database, newName }: TestTables,
  message: ClaimedMessage,
  request: Pick<OrderRequest, "productCode"> & Partial<OrderRequest>,
): Promise<PlacedOrder> {
  const name = newName()
  const placeAlone = createOrderPlacing(database, {
    serves: () => [],
    qrisProvider: "demo",
    holdSeconds: 900,
  })
  return placeAlone(message, {
    quantity: 1,
    method: "saldo",
    orderCode: `T-${name}-X`,
    payToken: `token-of-the-page-of-${name}`,
    ...request,
  })
}

/** An order to be paid by QRIS, with the message that asked for it still open. */
export async function orderByQris(
  tables: TestTables,
  given: { productCode: string; number: string; quantity?: number },
): Promise<PlacedOrder & { kind: "awaiting_payment" }> {
  const { productCode, quantity = 1 } = given
  const message = await say(tables, given.number)
  const placed = await order(tables, message, { productCode, quantity, method: "qris" })
  if (placed.kind !== "awaiting_payment") throw new Error(`the order was ${placed.kind}`)
  return placed
}

/**
 * What PostgreSQL refused a statement with: the name of the constraint, else the SQLSTATE. Throws when it was
 * not refused.
 */
export async function refusal(statement: PromiseLike<unknown>): Promise<string> {
  try {
    await statement
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const { constraint_name: constraint, code } = error as Error & { constraint_name?: string; code?: string }
    return constraint || code || error.message
  }
  throw new Error("it was not refused")
}

/** The SQLSTATE of what `refuse_change` and `refuse_rewriting` say. */
export const kept = "23000"
