import { describe, expect, test } from "bun:test"
import type { OutboundMessage } from "../../src/channels/channel.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { rupiah } from "../../src/shop/money.ts"
import type { Books, CustomerEvidence, Evidence } from "../fault-runner/evidence.ts"
import { judge } from "../fault-runner/judge.ts"

const goods = (order: string, payload: string) =>
  `*Pesanan ${order} berhasil*\nTotal Rp 10.000, dibayar lewat QRIS.\n\`\`\`\n${payload}\n\`\`\``

const buyer: CustomerEvidence = {
  number: "6281000000001",
  openingBalance: 0,
  said: [
    { id: "in-1", text: ".buy KOPI 1 qris", wasTaken: true },
    { id: "in-2", text: ".saldo", wasTaken: true },
  ],
  shown: [
    { id: "sorry-1", to: "6281000000001", text: "Toko sedang gangguan sebentar.", inReplyTo: "in-1" },
    { id: "out-1", to: "6281000000001", text: "Pesanan LPK-AAA, bayar lewat QRIS", inReplyTo: "in-1" },
    { id: "out-2", to: "6281000000001", text: goods("LPK-AAA", "KOPI-payload-1-secret") },
    { id: "out-3", to: "6281000000001", text: "Saldo: *Rp 0*", inReplyTo: "in-2" },
  ],
  toldBalance: 0,
}

const saver: CustomerEvidence = {
  number: "6281000000002",
  openingBalance: 15_000,
  said: [{ id: "in-3", text: ".buy KOPI 1 saldo", wasTaken: true }],
  shown: [
    {
      id: "out-4",
      to: "6281000000002",
      text: goods("LPK-BBB", "KOPI-payload-2-secret"),
      inReplyTo: "in-3",
    },
    { id: "out-5", to: "6281000000002", text: "Saldo bertambah Rp 20.001" },
  ],
  toldBalance: 25_001,
}

const books: Books = {
  findings: [],
  ledgerSum: 0,
  unitsSold: 2,
  unitsHeld: 0,
  balances: new Map([
    [buyer.number, 0],
    [saver.number, 25_001],
  ]),
  paidCharges: ["LPK-AAA-1", "DLPK-CCC-1"],
  messagesGivenUp: 0,
  refunds: [],
  answeredByRefund: [],
  refused: [],
}

const good: Evidence = {
  customers: [buyer, saver],
  prices: new Map([1, 2, 3].map((place) => [`KOPI-payload-${place}-secret`, 10_000])),
  charges: [
    { reference: "LPK-AAA-1", number: buyer.number, received: 10_000, refunded: 0 },
    { reference: "DLPK-CCC-1", number: saver.number, received: 20_001, refunded: 0 },
    { reference: "LPK-DDD-1", number: undefined, received: 0, refunded: 0 },
  ],
  gatewayProblems: [],
  shopProblems: [],
  leftOpen: [],
  books,
}

const withBuyer = (changes: Partial<CustomerEvidence>): Evidence => ({
  ...good,
  customers: [{ ...buyer, ...changes }, saver],
})
const shownToo = (message: Partial<OutboundMessage>) =>
  withBuyer({ shown: [...buyer.shown, { id: "out-9", to: buyer.number, text: "", ...message }] })
const withBooks = (changes: Partial<Books>): Evidence => ({ ...good, books: { ...books, ...changes } })
const without = (id: string) => withBuyer({ shown: buyer.shown.filter((message) => message.id !== id) })
const withCharge = (reference: string, changes: object): Evidence => ({
  ...good,
  charges: good.charges.map((charge) =>
    charge.reference === reference ? { ...charge, ...changes } : charge,
  ),
})

const wholeRefund = { number: buyer.number, orderCode: "LPK-AAA", reference: "LPK-AAA-1", amount: 10_000 }
const halfRefund = { ...wholeRefund, amount: 5_000 }
const half = { orderCode: "LPK-AAA", amount: rupiah(5_000), destination: "provider" } as const
const texts = textsFor("id")

