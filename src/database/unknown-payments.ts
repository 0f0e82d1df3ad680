import type { ReviewId, UserId } from "../shop/ids.ts"
import type { Database } from "./connect.ts"
import type { ReviewDecision } from "./reviews.ts"

/** What became of money that came for nothing the shop knew of. */
export type UnknownPayment = Readonly<{
  reviewId: ReviewId
  decision: ReviewDecision | null
  userId: UserId | null
}>

/** The review of such money by its key; undefined when it was never seen. */
export async function findUnknownPayment(
  database: Database,
  key: string,
): Promise<UnknownPayment | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "find_unknown_payment",
    () => sql<UnknownPayment[]>`
      select id as "reviewId", decision, user_id as "userId"
        from reviews
       where key = ${key}
    `,
  )
  return rows[0]
}
