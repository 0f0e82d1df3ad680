import { formatRupiah, rupiah } from "../../../shop/money.ts"
import {
  type AddressQuestion,
  type GuidedTexts,
  type NumberedProduct,
  type RecipientQuestion,
  type SummaryQuestion,
  wholeAddress,
} from "../guided-texts.ts"
import { oneLine } from "../wording.ts"
import { example } from "./samples.ts"
import {
  block,
  fixed,
  type GivenTo,
  line,
  needed,
  once,
  type SlotTable,
  slot,
  type TextSlots,
} from "./slot.ts"

const { orderCode, productCode: code, productName: name, amount, balance, total, delivery } = example

const products: readonly NumberedProduct[] = [
  { number: 1, code, name, price: amount, left: 37 },
  { number: 2, code: "FILM-1", name: "Voucher film", price: rupiah(35_000), left: 8 },
]

const listed: TextSlots<Readonly<{ products: readonly NumberedProduct[] }>>["slots"] = {
  products: once(({ products }, words) => words.numbered(products)),
}

const quantity: TextSlots<GivenTo<GuidedTexts["askQuantity"]>> = {
  sample: {
    code,
    name,
    price: amount,
    steps: [{ minQuantity: 10, price: rupiah(44_000) }],
    left: 37,
    max: 29,
  },
  slots: {
    product: needed(({ name }) => oneLine(name)),
    code: slot(({ code }) => code),
    price: needed(({ price }) => formatRupiah(price)),
    left: slot(({ left }) => String(left)),
    steps: block(({ steps }, words) => words.steps(steps)),
  },
}

const order = slot<Readonly<{ orderCode?: string | undefined }>>(({ orderCode }) => orderCode ?? "")

const recipient: TextSlots<RecipientQuestion>["slots"] = {
  order,
  remembered: block((question, words) => words.rememberedRecipient(question)),
}

const address: TextSlots<AddressQuestion>["slots"] = {
  order,
  recipient: slot(({ recipient }) => oneLine(recipient)),
  remembered: block((question, words) => words.rememberedAddress(question)),
}

const summary: TextSlots<SummaryQuestion>["slots"] = {
  quantity: needed(({ quantity }) => String(quantity)),
  product: needed(({ name }) => oneLine(name)),
  code: slot(({ code }) => code),
  price: slot(({ price }) => formatRupiah(price)),
  discount: line((order, words) => (order.discount > 0 ? words.discountOf(order) : "")),
  total: needed(({ total }) => formatRupiah(total)),
  delivery: block(({ delivery }) => (delivery ? wholeAddress(delivery) : "")),
  how_paid: slot((order, words) => words.howPaid(order)),
}

const summed: SummaryQuestion = {
  code,
  name,
  quantity: 23,
  price: amount,
  discount: rupiah(5_500),
  voucherCode: "HEMAT-10",
  total,
  delivery,
  way: "saldo",
  balance,
  missing: rupiah(0),
}

const limits: TextSlots<Readonly<{ min: number; max: number }>> = {
  sample: { min: 2, max: 83 },
  slots: { min: slot(({ min }) => String(min)), max: slot(({ max }) => String(max)) },
}

const isNew = ({ orderCode }: Readonly<{ orderCode: string | undefined }>) =>
  orderCode === undefined ? "new_order" : "order"

/** The questions of the guided order, and what is said between them. */
export const guidedSlots: SlotTable<GuidedTexts> = {
  askProduct: {
    pick: ({ hasMore }) => (hasMore ? "with_more" : "last"),
    forms: {
      with_more: { sample: { products, hasMore: true }, slots: listed },
      last: { sample: { products, hasMore: false }, slots: listed },
    },
  },
  askWhich: {
    pick: ({ isCut }) => (isCut ? "with_more" : "all"),
    forms: {
      with_more: { sample: { products, isCut: true }, slots: listed },
      all: { sample: { products, isCut: false }, slots: listed },
    },
  },
  askQuantity: {
    pick: ({ max }) => (max > 1 ? "several" : "one"),
    forms: {
      several: { ...quantity, slots: { ...quantity.slots, max: slot(({ max }) => String(max)) } },
      one: { ...quantity, sample: { ...quantity.sample, max: 1 } },
    },
  },
  askRecipient: {
    pick: isNew,
    forms: {
      new_order: { sample: { orderCode: undefined, remembered: delivery }, slots: recipient },
      order: { sample: { orderCode, remembered: delivery }, slots: recipient },
    },
  },
  askAddress: {
    pick: isNew,
    forms: {
      new_order: {
        sample: { orderCode: undefined, remembered: delivery, recipient: "Ibu Ratna" },
        slots: address,
      },
      order: { sample: { orderCode, remembered: delivery, recipient: "Ibu Ratna" }, slots: address },
    },
  },
  orderSummary: {
    pick: ({ way }) => (way === "none" ? "not_payable" : "payable"),
    forms: {
      payable: { sample: summed, slots: summary },
      not_payable: { sample: { ...summed, way: "none" }, slots: summary },
    },
  },
  askMethod: {
    sample: { total, balance },
    slots: {
      total: needed(({ total }) => formatRupiah(total)),
      balance: slot(({ balance }) => formatRupiah(balance)),
    },
  },
  productNotKnown: fixed,
  numberNotShown: fixed,
  productGone: fixed,
  chosenSoldOut: {
    sample: { code, name },
    slots: { product: slot(({ name }) => oneLine(name)), code: slot(({ code }) => code) },
  },
  onlyLeft: {
    sample: { name, left: 37 },
    slots: { product: slot(({ name }) => oneLine(name)), left: needed(({ left }) => String(left)) },
  },
  quantityInvalid: {
    pick: ({ max }) => (max > 1 ? "several" : "one"),
    forms: {
      several: { sample: { max: 29 }, slots: { max: needed(({ max }) => String(max)) } },
      one: { sample: { max: 1 }, slots: {} },
    },
  },
  recipientInvalid: limits,
  addressInvalid: limits,
  notAChoice: fixed,
  priceIsNew: fixed,
  wayToPayChanged: fixed,
  wayNotChosen: fixed,
  answerTooLong: { sample: { max: 500 }, slots: { max: needed(({ max }) => String(max)) } },
  answerUnreadable: fixed,
  stillOpen: fixed,
  orderLeft: fixed,
  addressLeft: { sample: { orderCode }, slots: { order } },
  addressKept: {
    sample: { orderCode, ...delivery },
    slots: { order, address: once((delivery) => wholeAddress(delivery)) },
  },
  addressRefused: {
    pick: ({ isDigital }) => (isDigital ? "digital" : "too_late"),
    forms: {
      digital: { sample: { orderCode, status: "delivered", isDigital: true }, slots: { order } },
      too_late: {
        sample: { orderCode, status: "shipped", isDigital: false },
        slots: { order, status: slot(({ status }, words) => words.status(status)) },
      },
    },
  },
  noOrderToAddress: fixed,
  conversationEnded: {
    pick: ({ orderCode }) => (orderCode === undefined ? "order" : "address"),
    forms: {
      order: { sample: {}, slots: {} },
      address: { sample: { orderCode }, slots: { order } },
    },
  },
}
