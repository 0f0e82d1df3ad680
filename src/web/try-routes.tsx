/** @jsxImportSource hono/jsx */
import { type Context, Hono } from "hono"
import { generateCookie, getCookie } from "hono/cookie"
import { createMiddleware } from "hono/factory"
import * as v from "valibot"
import { isTryNumber } from "../channels/try/try-number.ts"
import type { Assets } from "./assets.ts"
import type { WebDependencies, WebEnvironment } from "./dependencies.ts"
import { createEventStreams } from "./event-streams.ts"
import { notNow } from "./gateway-webhook.ts"
import { answerJson, pageHeaders } from "./headers.ts"
import { answerPage } from "./layout.tsx"
import { isVisitorAtLoopback } from "./loopback.ts"
import { answerNotice, notices } from "./notice-page.tsx"
import { onlyMethods } from "./only-methods.ts"
import { readBody } from "./read-body.ts"
import { refuseBody } from "./refuse-body.ts"
import { isFromOwnPage } from "./same-origin.ts"
import { TryDocument } from "./try-page.tsx"
import { followReplies } from "./try-replies.ts"

const cookieName = "lapak_try"
const message_bytes_max = 20_480
const messageIdPattern = /^[A-Za-z0-9._:-]{1,128}$/

const sentSchema = v.object({
  id: v.pipe(v.string(), v.regex(messageIdPattern)),
  text: v.pipe(v.string(), v.maxLength(4_000)),
})

/**
 * The chat in the browser. Whoever writes there is a made-up customer, known by a cookie, never a real one.
 */
export function tryRoutes(dependencies: WebDependencies, assets: Assets): Hono<WebEnvironment> {
  const { accept, clock, host, log, tryIt } = dependencies
  const streams = createEventStreams({ streamsMax: 50, streamsPerKeyMax: 4, heartbeatMs: 10_000 }, (error) =>
    log.error("the browser chat's events failed", { operation: "try events", channel: "try", error }),
  )
  const isOpenFor = (context: Context<WebEnvironment>) => tryIt.enabled && isVisitorAtLoopback(context, host)

  const onlyAtLoopback = createMiddleware<WebEnvironment>(async (context, next) => {
    if (!isOpenFor(context)) return answerNotice(context.req.raw, assets, notices.notFound)
    if (context.req.method === "POST" && !isFromOwnPage(context.req.raw))
      return answerNotice(context.req.raw, assets, notices.crossSite)
    await next()
    return undefined
  })

  const showPage = async (context: Context<WebEnvironment>) => {
    const number = numberOf(context) ?? tryIt.newNumber()
    const language = context.req.query("lang") === "en" ? "en" : "id"
    const page = await answerPage(
      200,
      <TryDocument assets={assets} shopName={tryIt.shopName()} number={number} language={language} />,
    )
    page.headers.set("Set-Cookie", cookieFor(number, 30 * 86_400))
    return page
  }

  const takeMessage = async (context: Context<WebEnvironment>) => {
    const from = numberOf(context)
    if (!from) return answerJson(401, { error: "unknown_visitor", message: "Open /try first." })
    const reading = await readBody(context.req.raw, message_bytes_max)
    if (reading.kind !== "read") return refuseBody(reading, message_bytes_max)
    const parsed = v.safeParse(sentSchema, parseJson(reading.bytes))
    if (!parsed.success) {
      const field = String(parsed.issues[0].path?.[0]?.key ?? "body")
      return answerJson(422, {
        error: "malformed",
        field,
        message: `${field} is missing or not as expected.`,
      })
    }
    const text = parsed.output.text.toWellFormed().replaceAll("\0", "\ufffd")
    const acceptance = await accept("try", { id: parsed.output.id, from, text })
    switch (acceptance.kind) {
      case "accepted":
      case "duplicate": {
        const isDuplicate = acceptance.kind === "duplicate"
        return answerJson(isDuplicate ? 200 : 202, { accepted: true, duplicate: isDuplicate })
      }
      case "busy":
      case "unavailable":
        return notNow(acceptance.kind)
    }
  }

  const showReplies = (context: Context<WebEnvironment>) => {
    const number = numberOf(context)
    if (!number) return answerJson(401, { error: "unknown_visitor", message: "Open /try first." })
    const after = context.req.header("Last-Event-ID") ?? context.req.query("after")
    const known = after !== undefined && messageIdPattern.test(after) ? after : undefined
    const { closing } = context.env ?? {}
    const response = streams.open({ key: number, request: context.req.raw, closing }, (stream) =>
      followReplies(stream, { number, after: known, tryIt, clock }),
    )
    return response ?? notNow("busy")
  }

  const restart = (context: Context<WebEnvironment>) => {
    const location = context.req.query("lang") === "en" ? "/try?lang=en" : "/try"
    return new Response(null, {
      status: 303,
      headers: { ...pageHeaders, "Set-Cookie": cookieFor("", 0), Location: location },
    })
  }

  const routes = new Hono<WebEnvironment>()
  routes.get("/", (context) =>
    isOpenFor(context)
      ? new Response(null, { status: 302, headers: { ...pageHeaders, Location: "/try" } })
      : answerNotice(context.req.raw, assets, notices.home),
  )
  routes.use("/try/*", onlyAtLoopback)
  routes.get("/try", showPage).all(onlyMethods("GET"))
  routes.post("/try/messages", takeMessage).all(onlyMethods("POST"))
  routes.get("/try/stream", showReplies).all(onlyMethods("GET"))
  routes.post("/try/restart", restart).all(onlyMethods("POST"))
  return routes
}

function cookieFor(number: string, maxAge: number): string {
  return generateCookie(cookieName, number, { path: "/try", httpOnly: true, sameSite: "Strict", maxAge })
}

/** The visitor's made-up number; whatever else stands in the cookie is nobody. */
function numberOf(context: Context<WebEnvironment>): string | undefined {
  const number = getCookie(context, cookieName)
  return number !== undefined && isTryNumber(number) ? number : undefined
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
