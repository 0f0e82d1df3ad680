import { afterEach, beforeEach, expect, test } from "bun:test"
import type { DailySummary } from "../../src/conversation/texts/alert-texts.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { writeNotice } from "../../src/conversation/write-notices.ts"
import { type SummaryOutcome, writeDailySummary } from "../../src/database/daily-summary.ts"
import { acceptMessages } from "../../src/database/inbox.ts"
import { summariseDay } from "../../src/shop/alert-operators.ts"
import { openDesk } from "../support/desk.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  say,
  someProcess,
  type TestTables,
} from "../support/selling.ts"

let tables: TestTables

beforeEach(async () => {
  tables = await openTables()
  const owner = await newCustomer(tables)
  await acceptMessages(tables.database, someProcess, [
    { channel: "gateway", id: "first", from: owner, text: "halo" },
  ])
  await tables.sql`update inbox set state = 'done', claimed_by = null`
  await tables.sql`update users set role = 'owner' where number = ${owner}`
})
afterEach(() => tables.close())

/** 21.00 in Jakarta. */
const due = "2026-03-01T14:00:00Z"
const minutesAfter = (minutes: number) => new Date(Date.parse(due) + minutes * 60_000)

const write = (at: Date, hold = false): Promise<SummaryOutcome> =>
  writeDailySummary(tables.database, { at, zone: "Asia/Jakarta", hour: 21, lateHours: 12, hold })

/** An order that was paid at this moment. */
async function paidAt(moment: string, productCode: string): Promise<void> {
  const number = await newCustomer(tables, 1_000_000)
  const placed = await order(tables, await say(tables, number), { productCode })
  if (placed.kind !== "paid") throw new Error(`the order was ${placed.kind}`)
  await tables.sql`
    update orders set paid_at = ${moment} where id = (select max(id) from orders)
  `
}

/** Moves what was booked last to this moment. */
async function bookedAt(moment: string): Promise<void> {
  await tables.sql`alter table ledger_transactions disable trigger all`
  await tables.sql`
    update ledger_transactions set created_at = ${moment} where id = (select max(id) from ledger_transactions)
  `
}

const noOwner = (isAway: boolean) => tables.sql`
  update users set last_channel = ${isAway ? null : "gateway"} where role = 'owner'
`

async function summaries(): Promise<readonly Record<string, unknown>[]> {
  const rows = await tables.sql<{ data: Record<string, unknown> }[]>`
    select data from outbox where kind = 'daily_summary' order by id
  `
  return rows.map(({ data }) => data)
}

test("it tells of the 24 hours until its hour, of those before them, and of what waits", async () => {
  const coffee = await newProduct(tables, { stock: 9 }, 10_000)
  const tea = await newProduct(tables, { stock: 4 }, 7_000)
  for (const moment of ["2026-02-28T14:00:00Z", "2026-03-01T13:59:59Z"]) await paidAt(moment, coffee)
  await paidAt("2026-03-01T09:00:00Z", tea)
  await paidAt("2026-02-28T13:59:59Z", coffee)
  await paidAt(due, coffee)
  await tables.sql`
    select refund_order(1, '{}', code, 4000, 'saldo', 'R1', false, 'broken', 'test')
      from orders
     where id = (select max(id) from orders)
  `
  await bookedAt("2026-03-01T10:00:00Z")
  expect(await write(minutesAfter(0))).toBe("told")
  const [summary] = await summaries()
  expect(summary).toMatchObject({
    orders: 3,
    revenue: 27_000,
    refunds: 1,
    refunded: 4_000,
    before: { orders: 1, revenue: 10_000 },
    top: [
      { quantity: 2, amount: 20_000 },
      { quantity: 1, amount: 7_000 },
    ],
    low: [{ code: tea, left: 3 }],
    lowCount: 1,
    waits: { reviews: 0, toPack: 5, customers: 0 },
  } satisfies Partial<Record<keyof DailySummary, unknown>>)
  const text = writeNotice("daily_summary", summary ?? {}, textsFor("id"))
  for (const part of [
    "1 Mar 2026 21.00 WIB",
    "Pesanan: 3",
    "Rp 27.000",
    "Rp 4.000",
    `${tea} (3)`,
    "5 pesanan",
  ])
    expect(text).toContain(part)
  expect(writeNotice("daily_summary", summary ?? {}, textsFor("en"))).toContain("Orders: 3")
})

