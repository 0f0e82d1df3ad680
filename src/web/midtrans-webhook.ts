import { isUtf8 } from "node:buffer"
import type { Handler } from "hono"
import type { NotificationOutcome, WebDependencies, WebEnvironment } from "./dependencies.ts"
import { answerJson } from "./headers.ts"
import { body_bytes_max, readBody } from "./read-body.ts"
import { refuseBody } from "./refuse-body.ts"

/**
 * `POST /webhooks/midtrans`: answers as soon as the notification is stored. Midtrans repeats it by our
 * answer: never after 200, twice after 400, four times after 503, five times after 401.
 */
export function midtransWebhook({ recordNotification }: WebDependencies): Handler<WebEnvironment> {
  return async ({ req }) => {
    if (recordNotification === undefined)
      return answerJson(404, {
        error: "not_configured",
        message: "Midtrans is not configured: MIDTRANS_SERVER_KEY is not set.",
      })
    const reading = await readBody(req.raw)
    if (reading.kind !== "read") return refuseBody(reading, body_bytes_max)
    if (!isUtf8(reading.bytes)) return toResponse({ kind: "malformed", field: "body" })
    return toResponse(await recordNotification("midtrans", new TextDecoder().decode(reading.bytes)))
  }
}

function toResponse(outcome: NotificationOutcome): Response {
  switch (outcome.kind) {
    case "stored":
      return answerJson(200, { received: true })
    case "forged":
      return answerJson(401, { error: "bad_signature", message: "The signature_key is missing or wrong." })
    case "malformed":
      return answerJson(400, {
        error: "malformed",
        field: outcome.field,
        message: `${outcome.field} is missing or not as expected.`,
      })
    case "unavailable":
      return answerJson(
        503,
        {
          error: "unavailable",
          message: "The notification can't be stored right now. Please send it again.",
        },
        { "Retry-After": "30" },
      )
  }
}
