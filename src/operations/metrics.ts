import { Counter, Gauge, Registry } from "prom-client"
import { type BotMetrics, botMetrics } from "./metrics-bot.ts"
import { type BusinessMetrics, businessMetrics } from "./metrics-business.ts"
import { type DatabaseMetrics, databaseMetrics } from "./metrics-database.ts"
import { type GateMetrics, gateMetrics } from "./metrics-gate.ts"
import { type WhatsAppMetrics, whatsappMetrics } from "./metrics-whatsapp.ts"

/** What this process measured. Figures that processes share are put in by `onScrape`, from the database. */
export interface Metrics {
  readonly gate: GateMetrics
  readonly database: DatabaseMetrics
  readonly bot: BotMetrics
  readonly business: BusinessMetrics
  readonly whatsapp: WhatsAppMetrics
  /** Runs before each scrape. One that fails is counted, and leaves its figures as they were. */
  onScrape(fill: () => Promise<void>): void
  /** In the Prometheus text format. */
  text(): Promise<string>
  readonly contentType: string
}

/** Each call makes its own; nothing is global. `now` is in milliseconds since the epoch. */
export function createMetrics({ now = Date.now }: { now?: () => number } = {}): Metrics {
  const registry = new Registry()
  const fills: (() => Promise<void>)[] = []
  const failures = new Counter({
    name: "lapak_scrape_failures_total",
    help: "Figures that could not be read when metrics were asked for",
    registers: [registry],
  })
  processMetrics(registry, now)
  return {
    gate: gateMetrics(registry),
    database: databaseMetrics(registry),
    bot: botMetrics(registry),
    business: businessMetrics(registry),
    whatsapp: whatsappMetrics(registry),
    onScrape: (fill) => {
      fills.push(fill)
    },
    text: async () => {
      const filled = await Promise.allSettled(fills.map(async (fill) => fill()))
      failures.inc(filled.filter((outcome) => outcome.status === "rejected").length)
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}

function processMetrics(registry: Registry, now: () => number): void {
  const startedAt = now()
  new Gauge({
    name: "lapak_uptime_seconds",
    help: "Since this process started",
    registers: [registry],
    collect() {
      this.set((now() - startedAt) / 1000)
    },
  })
  new Gauge({
    name: "lapak_resident_memory_bytes",
    help: "Memory of this process alone, without the engines",
    registers: [registry],
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
}
