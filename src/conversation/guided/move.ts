import type { Rupiah } from "../../shop/money.ts"
import type { PaymentMethod } from "../intent.ts"
import type {
  AddressQuestion,
  MethodQuestion,
  PickQuestion,
  ProductQuestion,
  QuantityQuestion,
  RecipientQuestion,
  SummaryQuestion,
} from "../texts/guided-texts.ts"
import type { Delivery, Guided } from "./conversation.ts"

/** Why a question is asked again, or another one than was expected. */
export type Reason =
  | Readonly<{ kind: "product_not_known" }>
  | Readonly<{ kind: "number_not_shown" }>
  | Readonly<{ kind: "product_gone" }>
  | Readonly<{ kind: "product_sold_out"; code: string; name: string }>
  | Readonly<{ kind: "only_left"; name: string; left: number }>
  | Readonly<{ kind: "quantity_invalid"; max: number }>
  | Readonly<{ kind: "recipient_invalid"; min: number; max: number }>
  | Readonly<{ kind: "address_invalid"; min: number; max: number }>
  | Readonly<{ kind: "not_a_choice" }>
  | Readonly<{ kind: "price_changed" }>
  | Readonly<{ kind: "way_changed" }>
  /** There is one way to pay at most, which the summary says. */
  | Readonly<{ kind: "way_not_chosen" }>
  | Readonly<{ kind: "too_long"; max: number }>
  | Readonly<{ kind: "unreadable" }>

export type Question =
  | (Readonly<{ kind: "product" }> & ProductQuestion)
  | (Readonly<{ kind: "pick" }> & PickQuestion)
  | (Readonly<{ kind: "quantity" }> & QuantityQuestion)
  | (Readonly<{ kind: "recipient" }> & RecipientQuestion)
  | (Readonly<{ kind: "address" }> & AddressQuestion)
  | (Readonly<{ kind: "summary" }> & SummaryQuestion)
  | (Readonly<{ kind: "method" }> & MethodQuestion)

export type GuidedOrder = Readonly<{
  productCode: string
  quantity: number
  method: PaymentMethod
  /** There was no other way to choose, which was said. */
  isOnlyWay: boolean
  delivery: Delivery | undefined
  /** What was shown and agreed to. */
  expectedTotal: Rupiah
}>

/** What follows from an answer. */
export type Move =
  | AskedOrNot
  /** The customer left; with the order that stays without the address that was asked for. */
  | Readonly<{ kind: "left"; orderCode: string | undefined }>
  | Readonly<{ kind: "menu" }>
  | Readonly<{ kind: "place"; order: GuidedOrder }>
  | Readonly<{ kind: "deliver_to"; orderCode: string; delivery: Delivery }>

/** A question, or word that there is nothing on sale to ask about. */
export type AskedOrNot = Asked | Readonly<{ kind: "nothing_on_sale" }>

/** The next question, which is open from now on. */
export type Asked = Readonly<{
  kind: "asked"
  conversation: Guided
  question: Question
  reason: Reason | undefined
}>
