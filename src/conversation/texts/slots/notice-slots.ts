import { rupiah } from "../../../shop/money.ts"
import type { BroadcastProgress } from "../../../shop/send-broadcast.ts"
import type { AlertTexts } from "../alert-texts.ts"
import type { BroadcastDeskTexts } from "../broadcast-desk-texts.ts"
import { example } from "./samples.ts"
import { fixed, framed, needed, once, type SlotTable } from "./slot.ts"

const time = { minutes: 3, goesOnAt: null }

const audience = { people: 37, optedOut: 0, personAnswers: 0, hadOne: 0 }

const progress: BroadcastProgress = {
  state: "running",
  pausedFor: null,
  startedAt: example.at.toISOString(),
  total: 37,
  waiting: 29,
  sent: 8,
  failed: 0,
  leftOut: 0,
  withdrawn: 0,
}

const sales = { orders: 13, revenue: example.total, refunds: 0, refunded: rupiah(0) }

/** What the shop says by itself, and about it. */
export const noticeSlots: SlotTable<BroadcastDeskTexts & AlertTexts> = {
  broadcast: {
    sample: { text: "Promo akhir pekan: semua voucher diskon 10%." },
    slots: {
      text: once(({ text }) => text),
      // Who can't make it stop reports the number, and WhatsApp bans it.
      stop: needed((_, { command }) => command("stop_broadcasts")),
    },
  },
  noMoreBroadcasts: fixed,
  noBroadcastsEither: fixed,
  broadcastsAgain: fixed,
  broadcastPreview: framed({ ...audience, ...time, text: "…", days: 30 }),
  broadcastStarted: framed({ people: 37, ...time }),
  broadcastUnderWay: framed(progress),
  broadcastToNobody: framed({ optedOut: 0, personAnswers: 0, hadOne: 0, days: 30 }),
  broadcastStatus: framed({ ...progress, ...time }),
  noBroadcast: fixed,
  broadcastStopped: framed(progress),
  broadcastPaused: framed(progress),
  broadcastResumed: framed({ ...progress, ...time }),
  broadcastRests: framed({ until: example.at }),
  broadcastReport: framed({ ...progress, event: "quarter" }),
  broadcastProblem: framed({ room: "broadcast", kind: "missing_text" }),
  broadcastHelp: fixed,
  operatorAlerts: framed({ alerts: [{ kind: "redis_away" }] }),
  dailySummary: framed({
    ...sales,
    since: new Date(example.at.getTime() - 24 * 3_600_000),
    until: example.at,
    before: sales,
    top: [{ name: example.productName, quantity: 2, amount: example.amount }],
    low: [],
    lowCount: 0,
    waits: { reviews: 0, toPack: 0, customers: 0 },
  }),
}