test("it is written once a day, by however many processes, and again the next day", async () => {
  await paidAt("2026-03-01T10:00:00Z", await newProduct(tables, { units: 5 }))
  const outcomes = await Promise.all([0, 0, 1, 2].map((minutes) => write(minutesAfter(minutes))))
  expect(outcomes.sort()).toEqual(["told", "written", "written", "written"])
  expect(await write(minutesAfter(600))).toBe("written")
  expect(await summaries()).toHaveLength(1)
  await paidAt("2026-03-02T10:00:00Z", await newProduct(tables, { units: 5 }))
  expect(await write(minutesAfter(24 * 60 - 1))).toBe("missed")
  expect(await write(minutesAfter(24 * 60))).toBe("told")
  expect(await summaries()).toHaveLength(2)
})

test("missed by less than twelve hours it comes late, after that not at all", async () => {
  await paidAt("2026-03-01T10:00:00Z", await newProduct(tables, { units: 5 }))
  expect(await write(minutesAfter(12 * 60))).toBe("missed")
  expect(await write(minutesAfter(12 * 60 - 1))).toBe("told")
})

test("while no owner can be told it waits, for as long as it may be late", async () => {
  await paidAt("2026-03-01T10:00:00Z", await newProduct(tables, { units: 5 }))
  await noOwner(true)
  expect(await write(minutesAfter(0))).toBe("held")
  await noOwner(false)
  expect(await write(minutesAfter(60))).toBe("told")
})

test("it begins where the last one ended, at most a week ago", async () => {
  const code = await newProduct(tables, { units: 9 })
  expect(await write(minutesAfter(0))).toBe("nothing")
  await paidAt("2026-03-02T10:00:00Z", code)
  await paidAt("2026-03-03T10:00:00Z", code)
  await paidAt("2026-03-01T10:00:00Z", code)
  expect(await write(minutesAfter(2 * 24 * 60))).toBe("told")
  const [summary = {}] = await summaries()
  expect(summary).toMatchObject({ orders: 2, before: { orders: 1 } })
  expect(writeNotice("daily_summary", summary, textsFor("id"))).toContain(
    "*Ringkasan 1 Mar 2026 21.00 WIB sampai 3 Mar 2026 21.00 WIB*",
  )
  await paidAt("2026-03-20T15:00:00Z", code)
  expect(await write(minutesAfter(30 * 24 * 60))).toBe("nothing")
})

test("of a day without anything nothing is said", async () => {
  await newProduct(tables, { stock: 1 })
  expect(await write(minutesAfter(0))).toBe("nothing")
  expect(await write(minutesAfter(1))).toBe("written")
  expect(await summaries()).toEqual([])
})

test("a late one waits for the end of the quiet hours, one that is wanted in them does not", async () => {
  const { shop, close } = await openDesk(tables)
  await paidAt("2026-03-01T10:00:00Z", await newProduct(tables, { units: 5 }))
  const summariseAfter = async (minutes: number) => {
    await summariseDay({ ...shop, clock: () => minutesAfter(minutes) })
    return (await summaries()).length
  }
  expect(await summariseAfter(5 * 60)).toBe(0)
  expect(await summariseAfter(9 * 60)).toBe(1)
  await tables.sql`delete from daily_summaries`
  await tables.sql`insert into settings (key, value) values ('summary_hour', '23')`
  expect(await summariseAfter(2 * 60)).toBe(2)
  // Due at 18.00, and twelve hours later the quiet hours end.
  await tables.sql`delete from daily_summaries`
  await tables.sql`update settings set value = '18'`
  expect(await summariseAfter(9 * 60 - 1)).toBe(2)
  expect(await summariseAfter(9 * 60)).toBe(3)
  await tables.sql`delete from daily_summaries`
  await tables.sql`update settings set value = '"off"'`
  expect(await summariseAfter(3 * 60)).toBe(3)
  await close()
})
