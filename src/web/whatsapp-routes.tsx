/** @jsxImportSource hono/jsx */
import { type Context, Hono } from "hono"
import { createMiddleware } from "hono/factory"
import type { WhatsAppView } from "../operations/whatsapp-view.ts"
import { describeWhatsApp } from "../operations/whatsapp-words.ts"
import { readPhoneNumber } from "../shop/phone-number.ts"
import type { Assets } from "./assets.ts"
import type { Language, WebDependencies, WebEnvironment } from "./dependencies.ts"
import { answerJson, pageHeaders } from "./headers.ts"
import { answerPage } from "./layout.tsx"
import { isVisitorAtLoopback } from "./loopback.ts"
import { answerNotice, notices } from "./notice-page.tsx"
import { onlyMethods } from "./only-methods.ts"
import { createQrImages } from "./qr-image.ts"
import { readBody } from "./read-body.ts"
import { refuseBody } from "./refuse-body.ts"
import { isFromOwnPage } from "./same-origin.ts"
import { WhatsAppDocument } from "./whatsapp-page.tsx"

type WebContext = Context<WebEnvironment>

const form_bytes_max = 1_024

/** The page where the operator pairs a phone, and sees how WhatsApp is; the same as JSON for programs. */
export function whatsappRoutes(dependencies: WebDependencies, assets: Assets): Hono<WebEnvironment> {
  const { host, isAtHome, whatsapp } = dependencies
  const qrImages = createQrImages()
  const notice = (context: WebContext, which: keyof typeof notices) =>
    answerNotice(context.req.raw, assets, notices[which])

  const onlyAtLoopback = createMiddleware<WebEnvironment>(async (context, next) => {
    if (!isVisitorAtLoopback(context, host)) return notice(context, "notFound")
    // Whoever sees a QR can take the shop's WhatsApp, and a proxy need not say that it forwards.
    if (!isAtHome) return notice(context, "pairInShell")
    if (context.req.method === "POST" && !isFromOwnPage(context.req.raw)) return notice(context, "crossSite")
    await next()
    return undefined
  })

  const answerView = async (context: WebContext, status: number, badNumber?: string) => {
    const view = await whatsapp.view()
    if (view === "unavailable") return notice(context, "unavailable")
    if (!wantsPage(context)) return answerJson(status, asJson(view))
    const qrPng = view.qr === undefined ? undefined : await qrImages.draw(view.qr)
    return answerPage(
      status,
      <WhatsAppDocument
        assets={assets}
        view={view}
        language={languageOf(context)}
        qrPng={qrPng}
        badNumber={badNumber}
      />,
    )
  }

  const wantCode = async (context: WebContext) => {
    const reading = await readBody(context.req.raw, form_bytes_max)
    if (reading.kind !== "read") return refuseBody(reading, form_bytes_max)
    const typed = new URLSearchParams(new TextDecoder().decode(reading.bytes)).get("phone") ?? ""
    const read = readPhoneNumber(typed)
    if ("number" in read) return followUp(context, await whatsapp.wantCode(read.number), "#code-title")
    if (wantsPage(context)) return answerView(context, 422, typed)
    return answerJson(422, { error: "malformed", field: "phone", message: `phone ${read.problem}.` })
  }

  const followUp = (context: WebContext, outcome: "ok" | "unavailable", place = "") => {
    if (outcome === "unavailable") return notice(context, "unavailable")
    const address = languageOf(context) === "en" ? "/whatsapp?lang=en" : "/whatsapp"
    return new Response(null, { status: 303, headers: { ...pageHeaders, Location: `${address}${place}` } })
  }

  const routes = new Hono<WebEnvironment>()
  routes.use("/whatsapp/*", onlyAtLoopback)
  routes.get("/whatsapp", (context) => answerView(context, 200)).all(onlyMethods("GET"))
  // Whoever loads the answer to a form anew asks for its address.
  const backToPage = (context: WebContext) => followUp(context, "ok")
  routes.post("/whatsapp/code", wantCode).get(backToPage).all(onlyMethods("GET", "POST"))
  routes
    .post("/whatsapp/again", async (context) => followUp(context, await whatsapp.again()))
    .get(backToPage)
    .all(onlyMethods("GET", "POST"))
  return routes
}

/** What is not there is left out. An account that WhatsApp refuses is as good as off for a program. */
function asJson(view: WhatsAppView): Record<string, unknown> {
  const { state, qr, pairingCode, phone } = view
  return {
    state: state === "stopped" ? "off" : state,
    qr,
    pairingCode,
    phone,
    detail: describeWhatsApp(view),
  }
}

function wantsPage({ req }: WebContext): boolean {
  return (req.header("accept") ?? "").includes("text/html")
}

function languageOf({ req }: WebContext): Language {
  return req.query("lang") === "en" ? "en" : "id"
}
