import type { Operation } from "./faults.ts"
import {
  describe,
  jakartaTime,
  moveTo,
  openTransaction,
  refundedSum,
  type SimulatedState,
  type SimulatedTransaction,
  sign,
} from "./transactions.ts"

/** Everything the pretended Midtrans remembers. */
export type World = {
  readonly serverKey: string
  readonly clock: () => Date
  readonly url: () => string
  /** By order id, the latest of each; those before it are found by their own id alone. */
  readonly transactions: Map<string, SimulatedTransaction>
  readonly earlier: SimulatedTransaction[]
  /** While no method was picked on one, its status is 404. */
  readonly snapPages: Map<string, SnapPage>
  readonly idempotent: Map<string, { at: Date; answer: Answer }>
  /** Real HTTP codes for errors, or HTTP 200 with the code in the body: Midtrans does both. */
  errorsAs: "http" | "body"
  readonly onChange: (transaction: SimulatedTransaction, extra?: Record<string, unknown>) => void
}

export type SnapPage = Readonly<{ orderId: string; amount: number; address: string; expiresAt: Date }>

export type Answer = Readonly<{ status: number; body: Record<string, unknown> }>

export type Call = Readonly<{
  operation: Operation
  id: string
  body: unknown
  idempotencyKey: string | undefined
}>

const idempotencyMs = 5 * 60_000

export function findOperation(
  method: string,
  path: string,
): { operation: Operation; id: string } | undefined {
  if (method === "POST" && path === "/v2/charge") return { operation: "charge", id: "" }
  if (method === "POST" && path === "/snap/v1/transactions") return { operation: "snap", id: "" }
  const [, id, verb] = /^\/v2\/([^/]+)\/(status|cancel|expire|refund)$/.exec(path) ?? []
  if (!id || !verb || (verb === "status") !== (method === "GET")) return undefined
  return { operation: verb as Operation, id }
}

export function answer(call: Call, world: World, options: { stale: boolean }): Answer {
  if (call.operation === "charge") return onceByKey(call, world, () => charge(call.body, world))
  if (call.operation === "snap") return onceByKey(call, world, () => openSnapPage(call, world))
  const transaction = find(call.id, world)
  if (!transaction) return failure(404, "Transaction doesn't exist.", world)
  expireWhenDue(transaction, world)
  if (call.operation === "status") return statusOf(transaction, world, options.stale)
  if (call.operation === "refund") return refund(transaction, call, world)
  if (!isEndable(transaction, call.operation))
    return failure(412, "Transaction status cannot be updated.", world)
  changeState(transaction, call.operation, world)
  return {
    status: 200,
    body: { ...describe(transaction), status_code: call.operation === "expire" ? "407" : "200" },
  }
}

/** A cancellation voids a card's money that is captured and not settled yet. */
function isEndable({ state }: SimulatedTransaction, operation: Operation): boolean {
  return state === "pending" || (operation === "cancel" && ["authorize", "capture"].includes(state))
}

export function changeState(transaction: SimulatedTransaction, state: SimulatedState, world: World): void {
  moveTo(transaction, state, world.clock())
  world.onChange(transaction)
}

export function find(id: string, world: World): SimulatedTransaction | undefined {
  const byOrder = world.transactions.get(id)
  const all = [...world.transactions.values(), ...world.earlier]
  return byOrder ?? all.find((one) => one.transactionId === id)
}

export function failure(code: number, message: string, world: World): Answer {
  const body = { status_code: String(code), status_message: message, id: crypto.randomUUID() }
  return { status: world.errorsAs === "http" ? code : 200, body }
}

/** Another transaction under an order id, as after the first one ended; the id means this one from now on. */
export function addTransaction(transaction: SimulatedTransaction, world: World): void {
  const before = world.transactions.get(transaction.orderId)
  if (before) world.earlier.push(before)
  world.transactions.set(transaction.orderId, transaction)
  world.onChange(transaction)
}

/** Successes alone are remembered. */
function onceByKey(call: Call, world: World, make: () => Answer): Answer {
  const key = call.idempotencyKey
  if (key !== undefined && key.length > 46) return failure(400, "Idempotency-Key is too long", world)
  const known = key === undefined ? undefined : world.idempotent.get(key)
  if (known && world.clock().getTime() - known.at.getTime() < idempotencyMs) return known.answer
  const made = make()
  if (key !== undefined && (made.body.status_code === "201" || made.status === 201))
    world.idempotent.set(key, { at: world.clock(), answer: made })
  return made
}

