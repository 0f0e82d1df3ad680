import { expect, test } from "bun:test"
import { createMetrics } from "../../src/operations/metrics.ts"
import { rupiah } from "../../src/shop/money.ts"

test("everything that is measured is told under lapak_, with the values it was given", async () => {
  let now = 1_000_000
  const metrics = createMetrics({ now: () => now })
  metrics.gate.cacheHit("catalogue")
  metrics.gate.cacheHit("catalogue")
  metrics.gate.cacheMiss("catalogue")
  metrics.gate.lockTaken()
  metrics.gate.lockRefused()
  metrics.gate.rateLimited("buy")
  metrics.gate.scriptDuration("begin-checkout", 2)
  metrics.gate.driftRepaired(3)
  metrics.gate.state("ready")
  metrics.gate.state("degraded")
  metrics.database.queryDuration("place-order", 20)
  metrics.database.transaction("committed")
  metrics.database.databaseError("place-order")
  metrics.database.pool({ used: 2, size: 10 })
  metrics.bot.messageHandled({ channel: "gateway", outcome: "answered", durationMs: 50 })
  metrics.bot.funnel("greeting")
  metrics.bot.payment("paid")
  metrics.bot.error("place-order")
  metrics.bot.activeUsers(7)
  metrics.bot.outbox({ depth: 4, oldestAgeSeconds: 1.5 })
  metrics.bot.inbox({ depth: 5 })
  metrics.whatsapp.whatsappState("open")
  metrics.whatsapp.whatsappSent("delivered")
  metrics.whatsapp.whatsappReceived("duplicate")
  metrics.whatsapp.whatsappDisconnected(515)
  metrics.whatsapp.whatsappDisconnected(6281234567890)
  metrics.whatsapp.whatsappQueue(3)
  metrics.whatsapp.whatsappPaceWait(500)
  metrics.whatsapp.whatsappPaused(true)
  metrics.whatsapp.whatsappLease(true)
  metrics.whatsapp.whatsappConnectedSeconds(60)
  metrics.business.revenue(rupiah(15_000))
  metrics.business.orders({ delivered: 2 })
  metrics.business.lowStockProducts(1)
  now += 2_500
  const lines = (await metrics.text()).split("\n")
  for (const line of [
    'lapak_cache_requests_total{cache="catalogue",result="hit"} 2',
    'lapak_cache_requests_total{cache="catalogue",result="miss"} 1',
    'lapak_lock_attempts_total{result="taken"} 1',
    'lapak_lock_attempts_total{result="refused"} 1',
    'lapak_rate_limit_refusals_total{command="buy"} 1',
    'lapak_redis_script_duration_seconds_sum{script="begin-checkout"} 0.002',
    "lapak_stock_drift_repaired_total 3",
    'lapak_redis_state{state="ready"} 0',
    'lapak_redis_state{state="degraded"} 1',
    'lapak_postgres_query_duration_seconds_sum{operation="place-order"} 0.02',
    'lapak_postgres_transactions_total{outcome="committed"} 1',
    'lapak_postgres_errors_total{operation="place-order"} 1',
    "lapak_postgres_pool_used_connections 2",
    "lapak_postgres_pool_size_connections 10",
    'lapak_messages_total{channel="gateway",outcome="answered"} 1',
    'lapak_message_handling_duration_seconds_sum{channel="gateway"} 0.05',
    'lapak_funnel_total{step="greeting"} 1',
    'lapak_payments_total{result="paid"} 1',
    'lapak_errors_total{operation="place-order"} 1',
    "lapak_active_users 7",
    "lapak_outbox_depth 4",
    "lapak_outbox_oldest_age_seconds 1.5",
    "lapak_inbox_depth 5",
    'lapak_whatsapp_state{state="open"} 1',
    'lapak_whatsapp_state{state="off"} 0',
    'lapak_whatsapp_sends_total{outcome="delivered"} 1',
    'lapak_whatsapp_inbound_total{kind="duplicate"} 1',
    'lapak_whatsapp_disconnects_total{code="515"} 1',
    'lapak_whatsapp_disconnects_total{code="other"} 1',
    "lapak_whatsapp_send_queue_length 3",
    "lapak_whatsapp_pace_wait_seconds_sum 0.5",
    "lapak_whatsapp_breaker_open 1",
    "lapak_whatsapp_lease_held 1",
    "lapak_whatsapp_connected_seconds 60",
    "lapak_revenue_rupiah_total 15000",
    'lapak_orders{status="delivered"} 2',
    "lapak_products_low_stock 1",
    "lapak_uptime_seconds 2.5",
  ])
    expect(lines).toContain(line)
  const samples = lines.filter((line) => line !== "" && !line.startsWith("#"))
  for (const sample of samples) expect(sample).toStartWith("lapak_")
})

test("two sets of metrics know nothing of each other", async () => {
  const [first, second] = [createMetrics(), createMetrics()]
  first.gate.lockTaken()
  expect(await second.text()).not.toContain('lapak_lock_attempts_total{result="taken"}')
})

test("figures from the database replace the ones before, they are not added up", async () => {
  const metrics = createMetrics()
  metrics.business.revenue(rupiah(10_000))
  metrics.business.revenue(rupiah(15_000))
  metrics.business.orders({ awaiting_payment: 1 })
  metrics.business.orders({ paid: 1 })
  const text = await metrics.text()
  expect(text).toContain("lapak_revenue_rupiah_total 15000\n")
  expect(text).not.toContain("awaiting_payment")
})

test("a scrape fills in the shared figures first, and outlives a source that fails", async () => {
  const metrics = createMetrics()
  metrics.onScrape(() => {
    throw new Error("not even a promise")
  })
  metrics.onScrape(() => Promise.reject(new Error("the database is down")))
  metrics.onScrape(async () => metrics.bot.inbox({ depth: 3 }))
  const text = await metrics.text()
  expect(text).toContain("lapak_inbox_depth 3\n")
  expect(text).toContain("lapak_scrape_failures_total 2\n")
})

test("a label that is not a word of our own is counted as other, not told", async () => {
  const metrics = createMetrics()
  for (const command of ["6281234567890", "halo kak", 'a"} 1\nevil 2', "x".repeat(500)])
    metrics.gate.rateLimited(command)
  const text = await metrics.text()
  expect(text).toContain('lapak_rate_limit_refusals_total{command="other"} 4\n')
  expect(text).not.toContain("81234")
})
