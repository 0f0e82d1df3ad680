import { afterAll, beforeAll, expect, test } from "bun:test"
import {
  completeOldShipments,
  completeOrder,
  type Parcel,
  packOrder,
  receiveOrder,
  resendToCustomer,
  type ShippedOrder,
  shipOrder,
  tellOrdersToPack,
} from "../../src/database/fulfilment.ts"
import { announceOrdersToPack } from "../../src/shop/fulfil-order.ts"
import { rupiah } from "../../src/shop/money.ts"
import { type RefundDestination, refundOrder } from "../../src/shop/refund-order.ts"
import { openDesk, refundingProvider } from "../support/desk.ts"
import {
  home,
  paidParcel,
  parcel,
  parcelPaidByQris,
  parcelState,
  sendTo,
  unpaidParcel,
} from "../support/parcels.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  refusal,
  say,
  type TestTables,
} from "../support/selling.ts"

const provider = refundingProvider()
let tables: TestTables
let desk: Awaited<ReturnType<typeof openDesk>>
beforeAll(async () => {
  tables = await openTables()
  desk = await openDesk(tables, { providers: [provider.provider] })
})
afterAll(async () => {
  await desk.close()
  await tables.close()
})

const pack = (orderCode: string, actor = "user:1") => packOrder(tables.sql, { orderCode, actor })
const ship = (orderCode: string, given: Partial<Parcel> & { actor?: string } = {}) =>
  shipOrder(tables.sql, { orderCode, actor: "user:1", ...parcel, ...given })
const complete = (orderCode: string) => completeOrder(tables.sql, { orderCode, actor: "user:1" })
const refund = (orderCode: string, destination: RefundDestination = "saldo") =>
  refundOrder(desk.shop, {
    orderCode,
    amount: undefined,
    destination,
    request: tables.newName(),
    again: false,
    reason: "x",
    actor: "test",
  })

async function shippedParcel(number?: string) {
  const paid = await paidParcel(tables, number === undefined ? {} : { number })
  await pack(paid.orderCode)
  await ship(paid.orderCode)
  return paid
}

test("goods are packed, shipped and completed, and each step is told to the customer and on the record", async () => {
  const { orderCode } = await paidParcel(tables)
  expect(await pack(orderCode)).toMatchObject({ kind: "moved", delivery: home })
  expect(await ship(orderCode)).toMatchObject({ kind: "moved", delivery: { ...home, ...parcel } })
  expect(await complete(orderCode)).toMatchObject({ kind: "moved" })
  expect(await parcelState(tables, orderCode)).toEqual({
    status: "completed",
    delivery: { ...home, ...parcel },
    told: ["order_packing", "order_shipped", "order_completed"],
    done: ["pack_order by user:1", "ship_order by user:1", "complete_order by user:1"],
  })
  const [told] = await tables.sql`
    select data from outbox
     where kind = 'order_shipped' and order_id = (select id from orders where code = ${orderCode})
  `
  expect(told?.data).toMatchObject({ orderCode, delivery: { ...home, ...parcel }, isCorrected: false })
})

test("a step made again says when it was made, and tells nobody twice", async () => {
  const { orderCode } = await paidParcel(tables)
  for (const step of [pack, ship, complete]) {
    const first = await step(orderCode)
    const again = await step(orderCode)
    expect([first.kind, again.kind]).toEqual(["moved", "moved_before"])
    if (!("at" in first && "at" in again)) throw new Error("the step has no time")
    expect(again.at.getTime()).toBe(first.at.getTime())
  }
  const { told, done } = await parcelState(tables, orderCode)
  expect([told.length, done.length]).toEqual([3, 3])
})

