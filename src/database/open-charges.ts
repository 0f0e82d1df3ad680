import type { ChargeReference } from "../payments/payment-provider.ts"
import type { Database } from "./connect.ts"
import type { PaymentState } from "./payments.ts"

export type NamedCharge = Readonly<{ reference: ChargeReference; provider: string }>

/** A charge whose state is to be asked for; `isClosed`: it was certain that nobody can pay it. */
export type DueCharge = NamedCharge & Readonly<{ state: PaymentState; isClosed: boolean }>

/**
 * The charge that is due the longest, in whatever state. Whoever takes it says by `noteAsked` or
 * `noteSilence` what came of it; when nobody does, it is due again after the lease.
 */
export async function takeDueCharge(
  database: Database,
  given: { providers: readonly string[]; leaseSeconds: number },
): Promise<DueCharge | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "take_due_charge",
    () => sql<DueCharge[]>`
      update payments
         set next_ask_at = now() + make_interval(secs => ${given.leaseSeconds})
       where id = (
         select id
           from payments
          where next_ask_at <= now()
            and provider = any(${[...given.providers]}::text[])
          order by next_ask_at
          limit 1
          for update skip locked
       )
      returning reference, provider, state, closed_at is not null as "isClosed"
    `,
  )
  return rows[0]
}

/** The provider told a charge's state; when to ask again is up to the schedule in sql/0014. */
export async function noteAsked(
  database: Database,
  { reference, state }: DueCharge,
  given: { isClosed: boolean },
): Promise<void> {
  const { sql } = database
  await database.ask("note_asked", () => sql`select note_asked(${reference}, ${state}, ${given.isClosed})`)
}

/** The provider said nothing: the same question is asked again after a pause that grows. */
export async function noteSilence(database: Database, { reference, state }: DueCharge): Promise<void> {
  const { sql } = database
  await database.ask("note_silence", () => sql`select note_silence(${reference}, ${state})`)
}

/**
 * Has a paid charge asked for once more in some minutes, also one whose schedule is over: money of it went
 * back, and more of it may have than the provider says by now. With `fromStart`, its schedule begins anew.
 */
export async function reopenAsking(
  database: Database,
  charge: NamedCharge,
  { fromStart = false }: { fromStart?: boolean } = {},
): Promise<void> {
  const { sql } = database
  await database.ask(
    "reopen_asking",
    () => sql`
      update payments
         set next_ask_at = least(next_ask_at, now() + interval '5 minutes'),
             asks = case when ${fromStart} then 0 else greatest(asks - 1, 0) end
       where reference = ${charge.reference}
         and provider = ${charge.provider}
         and state = 'paid'
         and (${fromStart} or next_ask_at is null or next_ask_at > now() + interval '5 minutes')
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
