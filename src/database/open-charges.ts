import type { ChargeReference } from "../payments/payment-provider.ts"
import type { Database } from "./connect.ts"
import type { PaymentState } from "./payments.ts"

export type NamedCharge = Readonly<{ reference: ChargeReference; provider: string }>

/** Open charges whose state was not asked for lately, the longest unasked first, noted as asked now. */
export async function takeChargesToAsk(
  database: Database,
  given: { providers: readonly string[]; unaskedSeconds: number; limit: number },
): Promise<NamedCharge[]> {
  const { sql } = database
  return await database.ask(
    "take_charges_to_ask",
    () => sql<NamedCharge[]>`
      update payments
         set asked_at = now()
       where id in (
         select id
           from payments
          where state in ('requested', 'pending')
            and provider = any(${[...given.providers]}::text[])
            and coalesce(asked_at, created_at) < now() - make_interval(secs => ${given.unaskedSeconds})
          order by asked_at nulls first
          limit ${given.limit}
          for update skip locked
       )
      returning reference, provider
    `,
  )
}

/**
 * Charges of payments that ended here and may still be paid at the provider, noted as asked now: the newly
 * ended at once, the others now and then, for two days.
 */
export async function takeChargesToClose(
  database: Database,
  given: { providers: readonly string[]; unaskedSeconds: number; limit: number },
): Promise<NamedCharge[]> {
  const { sql } = database
  return await database.ask(
    "take_charges_to_close",
    () => sql<NamedCharge[]>`
      update payments
         set asked_at = now()
       where id in (
         select id
           from payments
          where state in ('failed', 'expired', 'cancelled')
            and closed_at is null
            and provider = any(${[...given.providers]}::text[])
            and created_at > now() - interval '2 days'
            and (asked_at is null or asked_at < now() - make_interval(secs => ${given.unaskedSeconds}))
          order by asked_at nulls first
          limit ${given.limit}
          for update skip locked
       )
      returning reference, provider
    `,
  )
}

/** Notes that an ended payment can certainly not be paid any more. Idempotent. */
export async function noteClosed(database: Database, reference: ChargeReference): Promise<void> {
  const { sql } = database
  await database.ask(
    "note_closed_charge",
    () => sql`
      update payments
         set closed_at = now()
       where reference = ${reference}
         and closed_at is null
    `,
  )
}

/** The state of a payment by its charge; undefined when the shop never asked this provider for it. */
export async function readPaymentState(
  database: Database,
  charge: NamedCharge,
): Promise<PaymentState | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "read_payment_state",
    () => sql<{ state: PaymentState }[]>`
      select state
        from payments
       where reference = ${charge.reference}
         and provider = ${charge.provider}
    `,
  )
  return rows[0]?.state
}
