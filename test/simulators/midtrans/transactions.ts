import { createHash } from "node:crypto"

/** One order id at Midtrans and everything that happened to it. */
export type SimulatedTransaction = {
  readonly orderId: string
  readonly transactionId: string
  readonly amount: number
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly qrString: string
  state: SimulatedState
  /** What a lagging status API still says. */
  previousState: SimulatedState
  settledAt: Date | undefined
  readonly refunds: SimulatedRefund[]
  /** What a bank took back; told where it is known, which is not always. */
  chargedBack: number | undefined
}

export type SimulatedRefund = Readonly<{ key: string; amount: number; reason: string; at: Date }>

export type SimulatedState =
  | "pending"
  | "authorize"
  | "capture"
  | "settlement"
  | "deny"
  | "failure"
  | "cancel"
  | "expire"
  | "refund"
  | "partial_refund"
  | "chargeback"
  | "partial_chargeback"

const statusCodes: Readonly<Record<SimulatedState, string>> = {
  pending: "201",
  authorize: "200",
  capture: "200",
  settlement: "200",
  deny: "202",
  failure: "202",
  cancel: "202",
  expire: "202",
  refund: "200",
  partial_refund: "200",
  chargeback: "200",
  partial_chargeback: "200",
}

export function openTransaction(
  orderId: string,
  amount: number,
  times: { createdAt: Date; expiresAt: Date },
): SimulatedTransaction {
  return {
    orderId,
    transactionId: crypto.randomUUID(),
    amount,
    ...times,
    qrString: qrisCode(orderId, amount),
    state: "pending",
    previousState: "pending",
    settledAt: undefined,
    refunds: [],
    chargedBack: undefined,
  }
}

export function moveTo(transaction: SimulatedTransaction, state: SimulatedState, now: Date): void {
  transaction.previousState = transaction.state
  transaction.state = state
  if (state === "settlement") transaction.settledAt = now
}

/** What charge, status and notification have in common. */
export function describe(
  transaction: SimulatedTransaction,
  state: SimulatedState = transaction.state,
): Record<string, unknown> {
  return {
    status_code: statusCodes[state],
    status_message: "Success, transaction is found",
    transaction_id: transaction.transactionId,
    order_id: transaction.orderId,
    merchant_id: "G000000000",
    gross_amount: grossAmount(transaction.amount),
    currency: "IDR",
    payment_type: "qris",
    transaction_time: jakartaTime(transaction.createdAt),
    transaction_status: state,
    fraud_status: state === "deny" ? "deny" : "accept",
    expiry_time: jakartaTime(transaction.expiresAt),
    ...(transaction.settledAt && state !== "pending"
      ? { settlement_time: jakartaTime(transaction.settledAt) }
      : {}),
    ...takenBack(transaction),
  }
}

export function refundedSum({ refunds }: SimulatedTransaction): number {
  return refunds.reduce((sum, { amount }) => sum + amount, 0)
}

/** The list names the refunds alone; the sum holds what a bank took back as well. */
function takenBack(transaction: SimulatedTransaction): Record<string, unknown> {
  const { refunds, chargedBack } = transaction
  if (refunds.length === 0 && chargedBack === undefined) return {}
  const list = refunds.map(({ key, amount, reason, at }, place) => ({
    refund_chargeback_id: place + 1,
    refund_amount: grossAmount(amount),
    created_at: jakartaTime(at),
    reason,
    refund_key: key,
  }))
  return {
    refund_amount: grossAmount(refundedSum(transaction) + (chargedBack ?? 0)),
    ...(list.length > 0 && { refunds: list }),
  }
}

/** Adds the signature over the answer's own strings. */
export function sign(answer: Record<string, unknown>, serverKey: string): Record<string, unknown> {
  const signed = `${answer.order_id}${answer.status_code}${answer.gross_amount}${serverKey}`
  return { ...answer, signature_key: createHash("sha512").update(signed).digest("hex") }
}

export function grossAmount(amount: number): string {
  return `${amount}.00`
}

export function jakartaTime(time: Date): string {
  return new Date(time.getTime() + 7 * 3_600_000).toISOString().slice(0, 19).replace("T", " ")
}

/** A QRIS text with its amount, its order and a right checksum, as an acquirer would make it. */
function qrisCode(orderId: string, amount: number): string {
  const field = (tag: string, value: string) => `${tag}${String(value.length).padStart(2, "0")}${value}`
  const merchant = field("00", "COM.EXAMPLE.WWW") + field("01", "936000000000000000")
  const fields = [
    field("00", "01"),
    field("01", "12"),
    field("26", merchant),
    field("52", "5818"),
    field("53", "360"),
    field("54", String(amount)),
    field("58", "ID"),
    field("59", "SIMULATED STALL"),
    field("60", "JAKARTA"),
    field("62", field("05", orderId.slice(0, 25))),
  ]
  const text = `${fields.join("")}6304`
  return text + checksum(text)
}

/** CRC-16/CCITT-FALSE. */
function checksum(text: string): string {
  let crc = 0xffff
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  }
  return crc.toString(16).toUpperCase().padStart(4, "0")
}
