import type { Handler } from "hono"
import { type GatewayReception, receiveGatewayMessage } from "../channels/gateway/receive-message.ts"
import { signatureHeader, timestampHeader } from "../channels/gateway/signature.ts"
import type { WebDependencies, WebEnvironment } from "./dependencies.ts"
import { answerJson } from "./headers.ts"
import { body_bytes_max, readBody } from "./read-body.ts"
import { refuseBody } from "./refuse-body.ts"

/** `POST /webhooks/gateway`: the hot path; it does nothing that the message doesn't need. */
export function gatewayWebhook({ gatewaySecret, clock, accept }: WebDependencies): Handler<WebEnvironment> {
  return async ({ req }) => {
    if (gatewaySecret === undefined) return notConfigured()
    const request = req.raw
    const reading = await readBody(request)
    if (reading.kind !== "read") return refuseBody(reading, body_bytes_max)
    const reception = await receiveGatewayMessage(
      {
        timestamp: request.headers.get(timestampHeader) ?? undefined,
        signature: request.headers.get(signatureHeader) ?? undefined,
        body: reading.bytes,
      },
      { secret: gatewaySecret, clock, accept },
    )
    return toResponse(reception)
  }
}

function toResponse(reception: GatewayReception): Response {
  switch (reception.kind) {
    case "accepted":
      return answerJson(202, { accepted: true, duplicate: false })
    case "duplicate":
      return answerJson(200, { accepted: true, duplicate: true })
    case "forged":
      return answerJson(401, {
        error: "bad_signature",
        message: `${signatureHeader} or ${timestampHeader} is missing or wrong.`,
      })
    case "stale":
      return answerJson(401, {
        error: "stale_timestamp",
        message: `${timestampHeader} is more than 5 minutes off. Check the clock of the machine that sent it.`,
      })
    case "malformed":
      return answerJson(422, {
        error: "malformed",
        field: reception.field,
        message: `${reception.field} ${reception.reason}.`,
      })
    case "busy":
    case "unavailable":
      return notNow(reception.kind)
  }
}

/** The answer to a message that could not be stored: it may be sent again. */
export function notNow(error: "busy" | "unavailable"): Response {
  const message =
    error === "busy"
      ? "The shop is very busy. Nothing was charged; please send it again in a moment."
      : "The shop can't take messages right now. Nothing was charged; please send it again in a moment."
  return answerJson(503, { error, message }, { "Retry-After": error === "busy" ? "1" : "5" })
}

function notConfigured(): Response {
  return answerJson(404, {
    error: "not_configured",
    message: "No gateway is configured: GATEWAY_URL and GATEWAY_SECRET are not set.",
  })
}
