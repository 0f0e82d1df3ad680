import { comeToRest } from "./come-to-rest.ts"
import type { Books, ChargeEvidence, CustomerEvidence, Evidence, RefundEvidence } from "./evidence.ts"
import type { Scene } from "./open-scene.ts"
import type { PlannedCustomer } from "./plan-customers.ts"
import { balanceIn, isAnswer } from "./read-messages.ts"

/** Asks every customer for the balance, and puts down what everybody outside knows. */
export async function collectEvidence(
  scene: Scene,
  planned: readonly PlannedCustomer[],
  given: { durationMs: number },
): Promise<Evidence> {
  const { stall, gateway, shops } = scene
  const questions = new Map(planned.map(({ number }) => [number, gateway.say(number, ".saldo")]))
  const leftOpen = await comeToRest(scene, given)
  const customers = planned.map(({ number, openingBalance }): CustomerEvidence => {
    const told = stall.peer.repliesTo(questions.get(number) ?? "").find(isAnswer)
    const said = gateway.said().filter(({ from }) => from === number)
    return {
      number,
      openingBalance,
      said: said.map(({ id, text }) => ({ id, text, wasTaken: gateway.wasTaken(id) })),
      shown: stall.peer.messagesTo(number),
      toldBalance: balanceIn(told?.text ?? ""),
    }
  })
  return {
    customers,
    prices: scene.prices,
    charges: chargesOf(scene),
    gatewayProblems: stall.peer.problems(),
    shopProblems: [...gateway.refusals(), ...shops.endedByThemselves()],
    leftOpen,
    books: await readBooks(scene),
  }
}

function chargesOf({ midtrans, bank }: Scene): readonly ChargeEvidence[] {
  return midtrans.transactions().map(({ orderId }) => {
    const { number, amount, refunded } = bank.paidFor(orderId)
    return { reference: orderId, number, received: amount, refunded }
  })
}

async function readBooks({ ask, stall }: Scene): Promise<Books> {
  const { sql } = stall
  const [totals] = await ask(
    () => sql<{ ledgerSum: number; unitsSold: number; unitsHeld: number; messagesGivenUp: number }[]>`
      select
        (select coalesce(sum(amount), 0)::bigint from ledger_entries) as "ledgerSum",
        (select count(*)::integer from stock_units where state = 'sold') as "unitsSold",
        (select count(*)::integer from stock_units where state = 'held') as "unitsHeld",
        (select count(*)::integer from outbox
          where state = 'given_up'
            and failure is distinct from 'refunded') as "messagesGivenUp"
    `,
  )
  if (!totals) throw new Error("the books could not be read")
  const balances = await ask(
    () => sql<{ number: string; balance: number }[]>`
      select number, balance from users where number is not null
    `,
  )
  const paid = await ask(
    () => sql<{ reference: string }[]>`select reference from payments where state = 'paid'`,
  )
  const refunds = await ask(
    () => sql<RefundEvidence[]>`
      select users.number,
             orders.code as "orderCode",
             payments.reference,
             refunds.amount
        from refunds
        join orders on orders.id = refunds.order_id
        join users on users.id = orders.user_id
        left join payments on payments.id = refunds.payment_id
       where refunds.state = 'done'
    `,
  )
  const answeredByRefund = await ask(
    () => sql<{ id: string }[]>`
      select in_reply_to as id
        from outbox
       where state = 'given_up'
         and failure = 'refunded'
         and in_reply_to is not null
    `,
  )
  const refused = await ask(
    () => sql<{ id: string }[]>`select message_id as id from inbox where state = 'refused'`,
  )
  return {
    ...totals,
    refused: refused.map(({ id }) => id),
    answeredByRefund: answeredByRefund.map(({ id }) => id),
    refunds: [...refunds],
    findings: await stall.audit(),
    balances: new Map(balances.map(({ number, balance }) => [number, balance])),
    paidCharges: paid.map(({ reference }) => reference),
  }
}
