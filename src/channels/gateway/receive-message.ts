import { isUtf8 } from "node:buffer"
import * as v from "valibot"
import type { Accept, Acceptance, InboundMessage } from "../channel.ts"
import { storableName, storableText } from "../storable-text.ts"
import { isGatewaySignature } from "./signature.ts"

/** A request as it came over the wire: the signature covers the body's bytes, so nothing was decoded yet. */
export type SignedRequest = Readonly<{
  timestamp: string | undefined
  signature: string | undefined
  body: Uint8Array
}>

export type GatewayReception =
  | Acceptance
  | Readonly<{ kind: "forged" }>
  | Readonly<{ kind: "stale" }>
  | Readonly<{ kind: "malformed"; field: string; reason: string }>

const clock_tolerance_seconds = 300

const text = v.pipe(v.string("must be a string"), v.transform(storableText))

const messageSchema = v.object(
  {
    id: v.pipe(
      v.string("must be a string"),
      v.regex(/^[^\p{Cc}\p{Cs}]{1,128}$/u, "must have 1 to 128 characters, none of them a control character"),
      v.maxLength(128, "must have 1 to 128 characters"),
    ),
    from: v.pipe(
      v.string("must be a string"),
      v.regex(/^[1-9][0-9]{6,14}$/, "must be a phone number with country code, digits only"),
    ),
    text,
    name: v.nullish(text),
  },
  "must be a JSON object",
)

/**
 * Checks a gateway's request and hands its message to `accept`. The signature comes first: to whoever
 * can't sign, nothing is told about the rest.
 */
export async function receiveGatewayMessage(
  request: SignedRequest,
  { secret, clock, accept }: { secret: string; clock: () => Date; accept: Accept },
): Promise<GatewayReception> {
  const { timestamp, signature, body } = request
  if (!timestamp || !signature || !/^[0-9]{1,12}$/.test(timestamp)) return { kind: "forged" }
  if (!isGatewaySignature(secret, timestamp, body, signature)) return { kind: "forged" }
  const age_seconds = Math.abs(clock().getTime() / 1000 - Number(timestamp))
  if (age_seconds > clock_tolerance_seconds) return { kind: "stale" }
  const reading = readGatewayMessage(body)
  return reading.kind === "malformed" ? reading : await accept("gateway", reading.message)
}

function readGatewayMessage(
  body: Uint8Array,
):
  | Readonly<{ kind: "read"; message: InboundMessage }>
  | Readonly<{ kind: "malformed"; field: string; reason: string }> {
  if (!isUtf8(body)) return { kind: "malformed", field: "body", reason: "must be UTF-8" }
  const parsed = v.safeParse(messageSchema, parseJson(body))
  if (!parsed.success) {
    const [issue] = parsed.issues
    return {
      kind: "malformed",
      field: String(issue.path?.[0]?.key ?? "body"),
      reason: issue.received === "undefined" && issue.path ? "is missing" : issue.message,
    }
  }
  const { name, ...message } = parsed.output
  const shortName = storableName(name)
  return {
    kind: "read",
    message: shortName === undefined ? message : { ...message, name: shortName },
  }
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}
