/** @jsxImportSource hono/jsx */
import { formatRupiah, type Rupiah } from "../shop/money.ts"
import type { PaymentPage, PaymentResult } from "./dependencies.ts"
import type { OutcomeWords, PaymentTexts } from "./payment-texts.ts"

type Mark = "good" | "moved" | "waits" | "bad"

/** What a payment that is not open any more came to, in words; `mark` is the sign above them. */
export function outcomeOf(payment: PaymentPage, texts: PaymentTexts): OutcomeWords & { mark: Mark } {
  const { state, result, amount, orderCode } = payment
  if (state === "paid") {
    if (!result) return { ...texts.outcomes.paid, mark: "good" }
    return { ...wordsOf(result, amount, texts), mark: markOf(result) }
  }
  if (state === "review") return { ...texts.outcomes.review, mark: "waits" }
  if (state === "cancelled" && orderCode === undefined)
    return { ...texts.outcomes.topUpCancelled, mark: "bad" }
  return { ...texts.outcomes[state === "pending" ? "failed" : state], mark: "bad" }
}

export function Outcome({ payment, texts }: { payment: PaymentPage; texts: PaymentTexts }) {
  const { title, note, mark } = outcomeOf(payment, texts)
  return (
    <>
      <div class={mark === "good" || mark === "moved" ? `outcome-mark ${mark}` : "outcome-mark"}>
        <OutcomeMark mark={mark} />
      </div>
      <h1 class="outcome-title" tabindex={-1}>
        {title}
      </h1>
      <p class="outcome-note">{note}</p>
      <dl class="receipt">
        {sumsOf(payment, texts).map(([name, amount]) => (
          <Row name={name} value={formatRupiah(amount)} />
        ))}
        {payment.orderCode === undefined ? (
          <Row name={texts.purpose} value={texts.topUp} />
        ) : (
          <Row name={texts.order} value={payment.orderCode} />
        )}
        <Row name={texts.shop} value={payment.shopName} />
      </dl>
    </>
  )
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

const isForGoods = ({ resolution }: PaymentResult) => resolution === "goods" || resolution === "late_goods"

/** Nothing of it is left with the shop or on the balance; of a sale, nothing of its price. */
function isGone(result: PaymentResult): boolean {
  const { received, toBalance, backToBalance, sentBack, takenBack } = result
  const kept = isForGoods(result) ? received - toBalance : received
  return sentBack + takenBack + backToBalance >= kept
}

function wordsOf(result: PaymentResult, amount: Rupiah, texts: PaymentTexts): OutcomeWords {
  const { resolution, received, sentBack, takenBack } = result
  const { results } = texts
  if (takenBack > 0) return isGone(result) ? results.takenBack : results.partTaken
  if (isGone(result)) return sentBack > 0 ? results.sentBack : results.backToBalance
  if (resolution === "underpaid_balance" && received >= amount) return results.partLeft
  return results[resolution]
}

function markOf(result: PaymentResult): Mark {
  if (result.takenBack > 0) return "bad"
  const isAsWished = isForGoods(result) || result.resolution === "balance"
  return isAsWished && !isGone(result) ? "good" : "moved"
}

/** Each sum that says something of its own. */
function sumsOf(
  { amount, result }: PaymentPage,
  texts: PaymentTexts,
): readonly (readonly [string, Rupiah])[] {
  if (!result) return [[texts.amount, amount]]
  const { received, toBalance, backToBalance, sentBack, takenBack } = result
  const sums: readonly (readonly [string, Rupiah])[] = [
    [texts.received, received],
    [texts.toBalance, toBalance],
    [texts.backToBalance, backToBalance],
    [texts.sentBack, sentBack],
    [texts.takenBack, takenBack],
  ]
  const said = sums.filter(([, sum]) => sum > 0)
  return received === amount ? said : [[texts.asked, amount], ...said]
}

const marks: Readonly<Record<Mark, string>> = {
  good: "M5 12.5l4.5 4.5L19 7.5",
  moved: "M4 8h13m-4-4l4 4-4 4M20 16H7m4-4l-4 4 4 4",
  waits: "M12 6v6l4 3",
  bad: "M7 7l10 10M17 7L7 17",
}

function OutcomeMark({ mark }: { mark: Mark }) {
  return (
    <svg width="44" height="44" viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true">
      <path d={marks[mark]} stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  )
}