test("only the next step is made: what is unpaid, ended, digital or further is refused, and stays as it is", async () => {
  expect(await pack("NO-SUCH-ORDER")).toEqual({ kind: "unknown_order" })
  const unpaid = await unpaidParcel(tables)
  expect(await pack(unpaid.orderCode)).toEqual({ kind: "wrong_status", status: "awaiting_payment" })
  const { orderCode } = await paidParcel(tables)
  expect(await ship(orderCode)).toEqual({ kind: "wrong_status", status: "paid" })
  expect(await complete(orderCode)).toEqual({ kind: "wrong_status", status: "paid" })
  await pack(orderCode)
  expect(await complete(orderCode)).toEqual({ kind: "wrong_status", status: "packing" })
  await ship(orderCode)
  expect(await pack(orderCode)).toEqual({ kind: "wrong_status", status: "shipped" })
  await complete(orderCode)
  expect(await ship(orderCode)).toEqual({ kind: "wrong_status", status: "completed" })
  expect((await parcelState(tables, orderCode)).told).toHaveLength(3)

  const digital = await newProduct(tables, { units: 1 })
  const bought = await order(tables, await say(tables, await newCustomer(tables, 1_000)), {
    productCode: digital,
  })
  if (bought.kind !== "paid") throw new Error("it was not paid")
  expect(await pack(bought.order.orderCode)).toEqual({ kind: "not_physical", status: "paid" })
})

test("nothing is shipped to nowhere: the customer is asked where to, once a day at most", async () => {
  const { orderCode } = await paidParcel(tables, { hasAddress: false })
  await pack(orderCode)
  expect(await ship(orderCode)).toEqual({ kind: "no_address", isAskedNow: true })
  expect(await ship(orderCode)).toEqual({ kind: "no_address", isAskedNow: false })
  await sendTo(tables, orderCode, { recipient: "Budi" })
  expect(await ship(orderCode)).toEqual({ kind: "no_address", isAskedNow: false })
  await tables.sql`
    update outbox set created_at = now() - interval '25 hours'
     where kind = 'address_wanted' and order_id = (select id from orders where code = ${orderCode})
  `
  expect(await ship(orderCode)).toEqual({ kind: "no_address", isAskedNow: true })
  expect(await parcelState(tables, orderCode)).toMatchObject({
    status: "packing",
    told: ["order_packing", "address_wanted", "address_wanted"],
  })
  await sendTo(tables, orderCode, home)
  expect(await ship(orderCode)).toMatchObject({ kind: "moved" })
})

test("PostgreSQL alone refuses an order that is on its way to nowhere", async () => {
  const { orderCode } = await paidParcel(tables, { hasAddress: false })
  await pack(orderCode)
  const shipping = tables.sql`
    update orders set status = 'shipped', shipped_at = now() where code = ${orderCode}
  `
  expect(await refusal(shipping)).toBe("orders_shipped_somewhere")
})

test("a wrong tracking number is corrected while the goods are on their way, and the customer told", async () => {
  const { orderCode } = await shippedParcel()
  expect(await ship(orderCode, { tracking: "JP999" })).toMatchObject({
    kind: "corrected",
    delivery: { courier: parcel.courier, tracking: "JP999" },
  })
  expect(await ship(orderCode, { tracking: "JP999" })).toMatchObject({ kind: "moved_before" })
  const { told, done } = await parcelState(tables, orderCode)
  expect(told).toEqual(["order_packing", "order_shipped", "order_shipped"])
  expect(done.at(-1)).toBe("correct_shipment by user:1")
  const [note] = await tables.sql`select details from audit_log where action = 'correct_shipment'`
  expect(note?.details).toMatchObject({ tracking: "JP999", before: { tracking: parcel.tracking } })
})

test("two operators who ship the same order at once ship it once, and the customer gets one message", async () => {
  for (let round = 0; round < 5; round += 1) {
    const { orderCode } = await paidParcel(tables)
    await pack(orderCode)
    const outcomes = await Promise.all([1, 2, 3, 4].map((user) => ship(orderCode, { actor: `user:${user}` })))
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["moved", ...Array(3).fill("moved_before")])
    const { told, done } = await parcelState(tables, orderCode)
    expect(told).toEqual(["order_packing", "order_shipped"])
    expect(done).toHaveLength(2)
  }
})

