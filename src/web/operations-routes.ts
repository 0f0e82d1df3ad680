import { createHash, timingSafeEqual } from "node:crypto"
import { type Context, Hono } from "hono"
import { type Checks, checkNames, type WebDependencies, type WebEnvironment } from "./dependencies.ts"
import { answerJson, apiHeaders } from "./headers.ts"
import { isVisitorAtLoopback } from "./loopback.ts"
import { onlyMethods } from "./only-methods.ts"
import { createReadiness } from "./readiness.ts"

/** What a monitoring system asks: `/livez`, `/readyz`, `/health` and `/metrics`. */
export function operationsRoutes(dependencies: WebDependencies): Hono<WebEnvironment> {
  const { metricsToken, metricsText, healthDetails, host } = dependencies
  const readiness = createReadiness(dependencies)
  const routes = new Hono<WebEnvironment>()

  routes.get("/livez", () => answerJson(200, { status: "alive" })).all(onlyMethods("GET"))

  routes
    .get("/readyz", async () => {
      const { status, checks } = await readiness()
      return answerJson(statusCodeOf(status), { status, checks: statesOnly(checks) })
    })
    .all(onlyMethods("GET"))

  routes
    .get("/health", async (context) => {
      const { status, checks } = await readiness()
      if (!mayReadDetails(context))
        return answerJson(statusCodeOf(status), { status, checks: statesOnly(checks) })
      return answerJson(statusCodeOf(status), { ...(await healthDetails()), status, checks })
    })
    .all(onlyMethods("GET"))

  routes
    .get("/metrics", async ({ req }) => {
      if (metricsToken !== undefined && !isBearer(req.header("authorization"), metricsToken))
        return answerJson(
          401,
          { error: "unauthorized", message: "METRICS_TOKEN is needed as a bearer token." },
          { "WWW-Authenticate": 'Bearer realm="metrics"' },
        )
      const headers = { ...apiHeaders, "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }
      return new Response(await metricsText(), { headers })
    })
    .all(onlyMethods("GET"))

  function mayReadDetails(context: Context<WebEnvironment>): boolean {
    if (metricsToken === undefined || isVisitorAtLoopback(context, host)) return true
    return isBearer(context.req.header("authorization"), metricsToken)
  }

  return routes
}

function statusCodeOf(status: "ready" | "degraded" | "unavailable"): number {
  return status === "unavailable" ? 503 : 200
}

function statesOnly(checks: Checks): Record<string, { state: string }> {
  return Object.fromEntries(checkNames.map((name) => [name, { state: checks[name].state }]))
}

/** Compares digests, which are equally long whatever was sent. */
function isBearer(authorization: string | undefined, token: string): boolean {
  const sent = /^bearer +(.*\S) *$/i.exec(authorization ?? "")?.[1]
  return sent !== undefined && timingSafeEqual(digest(sent), digest(token))
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}
