import * as v from "valibot"
import { isLoopbackUrl } from "../../config.ts"
import type { ChargeOutcome, ChargeRequest } from "../payment-provider.ts"
import { doubt, type Midtrans, wordForCode } from "./look-up.ts"
import type { Answer, PageParameter } from "./midtrans-calls.ts"
import { describeItem, expiryMinutes } from "./offer.ts"
import { isSafeReference, jakartaTime } from "./transaction.ts"

/** In rupiah; what the methods on the page allow differs, and Midtrans shows only those that fit. */
const amountMax = 999_999_999_999

const pageAnswer = v.object({ redirect_url: v.pipe(v.string(), v.maxLength(1024)) })

/**
 * Opens a Snap page, once per reference. Its status is unknown at Midtrans until the customer picks a method
 * on it, so a lost answer can't be asked for: the same request is sent once more, which the idempotency key
 * makes the same page. A page whose address never came is known to nobody, and can't be paid.
 */
export async function openPage(
  request: ChargeRequest,
  midtrans: Midtrans,
  options: { allowsLoopback: boolean },
): Promise<ChargeOutcome> {
  const { reference, amount } = request
  if (!isSafeReference(reference)) return { kind: "refused", reason: "unsafe reference" }
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > amountMax)
    return { kind: "refused", reason: "amount outside of what Midtrans takes" }
  const parameter = pageParameter(request, midtrans.clock())
  const ask = async () => readAnswer(await midtrans.calls.openPage(parameter), request, { midtrans, options })
  const first = await ask()
  return first.kind === "unknown" ? await ask() : first
}

function pageParameter(request: ChargeRequest, now: Date): PageParameter {
  const duration = expiryMinutes(request, now)
  return {
    transaction_details: { order_id: request.reference, gross_amount: request.amount },
    // Counted from now and not from the moment a method is picked: nothing outlives the offer by much.
    expiry: { start_time: `${jakartaTime(now)} +0700`, duration, unit: "minute" },
    page_expiry: { duration, unit: "minute" },
    credit_card: { secure: true },
    ...describeItem(request),
    ...(request.returnUrl !== undefined && { callbacks: { finish: request.returnUrl } }),
  }
}

function readAnswer(
  answer: Answer,
  request: ChargeRequest,
  { midtrans, options }: { midtrans: Midtrans; options: { allowsLoopback: boolean } },
): ChargeOutcome {
  const { reference, expiresAt } = request
  const { log } = midtrans
  if (answer.kind === "failed" && answer.code < 500 && answer.code !== 408 && answer.code !== 409) {
    const reason = wordForCode(answer.code)
    log.warn("midtrans refused a charge", { operation: "charge", reference, reason, status: answer.code })
    return { kind: "refused", reason }
  }
  if (answer.kind !== "answered") return doubt("charge", reference, answer, log)
  const parsed = v.safeParse(pageAnswer, answer.body)
  if (!parsed.success) return doubt("charge", reference, { kind: "unreadable", reason: "no page" }, log)
  const redirectUrl = parsed.output.redirect_url
  if (!isFitForCustomers(redirectUrl, options))
    return { kind: "refused", reason: "provider's page is unsafe" }
  return { kind: "charged", redirectUrl, expiresAt }
}

/** The address is shown to customers as it is: https, and nothing in it that could pass for another one. */
function isFitForCustomers(address: string, { allowsLoopback }: { allowsLoopback: boolean }): boolean {
  if (!/^[!-~]+$/.test(address) || !URL.canParse(address)) return false
  const { protocol, username, password } = new URL(address)
  if (username !== "" || password !== "") return false
  return protocol === "https:" || (allowsLoopback && protocol === "http:" && isLoopbackUrl(address))
}
