import { createHash } from "node:crypto"
import { type Axios, CoreApi, type RequestConfig, Snap } from "midtrans-client"
import * as v from "valibot"
import type { MidtransConfig } from "../../config.ts"

/** What came back of one call, with nothing in it of what was sent: the server key travels in the request. */
export type Answer =
  | Readonly<{ kind: "answered"; body: unknown }>
  /** `code` is Midtrans' word when its answer carries one, else only the HTTP status of whoever answered. */
  | Readonly<{ kind: "failed"; code: number; fromMidtrans: boolean }>
  | Readonly<{ kind: "no_answer" }>

/** The endpoints in use, each bounded in time; none of them throws. */
export type MidtransCalls = Readonly<{
  charge(parameter: ChargeParameter): Promise<Answer>
  openPage(parameter: PageParameter): Promise<Answer>
  status(reference: string): Promise<Answer>
  cancel(reference: string): Promise<Answer>
  expire(reference: string): Promise<Answer>
  refund(reference: string, parameter: RefundParameter): Promise<Answer>
}>

export type ChargeParameter = Readonly<{
  payment_type: "qris"
  transaction_details: Readonly<{ order_id: string; gross_amount: number }>
  custom_expiry: Readonly<{ expiry_duration: number; unit: "minute" }>
  item_details?: readonly Item[]
}>

/** Of a Snap page: how long it is open, and how long after `start_time` what is picked on it can be paid. */
export type PageParameter = Readonly<{
  transaction_details: Readonly<{ order_id: string; gross_amount: number }>
  expiry: Readonly<{ start_time: string; duration: number; unit: "minute" }>
  page_expiry: Readonly<{ duration: number; unit: "minute" }>
  credit_card: Readonly<{ secure: true }>
  item_details?: readonly Item[]
  callbacks?: Readonly<{ finish: string }>
}>

export type Item = Readonly<{ id: string; name: string; price: number; quantity: 1 }>

export type RefundParameter = Readonly<{ refund_key: string; amount: number; reason: string }>

const maxAnswerBytes = 1024 * 1024

const chargeBody = v.object({ transaction_details: v.object({ order_id: v.string() }) })

const rejection = v.object({
  httpStatusCode: v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.integer()),
  ApiResponse: v.unknown(),
})

const apiError = v.object({ status_code: v.union([v.string(), v.number()]) })

/**
 * midtrans-client, made safe: an own base URL, a time-out on the whole call (axios alone bounds only the
 * silence), no proxy from the environment and no redirect that would carry the key elsewhere.
 */
export function createMidtransCalls(config: MidtransConfig, timeoutMs: number): MidtransCalls {
  const { serverKey, clientKey = "", production: isProduction, baseUrl } = config
  const core = new CoreApi({ isProduction, serverKey, clientKey })
  const snap = new Snap({ isProduction, serverKey, clientKey })
  if (baseUrl !== undefined) {
    core.apiConfig.getCoreApiBaseUrl = () => baseUrl
    snap.apiConfig.getSnapApiBaseUrl = () => `${baseUrl}/snap/v1`
  }
  makeSafe(core.httpClient.http_client, timeoutMs)
  makeSafe(snap.httpClient.http_client, timeoutMs)
  return {
    charge: (parameter) => settle(() => core.charge(parameter)),
    openPage: (parameter) => settle(() => snap.createTransaction(parameter)),
    status: (reference) => settle(() => core.transaction.status(reference)),
    cancel: (reference) => settle(() => core.transaction.cancel(reference)),
    expire: (reference) => settle(() => core.transaction.expire(reference)),
    refund: (reference, parameter) => settle(() => core.transaction.refund(reference, parameter)),
  }
}

function makeSafe(http: Axios, timeoutMs: number): void {
  http.defaults.timeout = timeoutMs
  http.defaults.proxy = false
  http.defaults.maxRedirects = 0
  http.defaults.maxContentLength = maxAnswerBytes
  http.interceptors.request.use((request) => prepare(request, timeoutMs))
}

/** The key comes from the request's own body, so charges made at the same time can't take each other's. */
function prepare(request: RequestConfig, timeoutMs: number): RequestConfig {
  request.signal = AbortSignal.timeout(timeoutMs)
  const body = v.safeParse(chargeBody, request.data)
  if (body.success)
    request.headers.set("Idempotency-Key", idempotencyKey(body.output.transaction_details.order_id))
  return request
}

/** 40 hexadecimal digits: an order id may have 50 characters, the header at most 46. */
function idempotencyKey(orderId: string): string {
  return createHash("sha256").update(orderId).digest("hex").slice(0, 40)
}

/** The client's errors hold the whole request, server key included; only the code leaves this function. */
async function settle(call: () => Promise<unknown>): Promise<Answer> {
  try {
    return { kind: "answered", body: await call() }
  } catch (error) {
    const rejected = v.safeParse(rejection, error)
    if (!rejected.success) return { kind: "no_answer" }
    const { httpStatusCode, ApiResponse } = rejected.output
    const said = v.safeParse(apiError, ApiResponse)
    const code = said.success ? Number(said.output.status_code) : httpStatusCode
    return { kind: "failed", code, fromMidtrans: said.success }
  }
}
