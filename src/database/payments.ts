import type { ChargeReference } from "../payments/payment-provider.ts"
import type { PaymentId, ProcessId, UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import { type ClaimedMessage, type ClaimedRow, nextMessage } from "./claimed-message.ts"
import type { Database } from "./connect.ts"
import type { MessagePromise } from "./inbox.ts"
import type { GoodsCount } from "./orders.ts"
import type { Resolution } from "./settlements.ts"

export type PaymentState = "requested" | "pending" | "paid" | "failed" | "expired" | "cancelled" | "review"

/** A payment as SQL functions return it, its times as ISO text. */
export type PaymentRow = Readonly<{
  id: PaymentId
  reference: ChargeReference
  provider: "midtrans" | "demo" | "static_qris"
  purpose: "order" | "deposit"
  user_id: UserId
  amount: Rupiah
  /** What of the amount makes it unlike others; 0 where a payment need not be known by its amount. */
  unique_extra: Rupiah
  state: PaymentState
  pay_token: string
  qr_string: string | null
  redirect_url: string | null
  provider_transaction_id: string | null
  expires_at: string
}>

export type RecordedCharge =
  | Readonly<{ kind: "recorded"; promise: MessagePromise; next: ClaimedMessage | undefined }>
  | Readonly<{ kind: "gone" }>

export type PaymentView = Readonly<{
  state: PaymentState
  amount: Rupiah
  uniqueExtra: Rupiah
  orderCode: string | null
  expiresAt: Date
  qrString: string | null
  redirectUrl: string | null
  provider: "midtrans" | "demo" | "static_qris"
  language: "id" | "en"
  reference: ChargeReference
  /** Null while it is not paid. */
  resolution: Resolution | null
  orderTotal: Rupiah | null
  received: Rupiah
  /** Of the order that it brought its goods, by refunds and under warranty. */
  backToBalance: Rupiah
  sentBack: Rupiah
  takenBack: Rupiah
}>

/**
 * Opens a top-up, or answers with the one of this amount that is still open. Throws LP001 when the message is
 * not ours any more, LP002 when no amount is free that would be nobody else's.
 */
export async function openDeposit(
  database: Database,
  message: ClaimedMessage,
  given: { amount: Rupiah; reference: string; provider: string; payToken: string; holdSeconds: number },
): Promise<PaymentRow> {
  const { sql } = database
  const rows = await database.ask(
    "open_deposit",
    () => sql<{ opened: PaymentRow }[]>`
      select open_deposit(
        ${message.inboxId}, ${message.owner}, ${given.amount}, ${given.reference}, ${given.provider},
        ${given.payToken}, ${given.holdSeconds}
      ) as opened
    `,
  )
  const opened = rows[0]?.opened
  if (!opened) throw new Error("open_deposit answered nothing")
  return opened
}

/** Stores a charge, promises it to the customer and finishes the message. Throws LP001 likewise. */
export async function recordCharge(
  database: Database,
  message: ClaimedMessage,
  given: {
    paymentId: PaymentId
    serves: readonly string[]
    qrString: string | undefined
    redirectUrl: string | undefined
    transactionId: string | undefined
    expiresAt: Date
    words: Readonly<Record<string, unknown>>
  },
): Promise<RecordedCharge> {
  const { sql } = database
  type Answer = { kind: "gone" } | { kind: "recorded"; promise: MessagePromise; next: ClaimedRow | null }
  const rows = await database.ask(
    "record_charge",
    () => sql<{ recorded: Answer }[]>`
      select record_charge(
        ${given.paymentId}, ${message.inboxId}, ${message.owner}, ${[...given.serves]}::text[],
        ${given.qrString ?? null}, ${given.redirectUrl ?? null}, ${given.transactionId ?? null},
        ${given.expiresAt},
        ${sql.json(JSON.parse(JSON.stringify(given.words)))}
      ) as recorded
    `,
  )
  const recorded = rows[0]?.recorded
  if (recorded?.kind !== "recorded") return { kind: "gone" }
  return { ...recorded, next: nextMessage(recorded.next, message.owner) }
}

/** Ends a payment that could not be charged and undoes its order. Undefined when it had ended already. */
export async function failCharge(
  database: Database,
  paymentId: PaymentId,
): Promise<readonly GoodsCount[] | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "fail_charge",
    () => sql<{ goods: GoodsCount[] | null }[]>`select fail_charge(${paymentId}) as goods`,
  )
  return rows[0]?.goods ?? undefined
}

/** Ends payments whose time is over; a row for each, with the goods that came free. */
export async function expirePayments(
  database: Database,
  owner: ProcessId,
  given: { serves: readonly string[]; limit: number },
): Promise<(readonly GoodsCount[])[]> {
  const { sql } = database
  const rows = await database.ask(
    "expire_payments",
    () => sql<{ goods: GoodsCount[] }[]>`
      select expire_payments(${owner}, ${[...given.serves]}::text[], ${given.limit}) as goods
    `,
  )
  return rows.map(({ goods }) => goods)
}

/** What the payment page of a token shows. */
export async function findPaymentPage(
  database: Database,
  payToken: string,
): Promise<PaymentView | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "find_payment_page",
    () => sql<PaymentView[]>`
      select
        payments.state,
        payments.amount,
        payments.unique_extra as "uniqueExtra",
        orders.code as "orderCode",
        payments.expires_at as "expiresAt",
        payments.qr_string as "qrString",
        payments.redirect_url as "redirectUrl",
        payments.provider,
        users.language,
        payments.reference,
        payments.resolution,
        orders.total as "orderTotal",
        coalesce((select sum(amount) from receipts where payment_id = payments.id), 0)::bigint as received,
        case when payments.resolution in ('goods', 'late_goods') then
          coalesce((
            select sum(amount)
              from refunds
             where order_id = orders.id
               and payment_id is null
               and state = 'done'
          ), 0)
          + coalesce((select sum(refunded) from warranty_claims where order_id = orders.id), 0)
        else 0 end::bigint as "backToBalance",
        (coalesce((
           select sum(amount)
             from refunds
            where payment_id = payments.id
              and state = 'done'
         ), 0) + returned.refunded)::bigint as "sentBack",
        returned.taken::bigint as "takenBack"
      from payments
      join users on users.id = payments.user_id
      left join orders on orders.id = payments.order_id
     cross join lateral (
        select coalesce(sum(reversals.amount) filter (where kind = 'refund'), 0) as refunded,
               coalesce(sum(reversals.amount) filter (where kind <> 'refund'), 0) as taken
          from receipts
          join reversals on reversals.receipt_id = receipts.id
         where receipts.payment_id = payments.id
      ) as returned
      where payments.pay_token = ${payToken}
    `,
  )
  return rows[0]
}

/** The newest open payment of a customer, for the demo's `.bayar`. */
export async function findOpenPayment(
  database: Database,
  userId: UserId,
): Promise<{ reference: ChargeReference; provider: string } | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "find_open_payment",
    () => sql<{ reference: ChargeReference; provider: string }[]>`
      select reference, provider
        from payments
       where user_id = ${userId}
         and state = 'pending'
       order by id desc
       limit 1
    `,
  )
  return rows[0]
}
