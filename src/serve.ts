import { randomInt } from "node:crypto"
import { type App, openApp } from "./app.ts"
import { createGatewayChannel } from "./channels/gateway/gateway-channel.ts"
import { createTryChannel, type TryChannel } from "./channels/try/try-channel.ts"
import { toTryNumber } from "./channels/try/try-number.ts"
import { type StaticQrisConfig, takesRealMoney } from "./config.ts"
import { isUnavailable } from "./database/connect.ts"
import { readSent } from "./database/outbox.ts"
import type { PaymentEvent } from "./database/payment-events.ts"
import { findPaymentPage, type PaymentView } from "./database/payments.ts"
import { pauseChat, resumeChat } from "./database/quiet-chats.ts"
import type { Foundation } from "./foundation.ts"
import { openWhatsApp } from "./open-whatsapp.ts"
import { openWhatsAppDesk } from "./operations/whatsapp-desk.ts"
import { readListenerRequest } from "./payments/static-qris/receive-notification.ts"
import { checkParts, fillMetrics, readDetails } from "./serve-health.ts"
import { handoverHours } from "./shop/hand-over-chat.ts"
import { rupiah } from "./shop/money.ts"
import { payDemo } from "./shop/pay-demo.ts"
import { recordListenerNotification } from "./shop/record-listener-notification.ts"
import { receiveNotification } from "./shop/record-payment.ts"
import type { Shop } from "./shop/shop.ts"
import { workEvent } from "./shop/work-payment-events.ts"
import { takeBackOnceOpen, tellOperatorWith } from "./tell-operator.ts"
import type {
  ListenerOutcome,
  ListenerRequest,
  NotificationOutcome,
  PaymentDependencies,
  PaymentPage,
  PaymentResult,
  TryDependencies,
} from "./web/dependencies.ts"
import { isAtHome } from "./web/loopback.ts"
import { startWebServer } from "./web/server.ts"
import { createWebApp } from "./web/web-app.tsx"

export type Served = Readonly<{ app: App; port: number; stop(): Promise<void> }>

const gatewayTimeoutMs = 15_000
const historyMax = 100
const msPerHour = 3_600_000

/** Opens the stall: every configured channel, the jobs, and the web server. `stop` drains, then closes. */
export async function serve(foundation: Foundation): Promise<Served> {
  const { config, log } = foundation
  const { staticQris } = config
  const clock = () => new Date()
  const tryChannel = createTryChannel()
  const gateway =
    config.gateway && createGatewayChannel({ ...config.gateway, clock, timeoutMs: gatewayTimeoutMs, log })
  const chats = gateway ? ["whatsapp", "gateway"] : ["whatsapp"]
  const tellOperator = tellOperatorWith({
    database: foundation.database,
    channels: chats,
    texts: () => app.house.current().texts,
    log,
  })
  const whatsapp =
    config.whatsapp &&
    (await openWhatsApp({
      ...foundation,
      config: config.whatsapp,
      metrics: foundation.metrics.whatsapp,
      tellOperator,
    }))
  const outward = whatsapp && takeBackOnceOpen(whatsapp, foundation)
  let port = config.port
  const app = await openApp(foundation, {
    channels: [gateway, outward?.channel, tryChannel].filter((channel) => channel !== undefined),
    lookIntervalMs: 1_000,
    publicUrl: () => config.publicUrl.replace(/:0$/, `:${port}`),
  })
  fillMetrics(app, { clock, whatsapp })
  try {
    const web = await startWebServer({
      app: createWebApp({
        clock,
        log,
        newReference: app.newReference,
        noteError: foundation.noteError,
        host: config.host,
        isAtHome: isAtHome(config.publicUrl),
        metricsToken: config.metricsToken,
        accept: app.inbox.accept,
        gatewaySecret: config.gateway?.secret,
        checks: () => checkParts(app, clock),
        healthDetails: () => readDetails(app),
        metricsText: foundation.metrics.text,
        recordNotification: config.midtrans ? (_, rawBody) => recordNotification(app, rawBody) : undefined,
        recordForwarded: staticQris && ((request) => recordForwarded(app, request, staticQris)),
        payments: paymentPages(app),
        tryIt: tryPage(app, tryChannel),
        whatsapp: openWhatsAppDesk({ ...foundation, clock }),
      }),
      host: config.host,
      port: config.port,
      log,
    })
    port = web.port
    await whatsapp?.start({
      accept: app.inbox.accept,
      connected: () => void outward?.connected().then(app.outbox.wake),
      pauseChat: async (customer, at) => {
        const hours = handoverHours - (clock().getTime() - at.getTime()) / msPerHour
        if (hours > 0) await pauseChat(foundation.database, { ...customer, hours })
      },
      resumeChat: (customer) => resumeChat(foundation.database, customer),
    })
    return {
      app,
      port,
      stop: async () => {
        await web.stop()
        await app.stop()
      },
    }
  } catch (error) {
    await app.stop()
    throw error
  }
}

