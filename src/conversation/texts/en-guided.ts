import { formatRupiah } from "../../shop/money.ts"
import { statusNames } from "./en-orders.ts"
import {
  type GuidedTexts,
  type NumberedProduct,
  type QuantityQuestion,
  type RecipientQuestion,
  type SummaryQuestion,
  wholeAddress,
} from "./guided-texts.ts"
import { join, nameWithCode, oneLine, type Wording } from "./wording.ts"

const wayOut = "Answer 0 to go back, or cancel to stop."

export function guided({ command }: Wording): GuidedTexts {
  return {
    askProduct: ({ products, hasMore }) =>
      join(
        "*What would you like?*",
        productLines(products),
        "",
        "Answer with a number, a code, or the product's name.",
        hasMore && "Not there? Answer more to see the next ones.",
        wayOut,
      ),
    askWhich: ({ products, isCut }) =>
      join(
        "*Which one?*",
        productLines(products),
        "",
        isCut && "There are others; write more of the name if yours is not here.",
        "Answer with its number.",
        wayOut,
      ),
    askQuantity: ({ code, name, price, steps, left, max }) =>
      join(
        `*${oneLine(name)}* (${code})`,
        `Price ${formatRupiah(price)}, ${left} left`,
        stepLines(steps),
        "",
        max > 1 ? `How many? Answer with a number from 1 to ${max}.` : "How many? Answer 1 to order one.",
        wayOut,
      ),
    askRecipient: (question) =>
      join(
        question.orderCode === undefined
          ? "This is sent to your address. *Who receives it?*"
          : `Order ${question.orderCode} will be sent to you. *Who receives it?*`,
        question.remembered && `\n${rememberedRecipient(question)}`,
        orderWayOut(question),
      ),
    askAddress: (question) =>
      join(
        `*The full address for ${oneLine(question.recipient)}?*`,
        "Write the street, the house number, the district, the city and the postal code.",
        question.remembered && `\n${rememberedAddress(question)}`,
        orderWayOut(question),
      ),
    orderSummary: (order) =>
      join(
        "*Your order*",
        `${order.quantity} × ${oneLine(order.name)} (${order.code}), ${formatRupiah(order.price)} each`,
        order.discount > 0 && discountOf(order),
        `Total: *${formatRupiah(order.total)}*`,
        order.delivery && `Sent to: ${wholeAddress(order.delivery)}`,
        howPaid(order, command("person")),
        "",
        "Is this right?",
        order.way === "none" ? "1. Yes, my balance is enough now" : "1. Yes, order it",
        "2. Change it",
        wayOut,
      ),
    askMethod: ({ total, balance }) =>
      join(
        `*How would you like to pay ${formatRupiah(total)}?*`,
        `1. From my balance (${formatRupiah(balance)})`,
        "2. QRIS",
        "",
        wayOut,
      ),
    productNotKnown: () => "I could not find that product. Please choose from this list:",
    numberNotShown: () => "That number is not in the list.",
    productGone: () => "Sorry, that product has just been taken off sale. Nothing was charged.",
    chosenSoldOut: ({ code, name }) =>
      join(
        `Sorry, ${nameWithCode({ code, name })} is sold out. Nothing was charged.`,
        `Shall we tell you when it is back? Send ${command("restock")} ${code}`,
      ),
    onlyLeft: ({ name, left }) => `Of ${oneLine(name)} only ${left} left. Nothing was charged.`,
    quantityInvalid: ({ max }) =>
      max > 1 ? `Please write how many as a number from 1 to ${max}.` : "It can only be 1.",
    recipientInvalid: ({ min, max }) =>
      `I could not read the recipient's name. Write ${min} to ${max} characters, with letters.`,
    addressInvalid: ({ min, max }) =>
      `I could not read the address. Write ${min} to ${max} characters, with the street and the city.`,
    notAChoice: () => "Sorry, I did not understand that answer.",
    priceIsNew: () => "The total is not what it was a moment ago. Nothing was charged; please look again:",
    wayToPayChanged: () => "How it is paid has changed, because your balance has. Please look again:",
    wayNotChosen: () => "There is no choice of how to pay for this order; the summary says how it is paid:",
    answerTooLong: ({ max }) => `That message is too long; ${max} characters are the most.`,
    answerUnreadable: () => "I can only read text 😊",
    stillOpen: () => "Your order is still waiting for an answer:",
    orderLeft: () =>
      `All right, the order does not go ahead and nothing was charged. Start again? ${command("menu")}`,
    addressLeft: ({ orderCode }) =>
      join(
        `All right. Order ${orderCode} stays; only its address was not changed.`,
        `Give the address: ${command("address")} ${orderCode}`,
        `Cancel it, as long as it is not paid: ${command("cancel")} ${orderCode}`,
      ),
    addressKept: ({ orderCode, recipient, address }) =>
      join(
        `The address of order ${orderCode} is noted ✅`,
        wholeAddress({ recipient, address }),
        `Follow it: ${command("status")} ${orderCode}`,
      ),
    addressRefused: ({ orderCode, status, isDigital }) =>
      isDigital
        ? `Order ${orderCode} is delivered in this chat, so it needs no address.`
        : join(
            `The address of order ${orderCode} can't be changed any more: ${statusNames[status]}.`,
            `More about it: ${command("status")} ${orderCode}`,
          ),
    noOrderToAddress: () =>
      join(
        "None of your orders is waiting to be sent.",
        `Your orders: ${command("history")}. Would you like something? ${command("catalogue")}`,
      ),
    conversationEnded: ({ orderCode }) =>
      orderCode === undefined
        ? `I close this order for now, as there was no answer for a while. Nothing was charged; start again any time: ${command("menu")}`
        : `Order ${orderCode} still has no new address. Give it any time: ${command("address")} ${orderCode}`,
  }
}

