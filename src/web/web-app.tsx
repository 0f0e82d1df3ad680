/** @jsxImportSource hono/jsx */
import { Hono } from "hono"
import { createAssets } from "./assets.ts"
import type { WebDependencies, WebEnvironment } from "./dependencies.ts"
import { gatewayWebhook } from "./gateway-webhook.ts"
import { listenerWebhook } from "./listener-webhook.ts"
import { midtransWebhook } from "./midtrans-webhook.ts"
import { answerNotice, notices } from "./notice-page.tsx"
import { onlyMethods } from "./only-methods.ts"
import { operationsRoutes } from "./operations-routes.ts"
import { paymentRoutes } from "./payment-routes.tsx"
import { tryRoutes } from "./try-routes.tsx"
import { whatsappRoutes } from "./whatsapp-routes.tsx"

/**
 * Everything the shop answers over HTTP. It starts nothing and listens nowhere: `startWebServer` serves it,
 * `app.request()` asks it directly.
 */
export function createWebApp(dependencies: WebDependencies): Hono<WebEnvironment> {
  const { log, newReference, noteError } = dependencies
  const assets = createAssets()
  const app = new Hono<WebEnvironment>()

  app.post("/webhooks/gateway", gatewayWebhook(dependencies)).all(onlyMethods("POST"))
  app.post("/webhooks/midtrans", midtransWebhook(dependencies)).all(onlyMethods("POST"))
  app.post("/webhooks/qris-listener", listenerWebhook(dependencies)).all(onlyMethods("POST"))
  app.route("/", operationsRoutes(dependencies))
  app.route("/", paymentRoutes(dependencies, assets))
  app.route("/", tryRoutes(dependencies, assets))
  app.route("/", whatsappRoutes(dependencies, assets))
  app.route("/", assets.routes)

  app.notFound(({ req }) => answerNotice(req.raw, assets, notices.notFound))
  app.onError((error, { req }) => {
    const reference = newReference()
    log.error("a web request failed", { reference, operation: "web request", error })
    // A visitor does not wait for a database that may be what failed.
    void noteError({ operation: "web_request", reference, error })
    return answerNotice(req.raw, assets, { ...notices.broken, reference })
  })
  return app
}
