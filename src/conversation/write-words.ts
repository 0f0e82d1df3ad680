import type { OrderToPack, Shipment } from "../shop/fulfil-order.ts"
import type { Rupiah } from "../shop/money.ts"
import type { Language } from "./intent.ts"
import type { ReviewNotice } from "./texts/desk-texts.ts"
import { hasAddress } from "./texts/fulfilment-texts.ts"
import type { PersonWanted } from "./texts/people-desk-texts.ts"
import type { EndedAs, OrderLine, PaidBy, QrisReason, Texts } from "./texts/texts.ts"
import { type NoticeKind, writeNotice } from "./write-notices.ts"

/** A promised message whose words are written when it is sent; its data as the database keeps it. */
export type PromisedMessage = Readonly<{
  kind:
    | "text"
    | "goods"
    | "payment_request"
    | "order_paid"
    | "deposit_paid"
    | "order_expired"
    | "late_balance"
    | "busy"
    | "payment_review"
    | "broadcast"
    | "payment_reversed"
    | "review_raised"
    | "review_credited"
    | "warranty_replaced"
    | "warranty_refused"
    | "conversation_ended"
    | "order_refunded"
    | "refund_requested"
    | "refund_failed"
    | "back_in_stock"
    | "order_packing"
    | "order_shipped"
    | "order_completed"
    | "address_wanted"
    | "order_to_pack"
    | NoticeKind
    | "person_wanted"
    | "balance_adjusted"
    | "bot_answers"
  language: Language
  channel: string
  text: string | null
  data: Readonly<Record<string, unknown>>
}>

/**
 * The page where a customer of this channel pays; undefined when it can't be reached from where they are.
 */
export type PayUrl = (payToken: string, channel: string) => string | undefined

export type WritingParts = Readonly<{
  texts: Readonly<Record<Language, Texts>>
  payUrl: PayUrl
  /** Pretended money is what the shop takes: every message says so. */
  isDemoShop: boolean
}>

/** Where nobody but the one at this machine can write: pretended money must not buy real goods. */
export const localChannels: readonly string[] = ["console", "try"]

export type WrittenMessage = Readonly<{ text: string; qr?: string }>

/** What the data of the kinds holds, taken together; each kind has its own part of it. */
type Data = Readonly<{
  orderCode: string
  lines: readonly OrderLine[]
  discount?: Rupiah
  total: Rupiah
  method: PaidBy
  balanceAfter?: Rupiah
  resent?: boolean
  late?: boolean
  /** How the order had ended before this payment came; absent in messages of before. */
  endedAs?: EndedAs
  kind?: "digital" | "physical"
  provider?: string
  purpose: "order" | "deposit"
  amount: Rupiah
  /** What of the amount makes it unlike others. */
  uniqueExtra?: Rupiah
  expiresAt: string
  payToken: string
  /** One of the two: a code, or a page of the provider. */
  qrString?: string | null
  redirectUrl?: string
  why: QrisReason
  balance: Rupiah
  received: Rupiah
  /** What came beyond the price. */
  surplus?: Rupiah
  asked: Rupiah
  /** Said of money that became balance; absent in messages of before. */
  resolution?: "late_balance" | "already_paid_balance" | "underpaid_balance"
  reversal: "refund" | "chargeback" | "denial"
  fromBalance: Rupiah
  /** Of a warranty that was claimed. */
  outcome: "replaced" | "refunded"
  name: string
  /** Of a product. */
  code: string
  price: Rupiah
  place: number
  count: number
  isSoldOut: boolean
  destination: "saldo" | "provider"
  /** Of physical goods; without an address until the customer has said where to. */
  delivery?: Shipment
  isCorrected?: boolean
  /** Said to the operators. */
  orders: readonly OrderToPack[]
}> &
  ReviewNotice &
  PersonWanted

