import { createOrderPlacing } from "../../src/database/orders.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"
import { listReviews } from "../../src/shop/decide-review.ts"
import { rupiah } from "../../src/shop/money.ts"
import { reconcilePayments } from "../../src/shop/reconcile-payments.ts"
import { receiveNotification } from "../../src/shop/record-payment.ts"
import { workEvent, workOpenEvents } from "../../src/shop/work-payment-events.ts"
import { startWithProvider } from "../simulators/midtrans/with-provider.ts"
import { openDesk } from "./desk.ts"
import { newCustomer, newProduct, openTables, say } from "./selling.ts"

export type MidtransDesk = Awaited<ReturnType<typeof openMidtransDesk>>

export const price = 10_000

/** A shop's tables and use cases with a Midtrans of its own, and no process: everything is done by hand. */
export async function openMidtransDesk() {
  const tables = await openTables()
  const { simulator, provider } = await startWithProvider({ notifyByItself: false })
  const { shop, close } = await openDesk(tables, { providers: [provider] })
  const { sql, database, newName } = tables
  const place = createOrderPlacing(database, {
    serves: () => [],
    qrisProvider: "midtrans",
    holdSeconds: 900,
  })

  /** A charge that waits at Midtrans, of an order that the shop may know or not. */
  async function charge(reference: ChargeReference): Promise<void> {
    const expiresAt = new Date(Date.now() + 900_000)
    await provider.charge({ reference, amount: rupiah(price), expiresAt, description: "KOPI" })
  }

  return {
    tables,
    shop,
    simulator,
    provider,
    charge,
    /** An order of a new customer that waits for its money; the code and the charge's reference. */
    async order(): Promise<{ code: string; reference: ChargeReference }> {
      const productCode = await newProduct(tables, { units: 1 }, price)
      const code = `T-${newName()}-M`
      const placed = await place(await say(tables, await newCustomer(tables)), {
        productCode,
        quantity: 1,
        method: "qris",
        orderCode: code,
        payToken: `token-of-the-page-of-${code}`,
      })
      if (placed.kind !== "awaiting_payment") throw new Error(`the order was ${placed.kind}`)
      const { reference, id } = placed.payment
      await charge(reference)
      await sql`update payments set state = 'pending' where id = ${id}`
      return { code, reference }
    },
    /** The order's time is over, here. */
    async expire(code: string): Promise<void> {
      await sql`update orders set expires_at = now() - interval '1 minute' where code = ${code}`
      await sql`select expire_payments(1, '{}', 100)`
    },
    lastNotification: (reference: string) => simulator.notifications(reference).at(-1) ?? "",
    /** As the webhook does; what became of it, undefined while it stays open. */
    async notify(body: string): Promise<string | undefined> {
      const receipt = await receiveNotification(shop, "midtrans", body)
      if (receipt.kind !== "stored") throw new Error(`the notification was ${receipt.kind}`)
      await workEvent(shop, receipt.event)
      return (await outcomes(receipt.event.reference)).at(-1)?.outcome ?? undefined
    },
    outcomes,
    /** A notification that came so long ago and was not worked. */
    async storeOld(reference: string, claimedState: string, ageHours: number): Promise<void> {
      await sql`
        insert into payment_events (provider, reference, claimed_state, raw_body, received_at)
        values ('midtrans', ${reference}, ${claimedState}, '{}', now() - make_interval(hours => ${ageHours}))
      `
    },
    /** Rounds in which even the oldest open event has its turn. */
    async workOpen(): Promise<void> {
      for (let turn = 1; turn <= 200; turn += 1) {
        const open = await sql`select from open_payment_events`
        if (open.length === 0) return
        await workOpenEvents({ ...shop, clock: () => new Date(turn) })
      }
    },
    async reconcile(reference: string): Promise<void> {
      await sql`update payments set next_ask_at = null`
      await sql`update payments set next_ask_at = now() where reference = ${reference}`
      await reconcilePayments(shop)
    },
    /** What is booked of a charge. */
    async books(reference: string) {
      const [row] = await sql<
        { resolution: string | null; status: string; balance: number; came: string[]; returned: number }[]
      >`
        select resolution, orders.status, users.balance,
               array(select transaction_id from receipts where payment_id = payments.id order by id) as came,
               (select coalesce(sum(reversals.amount), 0)::integer
                  from reversals join receipts on receipts.id = receipt_id
                 where payment_id = payments.id) as returned
          from payments
          join orders on orders.id = order_id
          join users on users.id = payments.user_id
         where reference = ${reference}
      `
      return row
    },
    reviews: async (reference: string) =>
      (await listReviews(shop)).reviews.filter((one) => one.evidence.reference === reference),
    async [Symbol.asyncDispose]() {
      await close()
      await tables.close()
      await simulator.stop()
    },
  }

  async function outcomes(reference: string) {
    return await sql<{ outcome: string | null }[]>`
      select outcome
        from payment_events
        left join payment_event_outcomes on event_id = id
       where reference = ${reference}
       order by id
    `
  }
}
