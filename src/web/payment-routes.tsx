/** @jsxImportSource hono/jsx */
import { type Context, Hono } from "hono"
import type { Assets } from "./assets.ts"
import type { PaymentLookup, PaymentPage, WebDependencies, WebEnvironment } from "./dependencies.ts"
import { createEventStreams } from "./event-streams.ts"
import { answerJson, pageHeaders } from "./headers.ts"
import { answerPage } from "./layout.tsx"
import { isVisitorAtLoopback } from "./loopback.ts"
import { answerNotice, notices } from "./notice-page.tsx"
import { onlyMethods } from "./only-methods.ts"
import { followPayment, paymentStateOf } from "./payment-events.ts"
import { PaymentDocument } from "./payment-page.tsx"
import { createQrImages } from "./qr-image.ts"
import { isFromOwnPage } from "./same-origin.ts"

type WebContext = Context<WebEnvironment>

/** Tokens are random and long; what doesn't look like one is not asked for. */
const tokenPattern = /^[A-Za-z0-9_-]{16,64}$/
/** So many lookups at once leave the database to the sales. */
const lookups_max = 32
const streamLimits = { streamsMax: 200, streamsPerKeyMax: 4, heartbeatMs: 10_000 } as const

/** The payment page, its QR, its state as JSON and as events, and the pretended payment of the demo. */
export function paymentRoutes(dependencies: WebDependencies, assets: Assets): Hono<WebEnvironment> {
  const { clock, host, log, payments } = dependencies
  const find = boundLookups(payments.find)
  const qrImages = createQrImages()
  const failed = (error: unknown) =>
    log.error("a payment page's events failed", { operation: "payment events", error })
  const streams = createEventStreams(streamLimits, failed)
  const notice = (context: WebContext, which: keyof typeof notices) =>
    answerNotice(context.req.raw, assets, notices[which])

  /** Runs `answer` with the payment of the address, or says that there is none. */
  const withPayment =
    (answer: (context: WebContext, payment: PaymentPage, token: string) => Response | Promise<Response>) =>
    async (context: WebContext) => {
      const token = context.req.param("token") ?? ""
      const lookup = await find(token)
      if (lookup.kind === "unknown") return notice(context, "unknownPayment")
      if (lookup.kind === "unavailable") return notice(context, "unavailable")
      return answer(context, lookup.payment, token)
    }

  const offersDemo = (context: WebContext, payment: PaymentPage) =>
    payment.isDemo && isVisitorAtLoopback(context, host)

  const showPage = withPayment((context, payment, token) =>
    answerPage(
      200,
      <PaymentDocument
        assets={assets}
        payment={payment}
        address={`/pay/${token}`}
        now={clock()}
        offersDemo={offersDemo(context, payment)}
      />,
    ),
  )

  const showQr = withPayment(async (context, payment) => {
    if (payment.state !== "pending" || !payment.qrString) return notice(context, "notPayable")
    const png = await qrImages.draw(payment.qrString)
    return new Response(png, { headers: { ...pageHeaders, "Content-Type": "image/png" } })
  })

  const showState = withPayment((_, payment) => answerJson(200, paymentStateOf(payment, clock())))

  const showEvents = withPayment((context, _, token) => {
    const { closing } = context.env ?? {}
    const watch = (changed: () => void) => payments.watch?.(token, changed)
    const response = streams.open({ key: token, request: context.req.raw, closing }, (stream) =>
      followPayment(stream, { read: () => find(token), watch, clock, failed }),
    )
    return response ?? notice(context, "unavailable")
  })

  const payDemo = withPayment(async (context, payment, token) => {
    if (!offersDemo(context, payment)) return notice(context, "notFound")
    if (!isFromOwnPage(context.req.raw)) return notice(context, "crossSite")
    const outcome = await payments.payDemo(token)
    if (outcome === "unavailable") return notice(context, "unavailable")
    if (outcome === "not_payable" && payment.state !== "paid") return notice(context, "notPayable")
    return new Response(null, { status: 303, headers: { ...pageHeaders, Location: `/pay/${token}` } })
  })

  const routes = new Hono<WebEnvironment>()
  routes.get("/pay/:token", showPage).all(onlyMethods("GET"))
  routes.get("/pay/:token/qr.png", showQr).all(onlyMethods("GET"))
  routes.get("/pay/:token/state", showState).all(onlyMethods("GET"))
  routes.get("/pay/:token/events", showEvents).all(onlyMethods("GET"))
  routes.post("/pay/:token/demo", payDemo).all(onlyMethods("POST"))
  return routes
}

function boundLookups(find: (token: string) => Promise<PaymentLookup>) {
  let underway = 0
  return async (token: string): Promise<PaymentLookup> => {
    if (!tokenPattern.test(token)) return { kind: "unknown" }
    if (underway >= lookups_max) return { kind: "unavailable" }
    underway += 1
    try {
      return await find(token)
    } finally {
      underway -= 1
    }
  }
}
