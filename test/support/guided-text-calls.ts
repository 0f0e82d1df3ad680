import type { GuidedTexts } from "../../src/conversation/texts/guided-texts.ts"
import type { Texts } from "../../src/conversation/texts/texts.ts"
import type { Rupiah } from "../../src/shop/money.ts"
import type { OrderStatus } from "../../src/shop/order-states.ts"

/** Of what a property test makes up, as much as these texts are about. */
type Data = Readonly<{
  word: string
  words: readonly string[]
  maybeWord: string | undefined
  amount: Rupiah
  count: number
  status: OrderStatus
  why: "chosen" | "balance_short" | "only_method"
  isDemo: boolean
}>

const numbered = ({ words, word, amount, count }: Data) =>
  words.map((code, place) => ({ number: place + 1, code, name: word, price: amount, left: count }))

const remembered = ({ isDemo, word }: Data) => (isDemo ? { recipient: word, address: word } : undefined)

const ways = { chosen: "choose", balance_short: "qris", only_method: "none" } as const

/** One call of each text of the guided order. */
export const guidedCalls: { [Name in keyof GuidedTexts]: (texts: Texts, data: Data) => string } = {
  askProduct: (texts, data) => texts.askProduct({ products: numbered(data), hasMore: data.isDemo }),
  askWhich: (texts, data) => texts.askWhich({ products: numbered(data), isCut: data.isDemo }),
  askQuantity: (texts, { word, amount, count, isDemo }) =>
    texts.askQuantity({
      code: word,
      name: word,
      price: amount,
      steps: isDemo ? [{ minQuantity: count, price: amount }] : [],
      left: count,
      max: count,
    }),
  askRecipient: (texts, data) =>
    texts.askRecipient({ orderCode: data.maybeWord, remembered: remembered(data) }),
  askAddress: (texts, data) =>
    texts.askAddress({ orderCode: data.maybeWord, remembered: remembered(data), recipient: data.word }),
  orderSummary: (texts, data) => {
    const { word, maybeWord, amount, count, isDemo, why } = data
    return texts.orderSummary({
      ...{ code: word, name: word, quantity: count, price: amount, discount: amount, total: amount },
      voucherCode: maybeWord,
      delivery: remembered(data),
      way: isDemo ? "saldo" : ways[why],
      balance: amount,
      missing: amount,
    })
  },
  askMethod: (texts, { amount }) => texts.askMethod({ total: amount, balance: amount }),
  productNotKnown: (texts) => texts.productNotKnown(),
  numberNotShown: (texts) => texts.numberNotShown(),
  productGone: (texts) => texts.productGone(),
  chosenSoldOut: (texts, { word }) => texts.chosenSoldOut({ code: word, name: word }),
  onlyLeft: (texts, { word, count }) => texts.onlyLeft({ name: word, left: count }),
  quantityInvalid: (texts, { count }) => texts.quantityInvalid({ max: count }),
  recipientInvalid: (texts, { count }) => texts.recipientInvalid({ min: count, max: count }),
  addressInvalid: (texts, { count }) => texts.addressInvalid({ min: count, max: count }),
  notAChoice: (texts) => texts.notAChoice(),
  priceIsNew: (texts) => texts.priceIsNew(),
  wayToPayChanged: (texts) => texts.wayToPayChanged(),
  wayNotChosen: (texts) => texts.wayNotChosen(),
  answerTooLong: (texts, { count }) => texts.answerTooLong({ max: count }),
  answerUnreadable: (texts) => texts.answerUnreadable(),
  stillOpen: (texts) => texts.stillOpen(),
  orderLeft: (texts) => texts.orderLeft(),
  addressLeft: (texts, { word }) => texts.addressLeft({ orderCode: word }),
  addressKept: (texts, { word }) => texts.addressKept({ orderCode: word, recipient: word, address: word }),
  addressRefused: (texts, { word, status, isDemo }) =>
    texts.addressRefused({ orderCode: word, status, isDigital: isDemo }),
  noOrderToAddress: (texts) => texts.noOrderToAddress(),
  conversationEnded: (texts, { maybeWord }) => texts.conversationEnded({ orderCode: maybeWord }),
}
