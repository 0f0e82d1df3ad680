import { categoryLines, howDelivered, movementLines, productLines, stockLeft } from "../id-browsing.ts"
import { destinationOf, leftOver, refundAgain } from "../id-desk.ts"
import { evidenceOf, whyItFailed } from "../id-evidence.ts"
import { whatHappened } from "../id-money.ts"
import { methodNames, statusNames } from "../id-orders.ts"
import { by, ended, exactDeposit, exactTotal, howToPay, paidFor, paidLine, whyOnline } from "../id-paying.ts"
import { example, sum, usage, voucherRefusals, whereToPay } from "../id-refusals.ts"
import {
  decider,
  decisions,
  providerName,
  refundStanding,
  waysOf,
  whatBecame,
  whyNotDecided,
} from "../id-reviews.ts"
import { claimedUnit, unitList, unitName } from "../id-warranty.ts"
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
  howDelivered,
  movements: (movements) => (movements.length > 0 ? movementLines(movements, wording.time) : ""),
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
  whyNoVoucher: (reason) => voucherRefusals[reason],
  usage: (command) => `${wording.command(command)}${usage[command]}`,
  example: (command, reason) => `${wording.command(command)}${example(command, reason)}`,
  whatHappened,
  evidence: (review) => evidenceOf(review, wording).join("\n"),
  refundStanding: (review) => refundStanding(review) ?? "",
  provider: providerName,
  decision: (decision) => decisions[decision],
  decider,
  waysOf: (review) => waysOf(review, wording).join("\n"),
  whatBecame,
  whyNotDecided,
  destination: destinationOf,
  leftOver,
  refundAgain: (refund, wanted) => refundAgain(refund, wanted, wording),
  whyItFailed,
})
