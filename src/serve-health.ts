import type { App } from "./app.ts"
import type { WhatsAppChannel } from "./channels/whatsapp/whatsapp-channel.ts"
import type { Config } from "./config.ts"
import { type Database, isUnavailable } from "./database/connect.ts"
import { readDeskFigures } from "./database/desk-figures.ts"
import { checkDatabase, readBusinessFigures } from "./database/health.ts"
import { readOutboxState } from "./database/outbox.ts"
import type { Foundation } from "./foundation.ts"
import { pause } from "./operations/pause.ts"
import { readWhatsAppView } from "./operations/whatsapp-view.ts"
import { checkWhatsApp } from "./operations/whatsapp-words.ts"
import type { Check, Checks } from "./web/dependencies.ts"

/** Less than those who ask for it wait; PostgreSQL may hang, and the other parts have their own state. */
const answerTimeoutMs = 2_000

/** Each part of the shop, as `/readyz` and `/health` tell of it. */
export async function checkParts({ foundation, gate }: App, clock: () => Date): Promise<Checks> {
  const redis = gate.health().state === "ready" ? { state: "ok" as const } : { state: "degraded" as const }
  const stored = await inTime(checkStored(foundation, clock))
  if (stored) return { ...stored, redis }
  const away = { state: "unavailable" as const, detail: "PostgreSQL does not answer" }
  const whatsapp = unknownWhatsApp(foundation, "not known while PostgreSQL does not answer")
  return { postgres: away, redis, migrations: away, whatsapp }
}

/** What PostgreSQL knows. */
async function checkStored(foundation: Foundation, clock: () => Date): Promise<Omit<Checks, "redis">> {
  const pending = await checkDatabase(foundation.database)
  const postgres = { state: "ok" as const }
  if (pending.length > 0) {
    const detail = `${pending.length} migrations are not applied`
    const whatsapp = unknownWhatsApp(foundation, "not known until the migrations are applied")
    return { postgres, migrations: { state: "unavailable", detail }, whatsapp }
  }
  const whatsapp = checkWhatsApp(await readWhatsAppView({ ...foundation, clock }))
  return { postgres, migrations: { state: "ok" }, whatsapp }
}

/** Undefined when PostgreSQL is away, or does not answer in time. */
async function inTime<Result>(work: Promise<Result>): Promise<Result | undefined> {
  const answered = new AbortController()
  try {
    return await Promise.race([work, pause(answerTimeoutMs, answered.signal).then(() => undefined)])
  } catch (error) {
    if (!isUnavailable(error)) throw error
    return undefined
  } finally {
    answered.abort()
  }
}

function unknownWhatsApp({ config }: Foundation, detail: string): Check {
  return config.whatsapp ? { state: "degraded", detail } : { state: "off" }
}

/** What `/health` tells besides. No secrets, no customer's data. */
export async function readDetails({ foundation, inbox, shop }: App): Promise<Record<string, unknown>> {
  const { config, database } = foundation
  return {
    shop: config.shop,
    payments: shop.provider?.name ?? "none",
    channels: channelsOf(shop.serves(), config),
    inboxDepth: inbox.depth(),
    ...(await inTime(readStoredDetails(database))),
    uptimeSeconds: Math.round(process.uptime()),
  }
}

/** Those that are set up: WhatsApp is one of them while it is not connected, too. */
function channelsOf(serving: readonly string[], { whatsapp }: Config): string[] {
  return [...new Set([...serving, ...(whatsapp ? ["whatsapp"] : [])])]
}

async function readStoredDetails(database: Database): Promise<Record<string, unknown>> {
  const outbox = await readOutboxState(database)
  const desk = await readDeskFigures(database)
  return {
    outboxDepth: outbox.waiting,
    outboxOldestSeconds: Math.round(outbox.oldestSeconds),
    messagesGivenUp: outbox.givenUp,
    reviewsOpen: desk.reviewsOpen,
    reviewsOldestSeconds: Math.round(desk.reviewsOldestSeconds),
    refundsWaiting: desk.refundsWaiting,
    refundsOldestSeconds: Math.round(desk.refundsOldestSeconds),
  }
}

/** Has the figures that nobody counts as they happen read when they are asked for. */
export function fillMetrics(
  { foundation, inbox }: App,
  { clock, whatsapp }: { clock: () => Date; whatsapp: WhatsAppChannel | undefined },
): void {
  const { metrics, database } = foundation
  metrics.whatsapp.whatsappState(foundation.config.whatsapp ? "connecting" : "off")
  metrics.onScrape(async () => {
    const { state, since } = await readWhatsAppView({ ...foundation, clock })
    metrics.whatsapp.whatsappState(state)
    const seconds = state === "open" ? (clock().getTime() - since.getTime()) / 1_000 : 0
    metrics.whatsapp.whatsappConnectedSeconds(Math.max(0, Math.round(seconds)))
    if (!whatsapp) return
    const { waiting, paused } = whatsapp.figures()
    metrics.whatsapp.whatsappQueue(waiting)
    metrics.whatsapp.whatsappPaused(paused)
  })
  metrics.onScrape(async () => {
    metrics.bot.inbox({ depth: inbox.depth() })
    const outbox = await readOutboxState(database)
    metrics.bot.outbox({ depth: outbox.waiting, oldestAgeSeconds: outbox.oldestSeconds })
    const figures = await readBusinessFigures(database)
    metrics.bot.activeUsers(figures.activeUsers)
    metrics.business.revenue(figures.revenue)
    metrics.business.orders(figures.orders)
    metrics.business.lowStockProducts(figures.lowStockProducts)
    const desk = await readDeskFigures(database)
    metrics.business.openReviews(desk.reviewsOpen)
    metrics.business.waitingRefunds(desk.refundsWaiting)
  })
}
