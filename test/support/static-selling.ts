import { createOrderPlacing, type PlacedOrder } from "../../src/database/orders.ts"
import type { PaymentRow } from "../../src/database/payments.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import {
  type ListenerNotification,
  type RecordedNotification,
  recordNotification,
} from "../../src/database/static-payments.ts"
import { rupiah } from "../../src/shop/money.ts"
import { newCustomer, newProduct, say, someProcess, type TestTables } from "./selling.ts"

/** Asks for one unit by the shop's static code; each pool of connections stands for a process. */
export async function orderStatic(tables: TestTables, productCode: string, number?: string) {
  const { database, newName } = tables
  const place = createOrderPlacing(database, {
    serves: () => [],
    qrisProvider: "static_qris",
    holdSeconds: 900,
  })
  const message = await say(tables, number ?? (await newCustomer(tables)))
  const name = newName()
  return await place(message, {
    productCode,
    quantity: 1,
    method: "qris",
    orderCode: `S-${name}-X`,
    payToken: `static-token-of-the-page-of-${name}`,
  })
}

/** The payment of an order that has to be made. */
export async function staticPayment(tables: TestTables, productCode: string, number?: string) {
  return paymentOf(await orderStatic(tables, productCode, number))
}

export function paymentOf(placed: PlacedOrder): PaymentRow {
  if (placed.kind !== "awaiting_payment") throw new Error(`the order was ${placed.kind}`)
  return placed.payment
}

/** Leaves exactly these extras of a price to be given: all others belong to payments that ended just now. */
export async function leaveFree({ sql }: TestTables, price: number, extras: readonly number[]) {
  await sql.begin(async (transaction) => {
    const [user] = await transaction<{ id: number }[]>`
      insert into users (number) values (${`62899${price}`}) returning id
    `
    await transaction`
      with made as (
        insert into payments (reference, provider, purpose, user_id, amount, unique_extra, state, pay_token,
                              channel, expires_at)
        select 'FULL-' || ${price}::bigint || '-' || extra, 'static_qris', 'deposit', ${user?.id ?? 0},
               ${price}::bigint + extra, extra, 'expired',
               'the-page-of-a-full-price-' || ${price}::bigint || '-' || extra, 'test', now()
          from generate_series(1, 999) as extra
         where extra <> all (${[...extras]}::integer[])
        returning reference, amount
      )
      insert into static_amounts (amount, reference, free_at)
      select amount, reference, now() + interval '1 hour' from made
    `
  })
}

/** Hands in a notification, by default a clear one of this amount that was posted just now. */
export async function forward(
  { database, newName }: TestTables,
  amount: number,
  changes: Partial<ListenerNotification> & { amountMax?: number } = {},
): Promise<RecordedNotification> {
  const name = newName()
  const { amountMax = 2_000_000, ...given } = changes
  const notification: ListenerNotification = {
    nonce: `nonce-${name}`,
    fingerprint: `fingerprint-${name}`,
    timelessFingerprint: undefined,
    packageName: "id.dana",
    rawBody: "{}",
    postedAt: new Date(),
    reading: "clear",
    isIncoming: true,
    amounts: [amount],
    ...given,
  }
  return await recordNotification(database, notification, rupiah(amountMax))
}

/** Sells one unit for 1,000 rupiah through the static code; returns the extra that became balance. */
export async function sellByStaticCode(tables: TestTables): Promise<number> {
  const { reference, amount, unique_extra } = await staticPayment(
    tables,
    await newProduct(tables, { units: 2 }),
  )
  const recorded = await forward(tables, amount)
  if (recorded.kind !== "matched") throw new Error(`the notification was ${recorded.kind}`)
  const transactionId = `listener-${recorded.eventId}`
  await settlePayment(tables.database, someProcess, { serves: [], reference, amount, transactionId })
  return unique_extra
}
