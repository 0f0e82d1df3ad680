import { Counter, Gauge, type Registry } from "prom-client"
import type { Rupiah } from "../shop/money.ts"
import { label } from "./metrics-labels.ts"

/** Setters: these figures are the shop's, not a process's, and are read from PostgreSQL on each scrape. */
export interface BusinessMetrics {
  /** All that was ever sold, before refunds. */
  revenue(total: Rupiah): void
  /** How many orders are in each state now; a state that is not named is none. */
  orders(byStatus: Readonly<Record<string, number>>): void
  lowStockProducts(count: number): void
  /** What a person has to decide. */
  openReviews(count: number): void
  /** Refunds that a provider has not confirmed yet. */
  waitingRefunds(count: number): void
}

export function businessMetrics(registry: Registry): BusinessMetrics {
  const registers = [registry]
  const revenue = new Counter({
    name: "lapak_revenue_rupiah_total",
    help: "All that was ever sold, before refunds",
    registers,
  })
  const orders = new Gauge({
    name: "lapak_orders",
    help: "Orders by the state they are in",
    labelNames: ["status"] as const,
    registers,
  })
  const lowStock = new Gauge({
    name: "lapak_products_low_stock",
    help: "Products at or under the level at which the operator wants to know",
    registers,
  })
  const reviews = new Gauge({
    name: "lapak_reviews_open",
    help: "Things that wait for a person's decision: see lapak reviews",
    registers,
  })
  const refunds = new Gauge({
    name: "lapak_refunds_waiting",
    help: "Refunds that the payment provider has not confirmed yet",
    registers,
  })
  return {
    revenue: (total) => {
      revenue.reset()
      revenue.inc(total)
    },
    orders: (byStatus) => {
      orders.reset()
      for (const [status, count] of Object.entries(byStatus)) orders.set({ status: label(status) }, count)
    },
    lowStockProducts: (count) => lowStock.set(count),
    openReviews: (count) => reviews.set(count),
    waitingRefunds: (count) => refunds.set(count),
  }
}
