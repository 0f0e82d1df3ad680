import type { Evidence } from "./evidence.ts"
import { paidBy, valueOfGoods } from "./judge.ts"
import type { Scene } from "./open-scene.ts"
import { isAnswer, orderCodesIn, payloadsIn } from "./read-messages.ts"
import type { StruckFaults } from "./strike.ts"

/** What happened in a run, to tell an eventful one from one in which nothing was tried. */
export type Figures = Readonly<{
  messages: number
  messagesPosted: number
  replies: number
  apologies: number
  purchases: number
  charges: number
  paidCharges: number
  rupiahPaid: number
  unitsDelivered: number
  rupiahOfGoods: number
  refunds: number
  faults: Readonly<Record<string, number>>
  notifications: Readonly<Record<string, number>>
  shopRestarts: number
  ledgerSum: number
}>

export function figuresOf(given: { evidence: Evidence; struck: StruckFaults; scene: Scene }): Figures {
  const { evidence, struck, scene } = given
  const { customers, charges, books } = evidence
  const shown = customers.flatMap((customer) => customer.shown)
  const goods = shown.filter(({ text }) => payloadsIn(text).length > 0)
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
  return {
    messages: sum(customers.map(({ said }) => said.length)),
    messagesPosted: scene.gateway.posted(),
    replies: shown.length,
    apologies: shown.filter((message) => !isAnswer(message)).length,
    purchases: new Set(goods.flatMap(({ text }) => orderCodesIn(text).slice(0, 1))).size,
    charges: charges.length,
    paidCharges: charges.filter(({ received }) => received > 0).length,
    rupiahPaid: sum(customers.map((customer) => paidBy(customer, evidence))),
    unitsDelivered: new Set(goods.flatMap(({ text }) => payloadsIn(text))).size,
    rupiahOfGoods: sum(customers.map((customer) => valueOfGoods(customer, evidence))),
    refunds: books.refunds.length,
    faults: Object.fromEntries([...struck].toSorted()),
    notifications: Object.fromEntries([...scene.road.counts()].toSorted()),
    shopRestarts: scene.shops.restarts(),
    ledgerSum: books.ledgerSum,
  }
}
