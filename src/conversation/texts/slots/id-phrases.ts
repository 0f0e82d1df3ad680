import {
  categoryLines,
  howDelivered,
  movementLines,
  productLines,
  stepsLine,
  stockLeft,
} from "../id-browsing.ts"
import { carriedBy, journey, whereTo } from "../id-delivery.ts"
import { destinationOf, leftOver, refundAgain } from "../id-desk.ts"
import { evidenceOf, whyItFailed } from "../id-evidence.ts"
import { receiptFigures } from "../id-fulfilment.ts"
import {
  discountOf,
  howPaid,
  productLines as numberedLines,
  rememberedAddress,
  rememberedRecipient,
  stepLines,
} from "../id-guided.ts"
import { whatHappened } from "../id-money.ts"
import { methodNames, pastOrders, statusNames } from "../id-orders.ts"
import { by, ended, exactDeposit, exactTotal, howToPay, paidFor, paidLine, whyOnline } from "../id-paying.ts"
import { example, sum, usage, whereToPay } from "../id-refusals.ts"
import {
  decider,
  decisionMeant,
  decisions,
  providerName,
  refundStanding,
  waysOf,
  whatBecame,
  whyNotDecided,
} from "../id-reviews.ts"
import { conditions, discountLine, voucherGives, whyNot, whyRefused } from "../id-vouchers.ts"
import { claimedUnit, unitList, unitName } from "../id-warranty.ts"
import { orderLines } from "../wording.ts"
import type { PhrasesOf } from "./phrases.ts"

export const indonesianPhrases: PhrasesOf = (wording) => ({
  seconds: (count) => `${count} detik`,
  minutes: (count) => `${count} menit`,
  days: (count) => `${count} hari`,
  items: (count) => `${count} barang`,
  itemsReplaced: (count) => `${count} barang`,
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
