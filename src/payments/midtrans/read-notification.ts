import { createHash, timingSafeEqual } from "node:crypto"
import * as v from "valibot"
import type { NotificationReading } from "../payment-provider.ts"
import { isSafeReference, isTransactionId } from "./transaction.ts"

const notificationSchema = v.object({
  order_id: v.string(),
  status_code: v.string(),
  gross_amount: v.string(),
  transaction_status: v.pipe(v.string(), v.regex(/^[A-Za-z_]{1,40}$/)),
  transaction_id: v.optional(v.unknown()),
  signature_key: v.optional(v.unknown()),
})

/**
 * Who can't sign is a forger, be the signature wrong, missing or not even text; what can't be read is
 * malformed. The signature covers the strings as received, so a rewritten amount is forged too.
 */
export function readNotification(rawBody: string, serverKey: string): NotificationReading {
  const parsed = v.safeParse(notificationSchema, parseJson(rawBody))
  if (!parsed.success) return { kind: "malformed", field: String(parsed.issues[0].path?.[0]?.key ?? "body") }
  const { order_id, status_code, gross_amount, transaction_status, transaction_id, signature_key } =
    parsed.output
  const right = signatureOf(order_id, status_code, gross_amount, serverKey)
  if (typeof signature_key !== "string" || !equal(signature_key, right)) return { kind: "forged" }
  if (!isSafeReference(order_id)) return { kind: "malformed", field: "order_id" }
  return {
    kind: "authentic",
    reference: order_id,
    claimedState: transaction_status.toLowerCase(),
    transactionId: readTransactionId(transaction_id),
  }
}

/** One that can't be asked for is as good as none. */
function readTransactionId(value: unknown): string | undefined {
  return typeof value === "string" && isTransactionId(value) ? value : undefined
}

function signatureOf(orderId: string, statusCode: string, grossAmount: string, serverKey: string): string {
  return createHash("sha512").update(`${orderId}${statusCode}${grossAmount}${serverKey}`).digest("hex")
}

/** Compares the hashes of both, which have one length whatever came in. */
function equal(left: string, right: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest()
  return timingSafeEqual(hash(left), hash(right))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