export function productLines(products: readonly NumberedProduct[]): string {
  return products.map(productLine).join("\n")
}

/** Lower prices from a quantity on; undefined where there are none. */
export function stepLines(steps: QuantityQuestion["steps"]): string | undefined {
  if (steps.length === 0) return undefined
  return steps.map((step) => `From ${step.minQuantity} on: ${formatRupiah(step.price)} each`).join("\n")
}

/** Offers the recipient and the address of before. */
export function rememberedRecipient({ remembered }: RecipientQuestion): string {
  if (!remembered) return ""
  return join(
    `1. ${wholeAddress(remembered)}`,
    "Answer 1 for that address, or write another recipient's name.",
  )
}

/** Offers the address of before. */
export function rememberedAddress({ remembered }: RecipientQuestion): string {
  if (!remembered) return ""
  return join(`1. ${oneLine(remembered.address, 300)}`, "Answer 1 for that address, or write another one.")
}

/** What comes off, and by which voucher. */
export function discountOf({ discount, voucherCode }: SummaryQuestion): string {
  return `Discount${voucherCode ? `, voucher ${voucherCode}` : ""}: ${formatRupiah(discount)}`
}

function productLine({ number, code, name, price, left }: NumberedProduct): string {
  return `${number}. ${oneLine(name)} (${code}): ${formatRupiah(price)}, ${left > 0 ? `${left} left` : "sold out"}`
}

/** `cancel` never touches an order that exists; nobody should fear that it does, or hope it. */
function orderWayOut({ orderCode }: RecipientQuestion): string {
  if (orderCode === undefined) return wayOut
  return `Later? Answer cancel; order ${orderCode} stays.`
}

export function howPaid({ way, balance, missing }: SummaryQuestion, person: string): string {
  switch (way) {
    case "saldo":
      return `Paid from your balance (${formatRupiah(balance)}).`
    case "qris":
      return `Paid by QRIS. Your balance is ${formatRupiah(balance)}, ${formatRupiah(missing)} too little.`
    case "choose":
      return `Paid from your balance (${formatRupiah(balance)}) or by QRIS; you choose next.`
    case "none":
      return join(
        `Your balance is ${formatRupiah(balance)}, ${formatRupiah(missing)} too little.`,
        `Top up through the seller: ${person}. Then answer 1.`,
      )
  }
}