/** Writes a promised message out in its customer's language. Pure. `units` are the goods in the clear. */
export function writeWords(
  message: PromisedMessage,
  units: readonly string[],
  { texts, payUrl, isDemoShop }: WritingParts,
): WrittenMessage {
  const say = texts[message.language]
  const data = message.data as Data
  const isDemo = isDemoShop || data.provider === "demo"
  const marked = (text: string) => ({ text: isDemo ? say.demo(text) : text })
  const withSurplus = (text: string) =>
    data.surplus ? `${text}\n\n${say.surplusToBalance({ surplus: data.surplus })}` : text
  switch (message.kind) {
    case "text":
      return marked(message.text ?? "")
    case "broadcast":
      return marked(say.broadcast({ text: message.text ?? "" }))
    case "goods": {
      const goods = say.goods({ ...data, units, resent: data.resent ?? false })
      return marked(withSurplus(data.late ? `${say.latePaymentGoods(data)}\n\n${goods}` : goods))
    }
    case "order_paid":
      return marked(
        askingWhere(withSurplus(say.physicalPaid({ ...data, isAskedWhere: isAskedWhere(data) })), data, say),
      )
    case "payment_request": {
      const canPretend = data.provider === "demo" && localChannels.includes(message.channel)
      const request = {
        ...data,
        total: data.amount,
        expiresAt: new Date(data.expiresAt),
        payUrl: payUrl(data.payToken, message.channel),
        isDemo,
        canPretend,
      }
      const text = data.purpose === "order" ? say.paymentRequest(request) : say.depositRequest(request)
      const asking = askingWhere(text, data, say)
      return { ...marked(asking), ...(data.qrString && { qr: data.qrString }) }
    }
    case "deposit_paid":
      return marked(say.depositPaid(data))
    case "order_expired":
      return marked(say.expired(data))
    case "late_balance":
      return marked(moneyToBalance(data, say))
    case "payment_reversed":
      return marked(say.paymentReversed(data))
    case "review_raised":
      return marked(say.reviewRaised(data))
    case "review_credited":
      return marked(say.reviewCredited(data))
    case "warranty_replaced":
      return marked(
        data.outcome === "replaced" ? say.warrantyReplaced({ ...data, units }) : say.warrantyRefunded(data),
      )
    case "warranty_refused":
      return marked(say.warrantyNotGranted(data))
    case "order_refunded":
      return marked(say.orderRefunded(data))
    case "refund_requested":
      return marked(say.refundRequested(data))
    case "refund_failed":
      return marked(say.refundFailed(data))
    case "order_packing":
      return marked(say.orderPacking(data))
    case "order_shipped":
      return marked(say.orderShipped(data))
    case "order_completed":
      return marked(say.orderCompleted(data))
    case "address_wanted":
      return marked(say.addressWanted(data))
    case "order_to_pack":
      return marked(say.ordersToPack(data))
    case "person_wanted":
      return marked(say.personWanted(data))
    case "balance_adjusted":
      return marked(say.balanceAdjusted(data))
    case "bot_answers":
      return marked(say.botAnswers())
    case "payment_review":
      return marked(say.paymentReview(data))
    case "conversation_ended":
      return marked(say.conversationEnded(data))
    case "back_in_stock":
      return marked(say.backInStock(data))
    case "busy":
      return marked(say.busy())
    case "broadcast_report":
    case "operator_alerts":
    case "daily_summary":
      return marked(writeNotice(message.kind, message.data, say))
  }
}

/**
 * Goods that were bought without saying where to: the question is open in the customer's conversation since
 * the purchase. An order that is paid later is only told of; its conversation may be over.
 */
function isAskedWhere({ kind, delivery, method, purpose }: Data): boolean {
  const isAnswer = purpose === "order" || method === "saldo"
  return isAnswer && kind === "physical" && !hasAddress(delivery)
}

function askingWhere(text: string, data: Data, say: Texts): string {
  if (!isAskedWhere(data)) return text
  return `${text}\n\n${say.askRecipient({ orderCode: data.orderCode, remembered: undefined })}`
}

function moneyToBalance(data: Data, say: Texts): string {
  switch (data.resolution) {
    case "already_paid_balance":
      return say.paidTwice(data)
    case "underpaid_balance":
      return say.underpaid(data)
    default:
      return say.latePaymentToBalance(data)
  }
}