test("shipping and a refund at once: the goods are shipped first, or stay and are for sale again", async () => {
  for (let round = 0; round < 8; round += 1) {
    const { orderCode, productCode } = await paidParcel(tables)
    await pack(orderCode)
    const racers: (() => Promise<unknown>)[] = [() => ship(orderCode), () => refund(orderCode)]
    const [first, second] = await Promise.all((round % 2 ? racers : racers.reverse()).map((race) => race()))
    const shipped = (round % 2 ? first : second) as ShippedOrder
    const [product] = await tables.sql<{ stock: number }[]>`
      select stock from products where code = ${productCode}
    `
    const { status, told } = await parcelState(tables, orderCode)
    const wasShipped = shipped.kind === "moved"
    expect({ status, stock: product?.stock, shipped: told.includes("order_shipped") }).toEqual({
      status: "refunded",
      stock: wasShipped ? 4 : 5,
      shipped: wasShipped,
    })
    if (!wasShipped) expect(shipped).toEqual({ kind: "wrong_status", status: "refunded" })
  }
})

test("goods whose money is on its way back are neither packed nor shipped", async () => {
  provider.becomes("is_silent")
  const [paid, packed] = [await parcelPaidByQris(tables), await parcelPaidByQris(tables)]
  await pack(packed.orderCode)
  for (const { orderCode } of [paid, packed])
    expect(await refund(orderCode, "provider")).toMatchObject({ refund: { state: "requested" } })
  expect(await pack(paid.orderCode)).toEqual({ kind: "money_goes_back" })
  expect(await ship(packed.orderCode)).toEqual({ kind: "money_goes_back" })
})

test("a customer says that their goods arrived: only their own, once, and by the code where several are on their way", async () => {
  const { orderCode, userId } = await shippedParcel()
  const stranger = await paidParcel(tables)
  const receive = (user: typeof userId, code?: string) =>
    receiveOrder(tables.sql, { userId: user, orderCode: code })
  expect(await receive(stranger.userId)).toEqual({ kind: "nothing_shipped" })
  expect(await receive(stranger.userId, orderCode)).toEqual({ kind: "not_found" })
  expect(await receive(stranger.userId, stranger.orderCode)).toEqual({
    kind: "not_shipped",
    orderCode: stranger.orderCode,
    status: "paid",
    orderKind: "physical",
  })
  expect(await receive(userId)).toEqual({ kind: "received", orderCode })
  expect(await receive(userId, orderCode)).toMatchObject({ kind: "received_before", orderCode })
  // The answer to the customer says it: nothing besides is promised.
  expect(await parcelState(tables, orderCode)).toMatchObject({
    status: "completed",
    told: ["order_packing", "order_shipped"],
  })
  const number = await newCustomer(tables, 20_000)
  const [one, other] = [await shippedParcel(number), await shippedParcel(number)]
  const orderCodes = [one.orderCode, other.orderCode]
  expect(await receive(one.userId)).toEqual({ kind: "which", orderCodes })
  expect(await receive(one.userId, other.orderCode)).toMatchObject({ kind: "received" })
  expect(await receive(one.userId)).toEqual({ kind: "received", orderCode: one.orderCode })
})

test("what was shipped 14 days ago is completed by itself, a few at a time, and the customer told", async () => {
  const old = [await shippedParcel(), await shippedParcel(), await shippedParcel()]
  const young = await shippedParcel()
  const codes = old.map(({ orderCode }) => orderCode)
  await tables.sql`
    update orders set shipped_at = now() - interval '14 days 1 minute' where code = any (${codes})
  `
  await tables.sql`
    update orders set shipped_at = now() - interval '13 days' where code = ${young.orderCode}
  `
  expect(await completeOldShipments(tables.sql, { days: 14, limit: 2 })).toBe(2)
  const rest = await Promise.all(
    [1, 2, 3].map(() => completeOldShipments(tables.sql, { days: 14, limit: 2 })),
  )
  expect(rest.reduce((sum, count) => sum + count, 0)).toBe(1)
  for (const orderCode of codes)
    expect(await parcelState(tables, orderCode)).toMatchObject({
      status: "completed",
      told: ["order_packing", "order_shipped", "order_completed"],
    })
  expect((await parcelState(tables, codes[0] ?? "")).done.at(-1)).toBe("complete_order by lapak")
  expect((await parcelState(tables, young.orderCode)).status).toBe("shipped")
})

