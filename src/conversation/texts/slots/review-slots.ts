import type { Review } from "../../../shop/decide-review.ts"
import type { ReviewId } from "../../../shop/ids.ts"
import { formatRupiah } from "../../../shop/money.ts"
import type { DeskTexts } from "../desk-texts.ts"
import { oneLine } from "../wording.ts"
import { example } from "./samples.ts"
import {
  block,
  fixed,
  type GivenTo,
  line,
  needed,
  once,
  type SlotTable,
  slot,
  type TextSlots,
} from "./slot.ts"

const { orderCode, amount, balance } = example

type ReviewTexts = Pick<
  DeskTexts,
  | "noReviews"
  | "reviewList"
  | "review"
  | "reviewNotFound"
  | "reviewDecided"
  | "reviewDecidedBefore"
  | "reviewNotDecided"
>

type Shown = GivenTo<DeskTexts["review"]>

const known: TextSlots<Shown>["slots"] = {
  number: needed(({ id }) => String(id)),
  at: slot(({ at }, { time }) => time(at)),
  what: needed((review, words) => words.whatHappened({ reviewKind: review.kind, ...review })),
  amount: line(({ amount }) => (amount === null ? "" : formatRupiah(amount))),
  provider: line(({ provider }, words) => (provider === null ? "" : words.provider(provider))),
  reference: line(({ reference }) => reference ?? ""),
  order: line(({ orderCode }) => orderCode ?? ""),
  status: slot(({ orderStatus }, words) => words.status(orderStatus ?? "paid")),
  customer: line(({ number }) => number ?? ""),
  evidence: block(({ ways: _, ...review }, words) => words.evidence(review)),
  refund: line((review, words) => words.refundStanding(review)),
}

const review: Review = {
  id: 73 as ReviewId,
  kind: "refund_failed",
  at: example.at,
  provider: "midtrans",
  reference: "LPK-7K2MW4Q-91",
  orderCode,
  orderStatus: "delivered",
  number: example.number,
  amount,
  left: example.received,
  unitPrice: null,
  refund: { state: "failed", since: balance },
  evidence: { asked: 96_000 },
  decision: null,
  decidedBy: null,
  decidedReason: null,
  decidedAt: null,
}

const list: TextSlots<GivenTo<DeskTexts["reviewList"]>>["slots"] = {
  reviews: once(({ reviews }, words) =>
    reviews
      .map(({ id, at, kind, amount, orderCode }) => {
        return `#${id} (${words.time(at)}): ${words.whatHappened({ reviewKind: kind, amount, orderCode })}`
      })
      .join("\n"),
  ),
  first: slot(({ reviews }) => String(reviews[0]?.id ?? 1)),
}

const numbered: TextSlots<Readonly<{ id: number }>> = {
  sample: { id: 73 },
  slots: { number: slot(({ id }) => String(id)) },
}

export const reviewSlots: SlotTable<ReviewTexts> = {
  noReviews: fixed,
  reviewList: {
    pick: ({ hasMore }) => (hasMore ? "with_more" : "all"),
    forms: {
      all: { sample: { reviews: [review], hasMore: false }, slots: list },
      with_more: { sample: { reviews: [review], hasMore: true }, slots: list },
    },
  },
  review: {
    pick: ({ decision }) => (decision === null ? "open" : "decided"),
    forms: {
      open: {
        sample: review,
        slots: { ...known, ways: once((review, words) => review.ways?.join("\n") ?? words.waysOf(review)) },
      },
      decided: {
        sample: {
          ...review,
          decision: "dismissed",
          decidedBy: "6289876543210",
          decidedReason: "sudah dicek",
          decidedAt: example.later,
        },
        slots: {
          ...known,
          decision: needed(({ decision }, words) => words.decision(decision ?? "dismissed")),
          decided_at: slot(({ decidedAt }, { time }) => (decidedAt ? time(decidedAt) : "")),
          decided_by: slot((review, words) => words.decider(review)),
          reason: slot(({ decidedReason }) => oneLine(decidedReason ?? "", 200)),
        },
      },
    },
  },
  reviewNotFound: numbered,
  reviewDecided: {
    sample: { id: 73, decision: "dismissed", amount: null, settlement: null, reversal: null },
    slots: {
      number: slot(({ id }) => String(id)),
      outcome: needed((outcome, words) => words.whatBecame(outcome)),
    },
  },
  reviewDecidedBefore: numbered,
  reviewNotDecided: {
    sample: { kind: "no_money" },
    slots: { why: needed((refusal, words) => words.whyNotDecided(refusal)) },
  },
}
