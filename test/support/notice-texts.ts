import type { AlertTexts } from "../../src/conversation/texts/alert-texts.ts"
import type { BroadcastDeskTexts } from "../../src/conversation/texts/broadcast-desk-texts.ts"
import type { Texts } from "../../src/conversation/texts/texts.ts"
import type { Rupiah } from "../../src/shop/money.ts"

type Given = Readonly<{
  word: string
  words: readonly string[]
  count: number
  amount: Rupiah
  date: Date
  isDemo: boolean
  why: "chosen" | "balance_short" | "only_method"
}>

type Calls<Some> = { readonly [Name in keyof Some]: (texts: Texts, given: Given) => string }

/** One call of each text about broadcasts. */
export const broadcastCalls: Calls<BroadcastDeskTexts> = {
  broadcast: (texts, { word }) => texts.broadcast({ text: word }),
  noMoreBroadcasts: (texts) => texts.noMoreBroadcasts(),
  noBroadcastsEither: (texts) => texts.noBroadcastsEither(),
  broadcastsAgain: (texts) => texts.broadcastsAgain(),
  broadcastPreview: (texts, given) =>
    texts.broadcastPreview({ ...audienceOf(given), ...timeOf(given), text: given.word }),
  broadcastStarted: (texts, given) => texts.broadcastStarted({ people: given.count, ...timeOf(given) }),
  broadcastUnderWay: (texts, given) => texts.broadcastUnderWay(progressOf(given)),
  broadcastToNobody: (texts, given) => texts.broadcastToNobody(audienceOf(given)),
  broadcastStatus: (texts, given) => texts.broadcastStatus({ ...progressOf(given), ...timeOf(given) }),
  noBroadcast: (texts) => texts.noBroadcast(),
  broadcastStopped: (texts, given) => texts.broadcastStopped(progressOf(given)),
  broadcastPaused: (texts, given) => texts.broadcastPaused(progressOf(given)),
  broadcastResumed: (texts, given) => texts.broadcastResumed({ ...progressOf(given), ...timeOf(given) }),
  broadcastRests: (texts, { date }) => texts.broadcastRests({ until: date }),
  broadcastReport: (texts, given) => {
    const events = { chosen: "quarter", balance_short: "finished", only_method: "paused" } as const
    return texts.broadcastReport({ ...progressOf(given), event: events[given.why] })
  },
  broadcastProblem: (texts, { count, why }) => {
    const kinds = {
      chosen: "missing_text",
      balance_short: "text_too_long",
      only_method: "days_out_of_range",
    } as const
    return texts.broadcastProblem({ room: "broadcast", kind: kinds[why], max: count })
  },
  broadcastHelp: (texts) => texts.broadcastHelp(),
}

/** One call of each text that tells operators how things are. */
export const alertCalls: Calls<AlertTexts> = {
  operatorAlerts: (texts, { word, words, amount, count, isDemo }) =>
    texts.operatorAlerts({
      alerts: [
        { kind: "low_stock", code: word, name: word, left: count },
        ...(isDemo
          ? words.map((orderCode) => ({ kind: "large_order", orderCode, total: amount }) as const)
          : []),
        ...(["messages_given_up", "messages_stuck", "messages_unanswered"] as const).map((kind) => ({
          kind,
          count,
        })),
        { kind: "review", reviewId: count },
        { kind: "new_address", orderCode: word, recipient: word, address: word },
        { kind: "messages_failing" },
        { kind: "redis_away" },
      ],
    }),
  dailySummary: (texts, { word, words, amount, count, date, isDemo }) => {
    const sales = { orders: count, revenue: amount, refunds: count, refunded: amount }
    return texts.dailySummary({
      ...sales,
      before: sales,
      since: isDemo ? new Date(date.getTime() - 24 * 3_600_000) : new Date(date.getTime() - 3_600_000),
      until: date,
      top: isDemo ? [{ name: word, quantity: count, amount }] : [],
      low: words.map((code) => ({ code, left: count })),
      lowCount: words.length + count,
      waits: { reviews: count, toPack: isDemo ? count : 0, customers: count },
    })
  },
}

function audienceOf({ count, isDemo }: Given) {
  const left = isDemo ? count : 0
  return { people: count, optedOut: left, personAnswers: left, hadOne: left, days: count }
}

function timeOf({ count, date, isDemo }: Given) {
  return { minutes: count, goesOnAt: isDemo ? date : null }
}

function progressOf({ count, date, isDemo, why }: Given) {
  const states = { chosen: "running", balance_short: "finished", only_method: "paused" } as const
  const pausedFor = why === "only_method" ? (isDemo ? ("warning" as const) : ("failures" as const)) : null
  const counts = {
    total: count,
    waiting: count,
    sent: count,
    failed: count,
    leftOut: count,
    withdrawn: count,
  }
  return { state: states[why], pausedFor, startedAt: date.toISOString(), ...counts }
}