test("what no operator can hear of waits until one has written", async () => {
  const { sql } = tables
  await sql`update users set role = 'customer' where role in ('owner', 'admin')`
  const { orderCode } = await paidParcel(tables)
  const number = await newCustomer(tables)
  await sql`update users set role = 'owner' where number = ${number}`
  expect(await tellOrdersToPack(sql, { limit: 1_000 })).toBe(0)
  await say(tables, number)
  expect(await tellOrdersToPack(sql, { limit: 1_000 })).toBeGreaterThan(0)
  const [told] = await sql`select data from outbox where kind = 'order_to_pack' order by id desc limit 1`
  expect(JSON.stringify(told?.data)).toContain(orderCode)
})

test("the operators who ever wrote hear once of each order that is to be packed", async () => {
  await tellOrdersToPack(tables.sql, { limit: 1_000 })
  const [owner, admin, silent] = [
    await newCustomer(tables),
    await newCustomer(tables),
    await newCustomer(tables),
  ]
  await say(tables, owner)
  await say(tables, admin)
  await tables.sql`update users set role = 'owner' where number = any (${[owner, silent]})`
  await tables.sql`update users set role = 'admin' where number = ${admin}`
  const [one, other] = [await paidParcel(tables), await paidParcel(tables, { hasAddress: false })]
  await unpaidParcel(tables)
  const counts = await Promise.all([1, 2, 3].map(() => tellOrdersToPack(tables.sql, { limit: 10 })))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2)
  const told = await tables.sql<{ number: string; orders: { orderCode: string; hasAddress: boolean }[] }[]>`
    select users.number, data -> 'orders' as orders
      from outbox
      join users on users.id = user_id
     where kind = 'order_to_pack'
     order by outbox.id
  `
  for (const number of [owner, admin]) {
    const heard = told.filter((row) => row.number === number).flatMap(({ orders }) => orders)
    expect(heard.map(({ orderCode, hasAddress }) => ({ orderCode, hasAddress }))).toEqual([
      { orderCode: one.orderCode, hasAddress: true },
      { orderCode: other.orderCode, hasAddress: false },
    ])
  }
  expect(told.some((row) => row.number === silent)).toBe(false)
})

test("what is paid in the quiet hours of the shop's zone is told after them", async () => {
  await tellOrdersToPack(tables.sql, { limit: 1_000 })
  await paidParcel(tables)
  const at = (time: string) => ({ ...desk.shop, clock: () => new Date(time) })
  expect(await announceOrdersToPack(at("2026-11-18T16:00:00Z"))).toBe(0)
  expect(await announceOrdersToPack(at("2026-11-18T22:59:59Z"))).toBe(0)
  expect(await announceOrdersToPack(at("2026-11-18T23:00:00Z"))).toBe(1)
  expect(await announceOrdersToPack(at("2026-11-18T23:00:01Z"))).toBe(0)
})

test("an operator has the goods of an order sent again: the same units, not while they wait to be sent", async () => {
  const productCode = await newProduct(tables, { units: 2 })
  const number = await newCustomer(tables, 1_000)
  const bought = await order(tables, await say(tables, number), { productCode })
  if (bought.kind !== "paid") throw new Error("it was not paid")
  const { orderCode } = bought.order
  const resend = (code: string) => resendToCustomer(tables.sql, { orderCode: code, actor: "user:1" })
  expect(await resend(orderCode)).toEqual({ kind: "being_sent" })
  await tables.sql`update outbox set state = 'sent' where order_id = (select id from orders where code = ${orderCode})`
  expect(await resend(orderCode)).toEqual({ kind: "resent" })
  expect(await resend(orderCode)).toEqual({ kind: "being_sent" })
  const [sent] = await tables.sql`
    select data, units_of_message(kind, order_id, data) as units
      from outbox
     where state = 'waiting' and order_id = (select id from orders where code = ${orderCode})
  `
  expect(sent).toMatchObject({ data: { orderCode, resent: true, total: rupiah(1_000) }, units: bought.units })
  expect((await parcelState(tables, orderCode)).done).toEqual(["resend_goods by user:1"])
  await refund(orderCode)
  expect(await resend(orderCode)).toEqual({
    kind: "nothing_to_resend",
    status: "refunded",
    orderKind: "digital",
  })
  const { orderCode: physical } = await paidParcel(tables)
  expect(await resend(physical)).toMatchObject({ kind: "nothing_to_resend", orderKind: "physical" })
  expect(await resend("NO-SUCH-ORDER")).toEqual({ kind: "unknown_order" })
})
