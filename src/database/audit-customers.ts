import type { AuditCheck } from "./audit.ts"

/** What holds of customers and the addresses they are known by. */
export const customerChecks: readonly AuditCheck[] = [
  {
    name: "customers_have_an_address",
    promise: "each customer has a number or a LID",
    tally: (sql) => sql`
      select count(*) as count,
             count(*) filter (
               where number is null
                 and not exists (select from lids where user_id = users.id)
             ) as violations
        from users
       where united_into is null
    `,
  },
  {
    name: "united_customers_have_nothing",
    promise: "nothing is left with a customer who turned out to be another one",
    tally: (sql) => sql`
      select count(*) as count,
             count(*) filter (
               where gone.balance <> 0
                 or gone.number is not null
                 or kept.number is null
                 or exists (select from lids where user_id = gone.id)
                 or exists (select from orders where user_id = gone.id)
                 or exists (select from payments where user_id = gone.id)
                 or exists (select from outbox where user_id = gone.id)
                 or exists (select from conversations where user_id = gone.id)
                 or exists (select from restock_alerts where user_id = gone.id)
                 or exists (select from voucher_choices where user_id = gone.id)
                 or exists (select from voucher_guesses where user_id = gone.id)
                 or exists (
                   select from inbox where user_id = gone.id and state in ('waiting', 'working')
                 )
             ) as violations
        from users as gone
        join users as kept on kept.id = gone.united_into
    `,
  },
]