/** Stored, then answered, then worked: what fails here is found again by the job that works open events. */
async function recordNotification({ shop }: App, rawBody: string): Promise<NotificationOutcome> {
  const receipt = await receiveNotification(shop, "midtrans", rawBody)
  if (receipt.kind !== "stored") return receipt
  workInTime(shop, receipt.event)
  return { kind: "stored" }
}

/** The same for a notification of the seller's phone. */
async function recordForwarded(
  { shop }: App,
  request: ListenerRequest,
  { secret, packages, amountMax }: StaticQrisConfig,
): Promise<ListenerOutcome> {
  const reading = readListenerRequest(request, { secret, packages, clock: shop.clock })
  if (reading.kind !== "authentic") return reading
  const receipt = await recordListenerNotification(shop, reading.notification, amountMax)
  if (receipt.kind !== "stored") return receipt
  if (receipt.event) workInTime(shop, receipt.event)
  return { kind: "stored" }
}

function workInTime(shop: Shop, event: PaymentEvent): void {
  workEvent(shop, event).catch((error: unknown) => {
    shop.log.warn("a payment event has to be worked again", { operation: "work_event", error })
  })
}

function paymentPages({ foundation, shop, house }: App): PaymentDependencies {
  return {
    find: async (payToken) => {
      try {
        const view = await findPaymentPage(shop.database, payToken)
        return view
          ? { kind: "found", payment: pageOf(view, house.current().settings.shopName) }
          : { kind: "unknown" }
      } catch (error) {
        if (!isUnavailable(error)) throw error
        return { kind: "unavailable" }
      }
    },
    payDemo: async (payToken) => {
      if (!isAtHome(foundation.config.publicUrl)) return "not_payable"
      try {
        const view = await findPaymentPage(shop.database, payToken)
        if (view?.provider !== "demo") return "not_payable"
        return (await payDemo(shop, view.reference)) === "paid" ? "paid" : "not_payable"
      } catch (error) {
        if (!isUnavailable(error)) throw error
        return "unavailable"
      }
    },
  }
}

function pageOf(view: PaymentView, shopName: string): PaymentPage {
  const state = view.state === "requested" ? "pending" : view.state
  return {
    state,
    amount: view.amount,
    uniqueExtra: view.uniqueExtra,
    orderCode: view.orderCode ?? undefined,
    shopName,
    expiresAt: view.expiresAt,
    qrString: state === "pending" ? (view.qrString ?? undefined) : undefined,
    redirectUrl: state === "pending" ? (view.redirectUrl ?? undefined) : undefined,
    isDemo: view.provider === "demo",
    language: view.language,
    result: resultOf(view),
  }
}

function resultOf(view: PaymentView): PaymentResult | undefined {
  const { resolution, received, orderTotal, backToBalance, sentBack, takenBack } = view
  if (view.state !== "paid" || resolution === null) return undefined
  const price = resolution === "goods" || resolution === "late_goods" ? (orderTotal ?? 0) : 0
  return {
    resolution,
    received,
    toBalance: rupiah(received - price),
    backToBalance,
    sentBack,
    takenBack,
  }
}

/** The browser chat is for trying the shop: where real money is taken, it is closed. */
function tryPage(app: App, channel: TryChannel): TryDependencies {
  const { config, database } = app.foundation
  return {
    enabled: !takesRealMoney(config) && isAtHome(config.publicUrl),
    shopName: () => app.house.current().settings.shopName,
    channel,
    history: async (number, after) => {
      const sent = await readSent(database, { channel: channel.name, number, after, limit: historyMax })
      return await Promise.all(sent.map(async (past) => ({ message: await app.compose(past), at: past.at })))
    },
    newNumber: () => toTryNumber(randomInt(1_000_000_000)),
  }
}
