import { formatRupiah, type Rupiah } from "../../shop/money.ts"
import type { Command, InvalidReason } from "../intent.ts"
import { depositLimits } from "../limits.ts"
import { topUp } from "./en-paying.ts"
import type { RefusalTexts } from "./texts.ts"
import { join, nameWithCode, type Wording } from "./wording.ts"

export function refusals(wording: Wording): RefusalTexts {
  const { command, time, offersQris } = wording
  const quantityOutOfRange: RefusalTexts["quantityOutOfRange"] = ({ min, max }) =>
    `The quantity has to be ${min} to ${max}. For example: ${command("buy")} CODE 2`
  const amountOutOfRange: RefusalTexts["amountOutOfRange"] = ({ min, max }) =>
    `You can top up ${formatRupiah(min)} to ${formatRupiah(max)}. For example: ${command("deposit")} 50000`
  return {
    quantityOutOfRange,
    amountOutOfRange,
    soldOut: ({ code, name, left, wanted }) =>
      left > 0
        ? join(
            `Only ${left} of ${nameWithCode({ code, name })} left, not enough for ${wanted}.`,
            "Nothing was charged.",
            `Take what is there? ${command("buy")} ${code} ${left}`,
          )
        : join(
            `Sorry, ${nameWithCode({ code, name })} is sold out. Nothing was charged.`,
            `Want to hear when it is back? ${command("restock")} ${code}`,
            `See other products: ${command("catalogue")}`,
          ),
    insufficientBalance: ({ balance, total, missing, code, quantity = 1 }) =>
      join(
        `Your balance is not enough: it holds ${formatRupiah(balance)}, the total is ${formatRupiah(total)}.`,
        `${formatRupiah(missing)} is missing. Nothing was charged.`,
        topUp(wording, Math.max(missing, depositLimits.min)),
        offersQris && `Or pay by QRIS: ${command("buy")} ${code ?? "CODE"} ${quantity} qris`,
      ),
    rateLimited: ({ seconds }) =>
      `That is too fast: at most 3 purchases a minute. Please try again in ${seconds} ${unit(seconds)}.`,
    slowDown: ({ seconds }) => `Slowly, please 🙏 Send it again in ${seconds} ${unit(seconds)}.`,
    transactionInProgress: ({ seconds }) =>
      join(
        "Another transaction of yours is still in progress. This one was not made and not charged.",
        seconds === undefined
          ? `Wait for its answer, then try again. Check: ${command("status")}`
          : `Wait for its answer, or try again in ${seconds} ${unit(seconds)}. Check: ${command("status")}`,
      ),
    unpaidOrderExists: ({ orderCode, total, payUrl, expiresAt }) =>
      join(
        `Order ${orderCode} (${formatRupiah(total)}) is still waiting for payment until ${time(expiresAt)}.`,
        whereToPay(payUrl),
        `Or cancel it first: ${command("cancel")} ${orderCode}`,
      ),
    invalid: (name, reason) => {
      if (name === "deposit" && !offersQris)
        return join("This shop does not take QRIS yet. Nothing was charged.", topUp(wording))
      if (reason.kind === "quantity_out_of_range") return quantityOutOfRange(reason)
      if (reason.kind === "amount_out_of_range") return amountOutOfRange(reason)
      if (reason.kind === "refund_how_much")
        return join(
          "How much is to go back? Nothing was refunded. Write the amount, or the word all.",
          `A part of it: ${command("refund")} ${reason.orderCode} 10000 saldo broken goods`,
          `All that is left: ${command("refund")} ${reason.orderCode} all saldo broken goods`,
        )
      if (reason.kind === "malformed_review") return reviewForms(command("review"))
      return `${explain(reason)} For example: ${command(name)}${example(name, reason)}`
    },
    priceChanged: ({ code, price, discount, total, quantity }) =>
      join(
        `The price of ${code} has just changed, so nothing was bought and nothing was charged.`,
        `Now it is ${sum({ quantity, price, discount, total })}.`,
        `Still want it? ${command("buy")} ${code} ${quantity}`,
      ),
    shareHeld: ({ code, left, wanted }) =>
      join(
        `Much of ${code} is held by orders that are not paid yet. Nothing was charged.`,
        left > 0 && `By QRIS you can have ${left} at most right now.`,
        `Paying from your balance works at once: ${command("buy")} ${code} ${wanted} saldo`,
        "Or try again in a few minutes.",
      ),
    holdsPaused: ({ until, code, quantity }) =>
      join(
        "Your last few orders were not paid, so paying by QRIS is paused for a while.",
        `QRIS works again from ${time(until)}. Nothing was charged.`,
        `Paying from your balance still works: ${command("buy")} ${code} ${quantity} saldo`,
      ),
    blocked: () => "Sorry, this number can't buy here. If that is a mistake, please contact the seller.",
    tooLong: ({ max }) =>
      `That message is too long, at most ${max} characters. Please send a shorter one, or ${command("menu")}`,
    empty: () => `That message is empty. Send ${command("menu")} to see what you can do.`,
    noWords: () => `I can only read words 😊 Send ${command("menu")} to see what you can do.`,
    unknown: ({ suggestion }) =>
      join(
        "Sorry, I did not understand that.",
        suggestion && `Did you mean: ${command(suggestion)}${usage[suggestion]}`,
        `Send ${command("menu")} to see what you can do, or ${command("help")} for help.`,
      ),
    busy: () => "The shop is very busy and this message was not handled. Please send it again in a moment 🙏",
    delayed: () =>
      "The shop has a short hiccup. Your message is saved and will be answered as soon as it is over; no need to send it again.",
    unavailable: () =>
      "Sorry, the shop is having trouble for a moment. Nothing was charged. " +
      "This message is tried again by itself; if there is no answer in a few minutes, please send it again.",
    failed: ({ reference }) =>
      join(
        "Sorry, something went wrong on our side.",
        `Please try again. If it goes on, tell the seller this number: ${reference}`,
      ),
  }
}

