import type { Rupiah } from "../shop/money.ts"
import type { Database, Statements } from "./connect.ts"
import { inSnapshot } from "./snapshot.ts"

const errorsMax = 100

/** How many people took each step of the way to goods. */
export type StepCounts = Readonly<{
  greeted: number
  sawCatalogue: number
  checkedOut: number
  paid: number
  delivered: number
}>

/** gross - discounts - refunded = net, as the ledger books it. */
export type Revenue = Readonly<{
  orders: number
  gross: Rupiah
  discounts: Rupiah
  refunded: Rupiah
  net: Rupiah
}>

/** Days as YYYY-MM-DD and hours in the shop's zone. Where nothing happened, there is no entry. */
export type Stats = Readonly<{
  zone: string
  from: string
  to: string
  /** `people` took any step; whoever came on several days is one. */
  people: StepCounts & Readonly<{ people: number }>
  conversion: ReadonlyArray<StepCounts & Readonly<{ day: string }>>
  /** Weekdays from 1, Monday, to 7; the busiest hour first. */
  busiestHours: ReadonlyArray<{ weekday: number; hour: number; messages: number; paidOrders: number }>
  revenueByDay: ReadonlyArray<Revenue & Readonly<{ day: string }>>
  /** The best first. */
  revenueByProduct: ReadonlyArray<Revenue & Readonly<{ code: string; name: string; units: number }>>
  /** Customers who bought in these days and kept it, and those of them who bought again, or before. */
  repeatCustomers: Readonly<{ customers: number; repeatCustomers: number; orders: number }>
  /** `rate` is a share from 0 up. */
  errorRate: ReadonlyArray<{ day: string; messages: number; failed: number; rate: number }>
  /** All that failed, the most frequent first; the log has the cause under the reference. */
  errors: ReadonlyArray<{ operation: string; code: string; times: number; latestReference: string }>
}>

/** The figures of so many days up to now, today included, in one snapshot. Throws `DatabaseUnavailable`. */
export async function readStats(database: Database, { days }: { days: number }): Promise<Stats> {
  return await inSnapshot(database, "stats", async (transaction) => {
    // What has to be read differs with the first day by far more than planning costs.
    await transaction`set local plan_cache_mode = force_custom_plan`
    const [span] = await transaction<{ since: Date; zone: string; from: string; to: string }[]>`
      select since,
             shop_zone() as zone,
             to_char(since at time zone shop_zone(), 'YYYY-MM-DD') as "from",
             to_char(now() at time zone shop_zone(), 'YYYY-MM-DD') as "to"
        from shop_day_began(${days - 1}) as since
    `
    if (!span) throw new Error("the shop's day could not be told")
    const { since, zone, from, to } = span
    return {
      zone,
      from,
      to,
      ...(await readPeople(transaction, since)),
      ...(await readRevenue(transaction, since)),
      ...(await readMessages(transaction, since)),
    }
  })
}

async function readPeople(
  sql: Statements,
  since: Date,
): Promise<Pick<Stats, "people" | "conversion" | "repeatCustomers">> {
  const [people] = await sql<Stats["people"][]>`
    select people, greeted, saw_catalogue as "sawCatalogue", checked_out as "checkedOut", paid, delivered
      from people_since(${since})
  `
  const conversion = await sql<Stats["conversion"][number][]>`
    select to_char(day, 'YYYY-MM-DD') as day, greeted, saw_catalogue as "sawCatalogue",
           checked_out as "checkedOut", paid, delivered
      from conversion_since(${since})
     order by day
  `
  const [repeatCustomers] = await sql<Stats["repeatCustomers"][]>`
    select customers, repeat_customers as "repeatCustomers", orders
      from repeat_customers_since(${since})
  `
  if (!people || !repeatCustomers) throw new Error("the customers could not be counted")
  return { people, conversion: [...conversion], repeatCustomers }
}

async function readRevenue(
  sql: Statements,
  since: Date,
): Promise<Pick<Stats, "revenueByDay" | "revenueByProduct">> {
  const revenueByDay = await sql<Stats["revenueByDay"][number][]>`
    select to_char(day, 'YYYY-MM-DD') as day, orders, gross, discounts, refunded, net
      from revenue_by_day_since(${since})
     order by day
  `
  const revenueByProduct = await sql<Stats["revenueByProduct"][number][]>`
    select code, name, orders, units, gross, discounts, refunded, net
      from revenue_by_product_since(${since})
     order by net desc, code
  `
  return { revenueByDay: [...revenueByDay], revenueByProduct: [...revenueByProduct] }
}

async function readMessages(
  sql: Statements,
  since: Date,
): Promise<Pick<Stats, "busiestHours" | "errorRate" | "errors">> {
  const busiestHours = await sql<Stats["busiestHours"][number][]>`
    select weekday, hour, messages, paid_orders as "paidOrders"
      from busiest_hours_since(${since})
     order by messages desc, paid_orders desc, weekday, hour
  `
  const errorRate = await sql<Stats["errorRate"][number][]>`
    select to_char(day, 'YYYY-MM-DD') as day, messages, failed, rate::float as rate
      from error_rate_since(${since})
     order by day
  `
  const errors = await sql<Stats["errors"][number][]>`
    select operation, code, times, latest_reference as "latestReference"
      from errors_since(${since})
     order by times desc, operation, code
     limit ${errorsMax}
  `
  return { busiestHours: [...busiestHours], errorRate: [...errorRate], errors: [...errors] }
}
