import { formatRupiah } from "../../shop/money.ts"
import {
  type AlertTexts,
  alertLinesMax,
  type DailySummary,
  isOfOneDay,
  type OperatorAlert,
} from "./alert-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export function alerts(wording: Wording): AlertTexts {
  const { command, desk, time } = wording
  return {
    operatorAlerts: ({ alerts }) => {
      const lines = alerts.map((alert) => whatHappened(alert, wording))
      if (lines.length === 1) return join(...lines)
      const shown = lines.slice(0, alertLinesMax).map((line) => `• ${line}`)
      const more = lines.length - shown.length
      return join("*Good to know*", ...shown, more > 0 && `… and ${more} more.`)
    },
    dailySummary: (summary) => {
      const isDay = isOfOneDay(summary)
      const before = isDay ? "the day before" : "as long before"
      return join(
        isDay
          ? `*The 24 hours until ${time(summary.until)}*`
          : `*From ${time(summary.since)} until ${time(summary.until)}*`,
        `Orders: ${summary.orders} (${before} ${summary.before.orders})`,
        `Sales: ${formatRupiah(summary.revenue)} (${before} ${formatRupiah(summary.before.revenue)})`,
        summary.refunds > 0 &&
          `Refunded: ${formatRupiah(summary.refunded)}, ${summary.refunds === 1 ? "once" : `${summary.refunds} times`}`,
        summary.top.length > 0 && "\n*Best sold*",
        ...summary.top.map(
          ({ name, quantity, amount }) => `• ${oneLine(name)}: ${quantity} sold, ${formatRupiah(amount)}`,
        ),
        summary.low.length > 0 && `\n*Running low*: ${lowProducts(summary)}. Add: ${desk("stock")} CODE`,
        `\n${whatWaits(summary, command("review"), desk("queue"))}`,
      )
    },
  }
}

function whatHappened(alert: OperatorAlert, { command, desk }: Wording): string {
  switch (alert.kind) {
    case "low_stock": {
      const what = `${alert.code} (${oneLine(alert.name, 40)})`
      const left = alert.left > 0 ? `Only ${alert.left} of ${what} left` : `${what} is sold out`
      return `${left}. Add: ${desk("stock")} ${alert.code}`
    }
    case "large_order":
      return `A large order ${alert.orderCode}: ${formatRupiah(alert.total)}, paid.`
    case "review":
      return `To be decided (#${alert.reviewId}). See: ${command("review")} ${alert.reviewId}`
    case "new_address":
      return (
        `A new address for order ${alert.orderCode}: ` +
        `${oneLine(alert.recipient, 80)}, ${oneLine(alert.address, 300)}. Please adjust the parcel.`
      )
    case "messages_given_up":
      return `${alert.count} messages could not be sent today. See why on the server: lapak outbox`
    case "messages_stuck":
      return `Messages to ${alert.count} customers wait for over 10 minutes. Look on the server: lapak doctor`
    case "messages_unanswered":
      return (
        `${alert.count === 1 ? "A customer's message was" : `${alert.count} customers' messages were`} ` +
        "not answered for over 10 minutes. Look on the server: lapak doctor"
      )
    case "messages_failing":
      return (
        "Several customers' messages could not be answered for an error in this shop. " +
        "The server's log has the cause; nobody was charged twice."
      )
    case "redis_away":
      return (
        "Redis has not answered for over 10 minutes. The shop sells on, only more slowly. " +
        "Look on the server: lapak doctor"
      )
  }
}

function lowProducts({ low, lowCount }: DailySummary): string {
  const more = lowCount - low.length
  return low.map(({ code, left }) => `${code} (${left})`).join(", ") + (more > 0 ? ` and ${more} more` : "")
}

function whatWaits({ waits }: DailySummary, review: string, queue: string): string {
  const waiting = [
    ...(waits.reviews > 0 ? [`• ${waits.reviews} to be decided: ${review}`] : []),
    ...(waits.toPack > 0 ? [`• ${waits.toPack} to be shipped`] : []),
    ...(waits.customers > 0 ? [`• ${waits.customers} waiting to be answered by a person: ${queue}`] : []),
  ]
  return waiting.length > 0 ? join("*Waiting*", ...waiting) : "Nothing waits ✅"
}
