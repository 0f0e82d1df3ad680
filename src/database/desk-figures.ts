import type { Database } from "./connect.ts"

/** What waits for a person, and what a provider owes an answer on. */
export type DeskFigures = Readonly<{
  reviewsOpen: number
  /** Of the oldest open one; 0 when there is none. */
  reviewsOldestSeconds: number
  refundsWaiting: number
  refundsOldestSeconds: number
}>

export async function readDeskFigures(database: Database): Promise<DeskFigures> {
  const { sql } = database
  const rows = await database.ask(
    "desk_figures",
    () => sql<DeskFigures[]>`
      select reviews.count as "reviewsOpen",
             reviews.seconds as "reviewsOldestSeconds",
             refunds.count as "refundsWaiting",
             refunds.seconds as "refundsOldestSeconds"
        from (
          select count(*)::integer as count,
                 coalesce(extract(epoch from now() - min(created_at)), 0)::float as seconds
            from reviews
           where decision is null
        ) as reviews
       cross join (
          select count(*)::integer as count,
                 coalesce(extract(epoch from now() - min(created_at)), 0)::float as seconds
            from refunds
           where state = 'requested'
        ) as refunds
    `,
  )
  return rows[0] ?? { reviewsOpen: 0, reviewsOldestSeconds: 0, refundsWaiting: 0, refundsOldestSeconds: 0 }
}
