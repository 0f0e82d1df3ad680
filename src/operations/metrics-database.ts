import { Counter, Gauge, Histogram, type Registry } from "prom-client"
import { label, msPerSecond } from "./metrics-labels.ts"

export interface DatabaseMetrics {
  queryDuration(operation: string, durationMs: number): void
  /** Each try of a statement, or of what was sent as one transaction; `unknown` when no answer came. */
  transaction(outcome: "committed" | "failed" | "unknown"): void
  databaseError(operation: string): void
  pool(connections: Readonly<{ used: number; size: number }>): void
}

export function databaseMetrics(registry: Registry): DatabaseMetrics {
  const registers = [registry]
  const queries = new Histogram({
    name: "lapak_postgres_query_duration_seconds",
    help: "From handing a query over to its answer, waiting for a connection included",
    labelNames: ["operation"] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  })
  const transactions = new Counter({
    name: "lapak_postgres_transactions_total",
    help: "Transactions by how they ended",
    labelNames: ["outcome"] as const,
    registers,
  })
  const errors = new Counter({
    name: "lapak_postgres_errors_total",
    help: "Queries that failed",
    labelNames: ["operation"] as const,
    registers,
  })
  const used = new Gauge({
    name: "lapak_postgres_pool_used_connections",
    help: "Connections at work",
    registers,
  })
  const size = new Gauge({
    name: "lapak_postgres_pool_size_connections",
    help: "Connections there may be",
    registers,
  })
  return {
    queryDuration: (operation, durationMs) =>
      queries.observe({ operation: label(operation) }, durationMs / msPerSecond),
    transaction: (outcome) => transactions.inc({ outcome: label(outcome) }),
    databaseError: (operation) => errors.inc({ operation: label(operation) }),
    pool: (connections) => {
      used.set(connections.used)
      size.set(connections.size)
    },
  }
}
