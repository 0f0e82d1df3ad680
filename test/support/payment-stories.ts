import { openGate } from "../../src/gate/gate.ts"
import { openVault } from "../../src/operations/vault.ts"
import type {
  ChargeReference,
  ChargeState,
  PaymentProvider,
  StatusOutcome,
} from "../../src/payments/payment-provider.ts"
import { rupiah } from "../../src/shop/money.ts"
import { receiveNotification } from "../../src/shop/record-payment.ts"
import type { Shop } from "../../src/shop/shop.ts"
import { workEvent } from "../../src/shop/work-payment-events.ts"
import { testShop } from "./engines.ts"
import { countMetrics, quietLog } from "./gate.ts"
import { newProduct, someProcess, type TestTables } from "./selling.ts"

export const price = 1_000

/** What the provider says of a charge from some moment on, and what it then has of us by that transaction. */
export type Stage = Readonly<{ state: ChargeState; refunded: number; transaction: string; kept: number }>

const stage = (state: ChargeState, kept: number, refunded = 0, transaction = "t-1"): Stage => ({
  state,
  refunded,
  transaction,
  kept,
})
const pending = stage("pending", 0)
const paid = stage("paid", price)

/** What can happen to a charge, in its order; each stage has a notification of its own. */
export const lives = {
  "is paid": [pending, paid],
  expires: [pending, stage("expired", 0)],
  "is paid and refunded": [pending, paid, stage("refunded", 0, price)],
  "is paid and charged back": [pending, paid, stage("charged_back", 0, price)],
  "is paid and denied": [pending, paid, stage("denied", 0, price)],
  "is paid twice": [pending, paid, stage("paid", price, 0, "t-2")],
  "is paid, refunded in part and then in full": [
    pending,
    paid,
    stage("partially_refunded", price - 300, 300),
    stage("refunded", 0, price),
  ],
  "expires and is paid by a second transaction": [
    pending,
    stage("expired", 0),
    stage("pending", 0, 0, "t-2"),
    stage("paid", price, 0, "t-2"),
  ],
} as const satisfies Record<string, readonly Stage[]>

export type Life = keyof typeof lives

/** A notification by its place in the life, delivered while the provider's status is at the stage `seen`. */
export type Delivery = Readonly<{ notification: number; seen: number }>

/** A charge's life, and its notifications in the groups in which they are delivered at once. */
export type Story = Readonly<{ life: Life; groups: readonly (readonly Delivery[])[] }>

/** A provider whose status is what it is told to be, and what its shop does with what comes from it. */
export async function openTill(tables: TestTables) {
  const truth = new Map<ChargeReference, Stage>()
  const shop = await openShop(tables, truthfulProvider(truth))

  async function notify(reference: ChargeReference, life: Life, notification: number): Promise<void> {
    const claimed = lives[life][notification]
    const body = JSON.stringify({ reference, state: claimed?.state, transaction: claimed?.transaction })
    const receipt = await receiveNotification(shop, "midtrans", body)
    if (receipt.kind !== "stored") throw new Error(`the notification was ${receipt.kind}`)
    // One that the status does not bear out yet stays open; what was seen is booked all the same.
    await workEvent(shop, receipt.event)
  }

  const see = (reference: ChargeReference, life: Life, place: number) => {
    const now = lives[life][place]
    if (now) truth.set(reference, now)
  }

  return {
    play: async (reference: ChargeReference, { life, groups }: Story): Promise<void> => {
      for (const group of groups) {
        see(reference, life, group[0]?.seen ?? 0)
        await Promise.all(group.map(({ notification }) => notify(reference, life, notification)))
      }
    },
    close: () => shop.gate.close(),
  }
}

/** Orders of one unit each that wait for their payment at Midtrans, made all at once. */
export async function newCharges(tables: TestTables, count: number): Promise<ChargeReference[]> {
  const productCode = await newProduct(tables, { units: count * 2 }, price)
  const name = tables.newName()
  return await tables.sql.begin(async (sql) => {
    await sql`
      insert into users (number)
      select '62' || ${name.slice(1)}::text || '0' || (1000000 + place)
        from generate_series(1, ${count}) as place
    `
    await sql`
      insert into orders (code, user_id, kind, status, method, total, expires_at, channel)
      select ${name} || '-' || row_number() over (order by id), id, 'digital', 'awaiting_payment', 'qris',
             ${price}, now() + interval '1 hour', 'test'
        from users
       where number like '62' || ${name.slice(1)}::text || '01______'
    `
    await sql`
      insert into order_lines (order_id, product_id, name, quantity, unit_price, amount)
      select orders.id, products.id, products.name, 1, ${price}, ${price}
        from orders, products
       where orders.code like ${`${name}-%`} and products.code = ${productCode}
    `
    await sql`
      update stock_units
         set state = 'held', order_id = wanting.id
        from (
          select id, row_number() over (order by id) as place from orders where code like ${`${name}-%`}
        ) as wanting
        join (
          select stock_units.id, row_number() over (order by stock_units.id) as place
            from stock_units
            join products on products.id = product_id
           where products.code = ${productCode}
        ) as free using (place)
       where stock_units.id = free.id
    `
    const made = await sql<{ reference: ChargeReference }[]>`
      insert into payments (reference, provider, purpose, user_id, order_id, amount, state, pay_token,
                            channel, expires_at)
      select code || '-1', 'midtrans', 'order', user_id, id, total, 'pending', 'token-of-the-page-of-' || code,
             channel, expires_at
        from orders
       where code like ${`${name}-%`}
      returning reference
    `
    return made.map(({ reference }) => reference)
  })
}

function truthfulProvider(truth: ReadonlyMap<ChargeReference, Stage>): PaymentProvider {
  const refused = { kind: "refused", reason: "this provider is only asked" } as const
  return {
    name: "midtrans",
    isDemo: false,
    charge: async () => refused,
    status: async (reference): Promise<StatusOutcome> => {
      const now = truth.get(reference)
      if (!now) return { kind: "not_found" }
      const { state, refunded, transaction: transactionId } = now
      const amounts = { amount: rupiah(price), refundedAmount: rupiah(refunded) }
      return { kind: "known", reference, transactionId, state, ...amounts }
    },
    cancel: async () => false,
    refund: async () => refused,
    readNotification: (rawBody) => {
      const { reference, state } = JSON.parse(rawBody)
      return { kind: "authentic", reference, claimedState: String(state) }
    },
  }
}

async function openShop(tables: TestTables, provider: PaymentProvider): Promise<Shop> {
  const gate = await openGate({
    connection: { kind: "absent" },
    shop: testShop,
    log: quietLog,
    metrics: countMetrics(),
    countStock: async () => new Map(),
    newToken: tables.newName,
  })
  const unasked = () => Promise.reject(new Error("nobody orders here"))
  return {
    database: tables.database,
    placeOrder: unasked,
    answerMessage: unasked,
    chats: [],
    gate,
    vault: openVault("5e".repeat(32)),
    fetchDocument: unasked,
    log: quietLog,
    events: { funnel: () => undefined, payment: () => undefined },
    provider,
    providerNamed: () => provider,
    providerNames: [provider.name],
    owner: () => someProcess,
    serves: () => [],
    deliver: () => undefined,
    promised: () => undefined,
    lateGoods: "equal",
    returnUrl: () => undefined,
    clock: () => new Date(),
    random: () => 0,
    newOrderCode: tables.newName,
    newPayToken: tables.newName,
  }
}
