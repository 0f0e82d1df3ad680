import {
  categoryLines,
  howDelivered,
  movementLines,
  productLines,
  stepsLine,
  stockLeft,
} from "../en-browsing.ts"
import { carriedBy, journey, whereTo } from "../en-delivery.ts"
import { destinationOf, leftOver, refundAgain } from "../en-desk.ts"
import { evidenceOf, whyItFailed } from "../en-evidence.ts"
import { receiptFigures } from "../en-fulfilment.ts"
import {
  discountOf,
  howPaid,
  productLines as numberedLines,
  rememberedAddress,
  rememberedRecipient,
  stepLines,
} from "../en-guided.ts"
import { whatHappened } from "../en-money.ts"
import { methodNames, pastOrders, statusNames } from "../en-orders.ts"
import { by, ended, exactDeposit, exactTotal, howToPay, paidFor, paidLine, whyOnline } from "../en-paying.ts"
import { example, sum, unit, usage, whereToPay } from "../en-refusals.ts"
import {
  decider,
  decisionMeant,
  decisions,
  providerName,
  refundStanding,
  waysOf,
  whatBecame,
  whyNotDecided,
} from "../en-reviews.ts"
import { conditions, discountLine, voucherGives, whyNot, whyRefused } from "../en-vouchers.ts"
import { claimedUnit, unitList, unitName } from "../en-warranty.ts"
import { orderLines } from "../wording.ts"
import type { PhrasesOf } from "./phrases.ts"

export const englishPhrases: PhrasesOf = (wording) => ({
  seconds: (count) => `${count} ${unit(count)}`,
  minutes: (count) => `${count} ${count === 1 ? "minute" : "minutes"}`,
  days: (count) => `${count} ${count === 1 ? "day" : "days"}`,
  items: (count) => `${count} ${count === 1 ? "item" : "items"}`,
  itemsReplaced: (count) => `${count} ${count === 1 ? "item was" : "items were"}`,
  products: productLines,
  categories: categoryLines,
  stockLeft,
  cheaper: (steps) => stepsLine(steps) ?? "",
  howDelivered,
  movements: (movements) => (movements.length > 0 ? movementLines(movements, wording.time) : ""),
  lines: (order) => orderLines(order.lines ?? [], discountLine(order)),
  pastOrders: (orders) => pastOrders(orders, wording),
  whereTo: (order) => whereTo(order, wording).join("\n"),
  parcel: (delivery) => carriedBy(delivery).join("\n"),
  journey: (order) => journey(order, wording).join("\n"),
  receiptFigures: (order) => receiptFigures(order, wording),
  numbered: numberedLines,
  steps: (steps) => stepLines(steps) ?? "",
  rememberedRecipient,
  rememberedAddress,
  discountOf,
  howPaid: (order) => howPaid(order, wording.command("person")),
  status: (status) => statusNames[status],
  method: (method) => methodNames[method],
  paid: paidLine,
  paidFor,
  by,
  whyOnline,
  howToPay,
  exactTotal: (request) => exactTotal(request) || "",
  exactDeposit: (request) => exactDeposit(request) || "",
  whereToPay,
  ended,
  unitName,
  unitList,
  claimedUnit,
  sum,
  voucherGives,
  voucherConditions: (voucher) => conditions(voucher, wording).join("\n"),
  whyNoVoucher: (reason, voucher) => whyNot(reason, voucher, wording),
  whyRefused,
  usage: (command) => `${wording.command(command)}${usage[command]}`,
  example: (command, reason) => `${wording.command(command)}${example(command, reason)}`,
  whatHappened,
  evidence: (review) => evidenceOf(review, wording).join("\n"),
  refundStanding: (review) => refundStanding(review) ?? "",
  provider: providerName,
  decision: (decision) => decisions[decision],
  decisionMeant,
  decider,
  waysOf: (review) => waysOf(review, wording).join("\n"),
  whatBecame,
  whyNotDecided,
  destination: destinationOf,
  leftOver,
  refundAgain: (refund, wanted) => refundAgain(refund, wanted, wording),
  whyItFailed,
})
