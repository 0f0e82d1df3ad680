import type { ChargeReference } from "../payments/payment-provider.ts"
import type { ReviewId, UserId } from "../shop/ids.ts"
import type { Database } from "./connect.ts"

/** The customer with this number, or this LID (`<digits>@lid`); undefined when there is none. */
export async function findCustomer(database: Database, address: string): Promise<UserId | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "find_customer",
    () => sql<{ id: UserId }[]>`
      select id from users where number = ${address}
      union all
      select user_id from lids where lid = ${address}
    `,
  )
  return rows[0]?.id
}

/**
 * The payment that a person means by an order's code or by its own reference, for the money of a review: of
 * an order, the latest one made with the review's provider. Undefined when there is none.
 */
export async function findPaymentMeant(
  database: Database,
  given: { word: string; reviewId: ReviewId },
): Promise<ChargeReference | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "find_payment_meant",
    () => sql<{ reference: ChargeReference }[]>`
      select payments.reference
        from payments
        left join orders on orders.id = payments.order_id
        left join reviews on reviews.id = ${given.reviewId}
       where payments.reference = ${given.word}
          or orders.code = ${given.word}
       order by payments.reference = ${given.word} desc,
                payments.provider is not distinct from reviews.provider desc,
                payments.id desc
       limit 1
    `,
  )
  return rows[0]?.reference
}
