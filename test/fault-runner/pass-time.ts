import type { Scene } from "./open-scene.ts"

/** The clock is the one thing a run cannot hurry: it moves the times that were written down instead. */
export async function endTimeOf(reference: string, { ask, stall }: Scene): Promise<void> {
  const { sql } = stall
  await ask(
    () => sql`
      update orders
         set expires_at = now()
       where status = 'awaiting_payment'
         and id = (select order_id from payments where reference = ${reference})
    `,
  )
  await ask(
    () => sql`
      update payments
         set expires_at = now()
       where reference = ${reference}
         and state in ('requested', 'pending')
    `,
  )
}

/**
 * Everything that waits for a time is due now: unpaid orders and top-ups end, charges are asked for, messages
 * are tried again. A charge that Midtrans never heard of, or that is closed and stayed unpaid, keeps its own
 * time, so that it holds up no other.
 */
export async function makeAllDue({ ask, stall, midtrans, bank }: Scene): Promise<void> {
  const { sql } = stall
  const made = midtrans.transactions().map(({ orderId }) => orderId)
  const paid = made.filter((reference) => bank.paidFor(reference).amount > 0)
  await ask(
    () => sql`
      update orders
         set expires_at = now()
       where status = 'awaiting_payment'
         and expires_at > now()
    `,
  )
  await ask(
    () => sql`
      update payments
         set expires_at = least(expires_at, now()),
             next_ask_at = least(next_ask_at, now())
       where state in ('requested', 'pending')
          or (state <> 'paid' and closed_at is null and reference = any (${made}::text[]))
          or (state <> 'paid' and reference = any (${paid}::text[]))
    `,
  )
  await ask(() => sql`update refunds set ask_at = now() where state = 'requested' and ask_at > now()`)
  await ask(
    () => sql`
      update outbox
         set next_attempt_at = now()
       where state = 'waiting'
         and next_attempt_at > now()
    `,
  )
}