const tampered: ReadonlyArray<readonly [what: string, evidence: Evidence, said: string]> = [
  [
    "an unanswered message",
    without("out-1"),
    "in-1 of 6281000000001 (.buy KOPI 1 qris) was answered 0 times",
  ],
  [
    "a message that was refused without a word",
    { ...without("out-3"), books: { ...books, refused: ["in-2"] } },
    "in-2 of 6281000000001 (.saldo) was answered 0 times",
  ],
  ["a second answer", shownToo({ text: "again", inReplyTo: "in-1" }), "was answered 2 times"],
  ["an answer to nothing", shownToo({ inReplyTo: "in-77" }), "what it never asked"],
  [
    "a message that was never taken",
    withBuyer({ said: buyer.said.map((message) => ({ ...message, wasTaken: false })) }),
    "in-1 of 6281000000001 was never taken",
  ],
  [
    "an error of our own",
    shownToo({ text: "Maaf, ada kesalahan. Sebutkan nomor ini ke penjual: ABC" }),
    "was told of an error of our own",
  ],
  ["goods that never came", without("out-2"), "1 units were delivered, 2 are sold in the books"],
  [
    "goods without their units",
    withBuyer({
      shown: buyer.shown.map((one) => (one.id === "out-2" ? { ...one, text: goods("LPK-AAA", "") } : one)),
    }),
    "and has goods for 0 and 0 saldo",
  ],
  [
    "one unit for two customers",
    shownToo({ text: goods("LPK-AAA", "KOPI-payload-2-secret") }),
    "KOPI-payload-2-secret was delivered to 6281000000001 under LPK-AAA and to 6281000000002",
  ],
  [
    "one unit for two orders",
    shownToo({ text: goods("LPK-EEE", "KOPI-payload-1-secret") }),
    "was delivered to 6281000000001 under LPK-AAA and to 6281000000001 under LPK-EEE",
  ],
  [
    "a unit too many",
    shownToo({ text: goods("LPK-AAA", "KOPI-payload-3-secret") }),
    "3 units were delivered, 2 are sold in the books",
  ],
  [
    "a unit that was never on sale",
    shownToo({ text: goods("LPK-AAA", "KOPI-payload-99-secret") }),
    "KOPI-payload-99-secret was delivered, and never on sale",
  ],
  [
    "goods of an unpaid charge",
    shownToo({ text: goods("LPK-DDD", "KOPI-payload-3-secret") }),
    "the goods of order LPK-DDD were delivered, and its charge is unpaid",
  ],
  [
    "money the shop never heard of",
    withBooks({ paidCharges: ["LPK-AAA-1"] }),
    "charge DLPK-CCC-1 is paid and the shop does not know",
  ],
  [
    "money that never came",
    withBooks({ paidCharges: [...books.paidCharges, "LPK-DDD-1"] }),
    "charge LPK-DDD-1 is unpaid and the shop holds it paid",
  ],
  [
    "a charge in the books alone",
    withBooks({ paidCharges: [...books.paidCharges, "LPK-ZZZ-1"] }),
    "charge LPK-ZZZ-1 is paid in the books alone",
  ],
  [
    "a payment of nobody",
    withCharge("LPK-AAA-1", { number: undefined }),
    "charge LPK-AAA-1 is paid by nobody who asked for it",
  ],
  [
    "a rupiah that got lost",
    withCharge("LPK-AAA-1", { received: 10_001 }),
    "6281000000001 brought 0, paid 10001 and was refunded 0, and has goods for 10000 and 0 saldo",
  ],
  [
    "a refund nobody was told of",
    withBooks({
      refunds: [{ number: buyer.number, orderCode: "LPK-AAA", reference: "LPK-AAA-1", amount: 4_000 }],
    }),
    "6281000000001 was not told of 4000 back for order LPK-AAA",
  ],
  [
    "a full refund nobody was told of, of an order whose goods name its price",
    withBooks({ refunds: [wholeRefund] }),
    "6281000000001 was not told of 10000 back for order LPK-AAA",
  ],
  [
    "a refund that was told before the goods came",
    {
      ...withBuyer({
        shown: [
          { id: "out-0", to: buyer.number, text: texts.orderRefunded({ ...half, balance: rupiah(0) }) },
          ...buyer.shown,
        ],
      }),
      books: { ...books, refunds: [halfRefund] },
    },
    "6281000000001 was not told of 5000 back for order LPK-AAA",
  ],
  [
    "the second of two equal refunds, told only once",
    {
      ...shownToo({ text: texts.orderRefunded({ ...half, balance: rupiah(0) }) }),
      books: { ...books, refunds: [halfRefund, halfRefund] },
    },
    "6281000000001 was not told of 5000 back for order LPK-AAA",
  ],
  [
    "a refund that was only said to be on its way",
    {
      ...shownToo({ text: texts.refundRequested(half) }),
      books: { ...books, refunds: [halfRefund] },
    },
    "6281000000001 was not told of 5000 back for order LPK-AAA",
  ],
  [
    "a refund through Midtrans that the books know nothing of",
    withCharge("LPK-AAA-1", { refunded: 4_000 }),
    "of charge LPK-AAA-1 4000 went back, and 0 is booked as refunded",
  ],
  ["an untold balance", withBuyer({ toldBalance: undefined }), "6281000000001 was not told a balance"],
  [
    "a told balance that is not the booked one",
    withBooks({ balances: new Map([...books.balances, [buyer.number, 5]]) }),
    "6281000000001 was told 0 saldo, the books say 5",
  ],
  ["a unit still held", withBooks({ unitsHeld: 1 }), "1 units are still held for nobody"],
  ["a ledger that does not sum to zero", withBooks({ ledgerSum: 1 }), "the ledger sums to 1"],
  ["a message that was given up", withBooks({ messagesGivenUp: 1 }), "1 messages were given up"],
  ["what the shop's own audit finds", withBooks({ findings: ["it is broken"] }), "it is broken"],
  ["what the gateway saw", { ...good, gatewayProblems: ["two contents"] }, "two contents"],
  ["a shop that ended by itself", { ...good, shopProblems: ["it ended"] }, "it ended"],
  [
    "work that never ended",
    { ...good, leftOpen: ["messages in: 1"] },
    "did not come to rest: messages in: 1",
  ],
]

test("evidence of a run in which every promise was kept is found good", () => {
  expect(judge(good)).toEqual([])
})

test("a refund that was told in its own words is found told, in both languages and both ways", () => {
  for (const language of ["id", "en"] as const) {
    for (const destination of ["saldo", "provider"] as const) {
      const text = textsFor(language).orderRefunded({ ...half, destination, balance: rupiah(10_000) })
      const told = judge({ ...shownToo({ text }), books: { ...books, refunds: [halfRefund] } })
      expect(told.filter((line) => line.includes("was not told of"))).toEqual([])
    }
  }
})

describe("tampered evidence is found out:", () => {
  for (const [what, evidence, said] of tampered) {
    test(what, () => {
      expect(judge(evidence).some((line) => line.includes(said))).toBe(true)
    })
  }
})
