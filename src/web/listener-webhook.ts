import type { Handler } from "hono"
import { signatureHeader, timestampHeader } from "../channels/gateway/signature.ts"
import type { ListenerOutcome, WebDependencies, WebEnvironment } from "./dependencies.ts"
import { answerJson } from "./headers.ts"
import { body_bytes_max, readBody } from "./read-body.ts"
import { refuseBody } from "./refuse-body.ts"

const nonceHeader = "X-Lapak-Nonce"

/** `POST /webhooks/qris-listener`: answers as soon as the forwarded notification is stored. */
export function listenerWebhook({ recordForwarded }: WebDependencies): Handler<WebEnvironment> {
  return async ({ req }) => {
    if (recordForwarded === undefined)
      return answerJson(404, {
        error: "not_configured",
        message: "No listener is configured: STATIC_QRIS and LISTENER_SECRET are not set.",
      })
    const { headers } = req.raw
    const reading = await readBody(req.raw)
    if (reading.kind !== "read") return refuseBody(reading, body_bytes_max)
    const outcome = await recordForwarded({
      timestamp: headers.get(timestampHeader) ?? undefined,
      nonce: headers.get(nonceHeader) ?? undefined,
      signature: headers.get(signatureHeader) ?? undefined,
      body: reading.bytes,
    })
    return toResponse(outcome)
  }
}

function toResponse(outcome: ListenerOutcome): Response {
  switch (outcome.kind) {
    case "stored":
      return answerJson(202, { accepted: true, duplicate: false })
    case "duplicate":
      return answerJson(200, { accepted: true, duplicate: true })
    case "forged":
      return answerJson(401, {
        error: "bad_signature",
        message: `${signatureHeader}, ${timestampHeader} or ${nonceHeader} is missing or wrong.`,
      })
    case "stale":
      return answerJson(401, {
        error: "stale_timestamp",
        message: `${timestampHeader} is more than 5 minutes off. Check the clock of the phone.`,
      })
    case "malformed":
      return malformed(outcome.field, outcome.reason)
    case "nonce_used":
      return malformed(nonceHeader, "was used for another notification: each request needs a new one")
    case "unavailable":
      return answerJson(
        503,
        {
          error: "unavailable",
          message: "The notification can't be stored right now. Please send it again.",
        },
        { "Retry-After": "5" },
      )
  }
}

function malformed(field: string, reason: string): Response {
  return answerJson(422, { error: "malformed", field, message: `${field} ${reason}.` })
}
