import { afterAll, beforeAll, expect, test } from "bun:test"
import {
  kept,
  newCustomer,
  newProduct,
  openTables,
  order,
  refusal,
  say,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

type Entry = readonly [account: string, userId: number | null, amount: number]

/** Books by hand, in one database transaction, one statement an entry. */
function bookByHand(key: string, entries: readonly Entry[], transactionId?: number) {
  return tables.sql.begin(async (sql) => {
    let id = transactionId
    if (id === undefined) {
      const [made] = await sql<{ id: number }[]>`
        insert into ledger_transactions (key, kind) values (${key}, 'adjustment') returning id
      `
      id = made?.id
    }
    for (const [account, userId, amount] of entries) {
      await sql`
        insert into ledger_entries (transaction_id, account, user_id, amount)
        values (${id ?? 0}, ${account}, ${userId}, ${amount})
      `
    }
    return id
  })
}

async function balanceOf(userId: number): Promise<number | undefined> {
  const [user] = await tables.sql<{ balance: number }[]>`select balance from users where id = ${userId}`
  return user?.balance
}

test("a balance follows its entries", async () => {
  const userId = await userIdOf(tables, await newCustomer(tables))
  await bookByHand("follow 1", [
    ["adjustment", null, -700],
    ["customer", userId, 700],
  ])
  await bookByHand("follow 2", [
    ["customer", userId, -300],
    ["revenue", null, 300],
  ])
  expect(await balanceOf(userId)).toBe(400)
})

test("a balance never goes below zero", async () => {
  const userId = await userIdOf(tables, await newCustomer(tables, 500))
  const debit: Entry[] = [
    ["customer", userId, -501],
    ["revenue", null, 501],
  ]
  expect(await refusal(bookByHand("too much", debit))).toBe("users_balance_check")
  expect(await balanceOf(userId)).toBe(500)
})

test("a balance cannot be set outside the ledger, neither of an old customer nor of a new one", async () => {
  const { sql, newName } = tables
  const userId = await userIdOf(tables, await newCustomer(tables, 500))
  expect(await refusal(sql`update users set balance = 600 where id = ${userId}`)).toBe(
    "users_balance_is_booked",
  )
  expect(await refusal(sql`update users set balance = balance + 1`)).toBe("users_balance_is_booked")
  const number = `62899${newName().slice(1).padStart(6, "0")}`
  expect(await refusal(sql`insert into users (number, balance) values (${number}, 5)`)).toBe(
    "users_balance_is_booked",
  )
  expect(await balanceOf(userId)).toBe(500)
})

test("what was booked is neither changed nor removed", async () => {
  const { sql } = tables
  await newCustomer(tables, 500)
  expect(await refusal(sql`update ledger_entries set amount = amount`)).toBe(kept)
  expect(await refusal(sql`delete from ledger_entries`)).toBe(kept)
  expect(await refusal(sql`truncate ledger_entries`)).toBe(kept)
  expect(await refusal(sql`update ledger_transactions set reason = 'another'`)).toBe(kept)
  expect(await refusal(sql`delete from ledger_transactions`)).toBe(kept)
  expect(await refusal(sql`truncate ledger_transactions cascade`)).toBe(kept)
  expect(await refusal(sql`truncate users cascade`)).toBe(kept)
})

test("a transaction that does not sum to zero fails when it is committed", async () => {
  const { sql } = tables
  const userId = await userIdOf(tables, await newCustomer(tables))
  const uneven: Entry[] = [
    ["adjustment", null, -700],
    ["customer", userId, 701],
  ]
  expect(await refusal(bookByHand("uneven", uneven))).toBe("ledger_entries_sum_to_zero")
  expect(await refusal(bookByHand("lone", [["revenue", null, 700]]))).toBe("ledger_entries_sum_to_zero")
  expect(await sql`select from ledger_transactions where key in ('uneven', 'lone')`).toHaveLength(0)
  expect(await balanceOf(userId)).toBe(0)
})

test("a transaction without entries fails when it is committed", async () => {
  expect(await refusal(bookByHand("empty", []))).toBe("ledger_transactions_have_entries")
})

test("an old transaction takes no entries, not even ones that sum to zero", async () => {
  const userId = await userIdOf(tables, await newCustomer(tables))
  const pair: Entry[] = [
    ["adjustment", null, -700],
    ["customer", userId, 700],
  ]
  const id = await bookByHand("old", pair)
  expect(await refusal(bookByHand("", [["revenue", null, 1]], id))).toBe("ledger_transactions_closed")
  expect(await refusal(bookByHand("", pair, id))).toBe("ledger_transactions_closed")
  expect(await balanceOf(userId)).toBe(700)
})

test("an entry of nothing, of an unknown account, or without its customer is refused", async () => {
  const userId = await userIdOf(tables, await newCustomer(tables))
  const cases: [Entry, string][] = [
    [["revenue", null, 0], "ledger_entries_amount_check"],
    [["pocket", null, 5], "ledger_entries_account_check"],
    [["customer", null, 5], "ledger_entries_check"],
    [["revenue", userId, 5], "ledger_entries_check"],
  ]
  for (const [entry, constraint] of cases) {
    expect(await refusal(bookByHand("wrong entry", [entry]))).toBe(constraint)
  }
})

test("booking under a known key books nothing", async () => {
  const { sql } = tables
  const userId = await userIdOf(tables, await newCustomer(tables))
  const book = () => sql<{ booked: boolean }[]>`
    select book('once', 'deposit', '', null, 'clearing:demo', null, 'customer', ${userId}, 900) as booked
  `
  expect(await book()).toMatchObject([{ booked: true }])
  expect(await book()).toMatchObject([{ booked: false }])
  expect(await balanceOf(userId)).toBe(900)
})

test("twenty that book under one key at once book once", async () => {
  const { sql } = tables
  const userId = await userIdOf(tables, await newCustomer(tables))
  const answers = await Promise.all(
    Array.from(
      { length: 20 },
      () => sql<{ booked: boolean }[]>`
        select book('crowd', 'deposit', '', null, 'clearing:demo', null, 'customer', ${userId}, 900) as booked
      `,
    ),
  )
  expect(answers.flat().filter(({ booked }) => booked)).toHaveLength(1)
  expect(await balanceOf(userId)).toBe(900)
})

test("an order is booked as sold once, under whatever key", async () => {
  const { sql } = tables
  const number = await newCustomer(tables, 5_000)
  const userId = await userIdOf(tables, number)
  const placed = await order(tables, await say(tables, number), {
    productCode: await newProduct(tables, { units: 1 }),
  })
  expect(placed.kind).toBe("paid")
  const again = sql`
    select book('again', 'sale', '', id, 'customer', ${userId}, 'revenue', null, total)
      from orders
     where user_id = ${userId}
  `
  expect(await refusal(again)).toBe("ledger_transactions_one_sale_per_order")
  expect(await balanceOf(userId)).toBe(4_000)
})

test("a customer with a history cannot be deleted", async () => {
  const userId = await userIdOf(tables, await newCustomer(tables, 500))
  expect(await refusal(tables.sql`delete from users where id = ${userId}`)).toBe(
    "ledger_entries_user_id_fkey",
  )
})
