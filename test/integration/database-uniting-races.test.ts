import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Address } from "../../src/database/inbox.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import { readBalance } from "../../src/database/users.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"
import { rupiah } from "../../src/shop/money.ts"
import { auditBooks } from "../support/audit-books.ts"
import { untilBlocked } from "../support/database-locks.ts"
import { type Hearing, openHearing } from "../support/hearing.ts"
import { newCustomer, newProduct, order, someProcess, type TestTables, userIdOf } from "../support/selling.ts"

let tables: TestTables
let hearing: Hearing

beforeAll(async () => {
  hearing = await openHearing()
  tables = hearing.tables
})
afterAll(async () => await hearing.close())

test("a new customer who appears under every address at once is one customer", async () => {
  const { sql } = tables
  for (let round = 0; round < 30; round += 1) {
    const [lid, number] = [hearing.newLid(), hearing.newNumber()]
    const addresses: Address[] = [{ from: number, lid }, { from: lid }, { from: number }]
    await Promise.all(
      Array.from({ length: 4 }, () => addresses.map((address) => hearing.hear(address))).flat(),
    )
    await sql`
      update inbox set state = 'done', claimed_by = null
       where state = 'working'
         and user_id in (
           select id from users where number = ${number}
           union
           select user_id from lids where lid = ${lid}
         )
    `
    await talkOnce({ from: number, lid })
    const [known] = await sql<{ by_lid: number; by_number: number }[]>`
      select (select user_id from lids where lid = ${lid}) as by_lid,
             (select id from users where number = ${number}) as by_number
    `
    expect(known?.by_lid).toBe(known?.by_number)
  }
  expect(await auditBooks(sql)).toEqual([])
})

/** Hears a message whatever waits before it. */
const talkOnce = async (address: Address) => void (await hearing.hear(address))

test("buying, paying and uniting at once lose nothing", async () => {
  const { database, sql } = tables
  const productCode = await newProduct(tables, { units: 200 })
  for (let round = 0; round < 15; round += 1) {
    const [lid, number] = [hearing.newLid(), await newCustomer(tables, 1_000)]
    const into = await userIdOf(tables, number)
    const { userId: from } = await hearing.talk({ from: lid })
    await hearing.give(from, 2_000)
    const unpaid = await hearing.buy({ from: lid }, productCode, "qris")
    if (unpaid.kind !== "awaiting_payment") throw new Error("nothing was ordered")
    const buying = async () => {
      const accepted = await hearing.hear({ from: lid })
      if (accepted.kind !== "working") return
      const { message } = accepted
      const placed = await order(tables, message, { productCode, method: "saldo" })
      if (placed.kind !== "paid") await hearing.answer(message)
    }
    const settling = () =>
      settlePayment(database, someProcess, {
        serves: [],
        reference: unpaid.payment.reference as ChargeReference,
        amount: rupiah(1_000),
        transactionId: "settled",
      })
    await Promise.all([
      buying(),
      settling(),
      hearing.hear({ from: number, lid }),
      hearing.hear({ from: number, lid }),
    ])
    await hearing.answerAll(from)
    expect((await hearing.hear({ from: number, lid })).userId).toBe(into)
    expect(await hearing.isUnited(from, into)).toBe(true)
    const bought = (await hearing.ordersOf(into)).length
    expect((await readBalance(database, into)).balance).toBe(rupiah(3_000 - 1_000 * (bought - 1)))
  }
  expect(await auditBooks(sql)).toEqual([])
})

test("a message under a LID that arrives while its customer is united goes to the united one", async () => {
  const { sql } = tables
  const [lid, number] = [hearing.newLid(), await newCustomer(tables)]
  const into = await userIdOf(tables, number)
  const { userId: from } = await hearing.talk({ from: lid })
  const connection = await sql.reserve()
  await connection`begin`
  await connection`select unite_customers(${from}, ${into})`
  const heard = hearing.hear({ from: lid })
  await untilBlocked(sql, "accept_messages")
  await connection`commit`
  connection.release()
  expect(await heard).toMatchObject({ kind: "working", userId: into })
})