/** How a total comes about. */
export function sum(order: { quantity: number; price: Rupiah; discount: Rupiah; total: Rupiah }): string {
  const less = order.discount > 0 ? `, less ${formatRupiah(order.discount)}` : ""
  return `${order.quantity} × ${formatRupiah(order.price)}${less}: ${formatRupiah(order.total)}`
}

export const usage: Readonly<Record<Command, string>> = {
  person: "",
  bot: "",
  menu: "",
  help: "",
  catalogue: "",
  categories: "",
  detail: " CODE",
  buy: " CODE 2",
  balance: "",
  deposit: " 50000",
  status: "",
  history: "",
  cancel: "",
  language: " en",
  pay_demo: "",
  resend: " ORDER",
  warranty: " ORDER",
  address: " ORDER",
  voucher: " CODE",
  restock: " CODE",
  receipt: "",
  received: "",
  stop_broadcasts: "",
  start_broadcasts: "",
  refund: " ORDER 10000 saldo broken goods",
  review: " 1 dismiss looked into",
}

type Explained = Exclude<
  InvalidReason["kind"],
  "quantity_out_of_range" | "amount_out_of_range" | "refund_how_much" | "malformed_review"
>

const explanations: Readonly<Record<Explained, string>> = {
  missing_code: "The product's code is missing.",
  malformed_code: "A product's code has no spaces: only letters, digits, dots and dashes.",
  missing_order_code: "The order's code is missing.",
  malformed_order_code: "An order's code has no spaces: only letters, digits and dashes.",
  malformed_voucher: "A voucher's code has no spaces: only letters, digits, dots and dashes.",
  quantity_not_a_number: "Please write the quantity in plain digits, 1 to 100.",
  quantity_not_whole: "The quantity has to be a whole number.",
  place_invalid: "Which item is a number from 1.",
  unknown_method: "You can pay by saldo or qris.",
  missing_amount: "How much do you want to top up? Reply with the command and the amount.",
  amount_not_a_number: "I can't read that amount. Please write plain digits, like 50000 or 50k.",
  page_invalid: "The page has to be a number from 1.",
  unknown_language: "The languages are id and en.",
  too_many_words: "There are too many words in that command.",
  missing_reason: "The reason is missing.",
  reason_too_long: "The reason is too long: at most 200 characters.",
}

/** Where an order that waits for its money is paid: on its page, or by the QR that was sent with it. */
export function whereToPay(payUrl: string | undefined): string {
  return payUrl === undefined ? "Pay by the link or the QR that came with the order." : `Pay here: ${payUrl}`
}

function reviewForms(name: string): string {
  return join(
    "I can't read that, and nothing was decided. It goes like this:",
    `${name}: what waits for a decision`,
    `${name} 5: see number 5`,
    `${name} 5 balance NUMBER reason: the money goes to that customer's balance`,
    `${name} 5 order CODE reason: the money is that order's payment`,
    `${name} 5 took 10000 reason: so much of it was taken back`,
    `${name} 5 made reason, or ${name} 5 failed reason: how an uncertain refund ended`,
    `${name} 5 dismiss reason: nothing is to be done`,
    `For example: ${name} 5 dismiss looked into`,
  )
}

function explain(reason: Readonly<{ kind: Explained }>): string {
  return explanations[reason.kind]
}

export function example(name: Command, reason: Readonly<{ kind: InvalidReason["kind"] }>): string {
  if (reason.kind === "unknown_method") return " CODE 2 qris"
  if (reason.kind === "page_invalid") return " 2"
  if (reason.kind === "place_invalid") return " ORDER 2"
  if (reason.kind === "malformed_order_code" && name !== "refund") return " ORDER"
  return usage[name]
}

export function unit(seconds: number): string {
  return seconds === 1 ? "second" : "seconds"
}