function charge(body: unknown, world: World): Answer {
  const order = readOrder(body)
  if (read(body, "payment_type") !== "qris") return failure(402, "Payment channel is not activated.", world)
  if (!order || order.amount > 10_000_000) return failure(400, "One or more parameters are invalid.", world)
  if (find(order.id, world)) return failure(406, "order_id has been used, please use another one.", world)
  const createdAt = world.clock()
  const expiresAt = new Date(createdAt.getTime() + expiryMs(read(body, "custom_expiry")))
  const transaction = openTransaction(order.id, order.amount, { createdAt, expiresAt })
  addTransaction(transaction, world)
  const url = `${world.url()}/v2/qris/${transaction.transactionId}/qr-code`
  return {
    status: 200,
    body: {
      ...describe(transaction),
      status_message: "QRIS transaction is created",
      acquirer: "gopay",
      actions: [{ name: "generate-qr-code", method: "GET", url }],
      qr_string: transaction.qrString,
    },
  }
}

function statusOf(transaction: SimulatedTransaction, world: World, stale: boolean): Answer {
  const state = stale ? transaction.previousState : transaction.state
  const body = sign(describe(transaction, state), world.serverKey)
  if (state === "expire") return { status: 200, body: { ...body, status_code: "407" } }
  return { status: 200, body }
}

function refund(transaction: SimulatedTransaction, call: Call, world: World): Answer {
  const refunded = refundedSum(transaction)
  const key = String(read(call.body, "refund_key") ?? crypto.randomUUID())
  const amount = Number(read(call.body, "amount") ?? transaction.amount - refunded)
  if (transaction.refunds.some((one) => one.key === key)) return failure(406, "Duplicate refund key.", world)
  if (!["settlement", "partial_refund"].includes(transaction.state))
    return failure(412, "Transaction status cannot be updated.", world)
  if (!(amount > 0) || refunded + amount > transaction.amount)
    return failure(414, "Refund amount is not allowed.", world)
  refundNow(transaction, { key, amount, reason: String(read(call.body, "reason") ?? "") }, world)
  return { status: 200, body: { ...describe(transaction), refund_key: key, refund_amount: `${amount}.00` } }
}

/** Pays back and notifies twice: when Midtrans does it, and when the bank has confirmed it. */
export function refundNow(
  transaction: SimulatedTransaction,
  refund: { key: string; amount: number; reason: string },
  world: World,
): void {
  transaction.refunds.push({ ...refund, at: world.clock() })
  const isWhole = refundedSum(transaction) === transaction.amount
  moveTo(transaction, isWhole ? "refund" : "partial_refund", world.clock())
  world.onChange(transaction, { refund_key: refund.key })
  world.onChange(transaction, { refund_key: refund.key, bank_confirmed_at: jakartaTime(world.clock()) })
}

function openSnapPage(call: Call, world: World): Answer {
  const order = readOrder(call.body)
  if (!order)
    return { status: 400, body: { error_messages: ["transaction_details.gross_amount is required"] } }
  if (find(order.id, world) || world.snapPages.has(order.id))
    return { status: 400, body: { error_messages: ["transaction_details.order_id sudah digunakan"] } }
  const token = crypto.randomUUID()
  const address = `${world.url()}/snap/v4/redirection/${token}`
  const expiresAt = new Date(world.clock().getTime() + expiryMs(pageExpiry(call.body)))
  world.snapPages.set(order.id, { orderId: order.id, amount: order.amount, address, expiresAt })
  return { status: 201, body: { token, redirect_url: address } }
}

/** Snap says `duration` where the Core API says `expiry_duration`; a page is open for a day by itself. */
function pageExpiry(body: unknown): unknown {
  const given = read(body, "page_expiry")
  return { expiry_duration: read(given, "duration") ?? 24, unit: read(given, "unit") ?? "hour" }
}

/** An offer that ran out is found expired; like the real page's own expiry, that sends nothing. */
function expireWhenDue(transaction: SimulatedTransaction, world: World): void {
  const now = world.clock()
  if (transaction.state === "pending" && transaction.expiresAt <= now) moveTo(transaction, "expire", now)
}

function readOrder(body: unknown): { id: string; amount: number } | undefined {
  const details = read(body, "transaction_details")
  const id = read(details, "order_id")
  const amount = read(details, "gross_amount")
  if (typeof id !== "string" || !/^[A-Za-z0-9\-_~.]{1,50}$/.test(id)) return undefined
  return typeof amount === "number" && Number.isInteger(amount) && amount > 0 ? { id, amount } : undefined
}

function expiryMs(custom: unknown): number {
  const units: Record<string, number> = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 }
  const duration = Number(read(custom, "expiry_duration") ?? 15)
  return duration * (units[String(read(custom, "unit") ?? "minute")] ?? 60_000)
}

function read(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined
}
