import { oneLine } from "../conversation/texts/wording.ts"
import type { Revenue, Stats, StepCounts } from "../database/stats.ts"
import { formatRupiah, type Rupiah, rupiah } from "../shop/money.ts"
import { table } from "./table.ts"

const charactersMax = 80
const hoursShown = 5
const productsShown = 10
const errorsShown = 10
const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

/** The figures in lines of 80 columns, for the operator's terminal. */
export function statsReport(stats: Stats): string[] {
  const span = stats.from === stats.to ? "Today" : `From ${stats.from} to today`
  const parts = [
    [`${span}, in the zone ${stats.zone}.`],
    ...(isQuiet(stats)
      ? [["Nothing has happened in these days yet: the first greeting, order and payment are shown here."]]
      : [people, busiestHours, revenueByDay, revenueByProduct, messages, errors].map((part) => part(stats))),
  ]
  return parts
    .filter((lines) => lines.length > 0)
    .flatMap((lines, place) => (place === 0 ? lines : ["", ...lines]))
}

function isQuiet({ conversion, revenueByDay, errorRate, errors: kinds }: Stats): boolean {
  return conversion.length + revenueByDay.length + errorRate.length + kinds.length === 0
}

function people({ people: all, conversion, repeatCustomers: repeat }: Stats): string[] {
  if (all.people === 0) return ["Nobody has looked around in these days yet."]
  const counts = ({ greeted, sawCatalogue, checkedOut, paid, delivered }: StepCounts) =>
    [greeted, sawCatalogue, checkedOut, paid, delivered].map(String)
  const rows = [
    ["day", "greeted", "catalogue", "checkout", "paid", "delivered"],
    ...conversion.map((one) => [one.day, ...counts(one)]),
    ...(conversion.length > 1 ? [["all", ...counts(all)]] : []),
  ]
  const returned = repeat.repeatCustomers === 1 ? "1 of them has" : `${repeat.repeatCustomers} of them have`
  return [
    "People on their way from a greeting to their goods",
    ...table(rows),
    `${all.paid} of ${all.people} paid: ${percent(all.paid / all.people)}.`,
    ...(repeat.customers > 0
      ? [`${customers(repeat.customers)} bought and kept it; ${returned} bought more than once.`]
      : []),
  ]
}

function busiestHours({ busiestHours: hours }: Stats): string[] {
  if (hours.length === 0) return ["No message has come in these days yet."]
  const rows = [
    ["busiest hours", "messages", "paid orders"],
    ...hours.slice(0, hoursShown).map(({ weekday, hour, messages, paidOrders }) => {
      const from = String(hour).padStart(2, "0")
      return [`${weekdays[weekday - 1]} ${from}:00-${from}:59`, String(messages), String(paidOrders)]
    }),
  ]
  return table(rows)
}

function revenueByDay({ revenueByDay: days }: Stats): string[] {
  if (days.length === 0) return ["Nothing has been sold in these days yet."]
  const sum = (figure: keyof Revenue) => days.reduce((total, day) => total + day[figure], 0)
  const rows = [
    ["revenue, Rp", "orders", "gross", "discounts", "refunded", "net"],
    ...days.map((one) => [one.day, String(one.orders), ...amounts(one)]),
  ]
  const all = [
    "all",
    String(sum("orders")),
    ...(["gross", "discounts", "refunded", "net"] as const).map((figure) => digits(rupiah(sum(figure)))),
  ]
  return table(days.length > 1 ? [...rows, all] : rows)
}

function revenueByProduct({ revenueByProduct: products }: Stats): string[] {
  if (products.length === 0) return []
  const rows = [
    ["best products, Rp", "units", "gross", "discounts", "refunded", "net"],
    ...products
      .slice(0, productsShown)
      .map((one) => [`${one.code} ${oneLine(one.name)}`, String(one.units), ...amounts(one)]),
  ]
  const rest = products.length - productsShown
  return [...table(rows, { charactersMax }), ...(rest > 0 ? [`and ${rest} more: lapak stats --json`] : [])]
}

function messages({ errorRate }: Stats): string[] {
  const came = errorRate.reduce((sum, day) => sum + day.messages, 0)
  const failed = errorRate.reduce((sum, day) => sum + day.failed, 0)
  if (failed === 0) return [`${came} messages came, and none of them failed.`]
  return table([
    ["messages", "came", "failed", "rate"],
    ...errorRate
      .filter((day) => day.failed > 0)
      .map((day) => [day.day, String(day.messages), String(day.failed), percent(day.rate)]),
    ["all", String(came), String(failed), percent(failed / Math.max(1, came))],
  ])
}

function errors({ errors: kinds }: Stats): string[] {
  if (kinds.length === 0) return []
  const rows = [
    ["errors", "code", "times", "latest in the log"],
    ...kinds
      .slice(0, errorsShown)
      .map(({ operation, code, times, latestReference }) => [
        operation,
        code,
        String(times),
        latestReference,
      ]),
  ]
  return table(rows, { charactersMax })
}

function amounts({ gross, discounts, refunded, net }: Revenue): string[] {
  return [gross, discounts, refunded, net].map(digits)
}

/** Under a heading that says what it is: `15.000`. */
function digits(amount: Rupiah): string {
  return formatRupiah(amount).replace("Rp ", "")
}

function customers(count: number): string {
  return count === 1 ? "1 customer" : `${count} customers`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 2 : 0)}%`
}
