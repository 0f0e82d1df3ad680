import type { Rupiah } from "../../shop/money.ts"

/** Something operators are told by the shop itself. */
export type OperatorAlert =
  | Readonly<{ kind: "low_stock"; code: string; name: string; left: number }>
  | Readonly<{ kind: "large_order"; orderCode: string; total: Rupiah }>
  | Readonly<{ kind: "review"; reviewId: number }>
  /** The customer said so after the operators were told where to. */
  | Readonly<{ kind: "new_address"; orderCode: string; recipient: string; address: string }>
  /** `count` messages in a day were not to be sent. */
  | Readonly<{ kind: "messages_given_up"; count: number }>
  /** Messages to `count` customers wait for longer than ten minutes. */
  | Readonly<{ kind: "messages_stuck"; count: number }>
  /** `count` customers' messages were not looked at for ten minutes. */
  | Readonly<{ kind: "messages_unanswered"; count: number }>
  /** Answers ended in errors of our own, several in ten minutes. */
  | Readonly<{ kind: "messages_failing" }>
  | Readonly<{ kind: "redis_away" }>

/** What was sold, and given back, in some time. */
export type DaySales = Readonly<{ orders: number; revenue: Rupiah; refunds: number; refunded: Rupiah }>

/** A day, as long before it, and what is to be done. */
export type DailySummary = DaySales &
  Readonly<{
    /** Usually 24 hours before; earlier where days were missed. */
    since: Date
    until: Date
    before: DaySales
    /** The best first. */
    top: readonly Readonly<{ name: string; quantity: number; amount: Rupiah }>[]
    /** The emptiest few of `lowCount`. */
    low: readonly Readonly<{ code: string; left: number }>[]
    lowCount: number
    waits: Readonly<{
      reviews: number
      toPack: number
      /** Those who asked for a person. */
      customers: number
    }>
  }>

/** Said to owners and admins by the shop itself. */
export interface AlertTexts {
  /** At least one; of very many the last are only counted. */
  operatorAlerts(told: Readonly<{ alerts: readonly OperatorAlert[] }>): string
  dailySummary(summary: DailySummary): string
}

/** Whether it is of 24 hours, or of 23 or 25 where clocks change. */
export function isOfOneDay({ since, until }: Pick<DailySummary, "since" | "until">): boolean {
  return Math.abs(until.getTime() - since.getTime() - 24 * hourMs) <= hourMs
}

const hourMs = 3_600_000

/** What is read in one message. */
export const alertLinesMax = 20
