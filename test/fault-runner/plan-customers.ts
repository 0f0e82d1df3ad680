import type { Random } from "./random.ts"

/** What a customer does about a charge that was shown. */
export type AfterCharge =
  | "pay"
  | "pay_twice"
  | "pay_late"
  | "pay_and_cancel"
  | "cancel_and_pay"
  | "pay_after_cancel"
  | "pay_more_after_cancel"
  | "pay_less_after_cancel"
  | "cancel"
  | "let_expire"
  | "leave"

export type Act = Readonly<{
  /** `ask` is any message that moves no money; `resend` asks for goods got before. */
  kind: "ask" | "buy_from_balance" | "buy_by_qris" | "top_up" | "resend"
  text: string
  /** For a top-up: in rupiah, of this customer and this act alone, so that its charge can be told. */
  amount: number
  afterwards: AfterCharge
  /** Goes on without waiting for the reply. */
  impatient: boolean
  travel: Travel
  pauseMs: number
}>

/** How a message comes to the shop: as often, each after so long. */
export type Travel = Readonly<{ delaysMs: readonly number[] }>

export type PlannedCustomer = Readonly<{
  number: string
  openingBalance: number
  startsAtMs: number
  acts: readonly Act[]
}>

export type Product = Readonly<{ code: string; price: number }>

const questions = [
  ".menu",
  "halo",
  ".produk",
  ".saldo",
  ".riwayat",
  ".status",
  ".batal",
  "terima kasih",
  ".bahasa en",
  ".bahasa id",
] as const

const afterOrder: readonly [AfterCharge, ...AfterCharge[]] = [
  "pay",
  "pay",
  "pay",
  "pay_twice",
  "pay_late",
  "pay_late",
  "pay_and_cancel",
  "cancel_and_pay",
  "pay_after_cancel",
  "pay_more_after_cancel",
  "pay_less_after_cancel",
  "cancel",
  "let_expire",
  "leave",
]

const actsEach = 9
const firstNumber = 6281_500_000_000

/**
 * Draws the customers and all they will do: `atOnce` of them write at a time, and each, when done, makes
 * room for another. The same for the same seed.
 */
export function planCustomers(
  random: Random,
  given: { atOnce: number; durationMs: number; products: readonly [Product, ...Product[]] },
): readonly PlannedCustomer[] {
  const visitMs = 9_000
  const rounds = Math.max(1, Math.ceil(given.durationMs / visitMs))
  return Array.from({ length: given.atOnce * rounds }, (_, place) =>
    planCustomer(random.branch(`customer ${place}`), {
      place,
      products: given.products,
      fromMs: Math.floor(place / given.atOnce) * visitMs,
    }),
  )
}

function planCustomer(
  random: Random,
  given: { place: number; fromMs: number; products: readonly [Product, ...Product[]] },
): PlannedCustomer {
  const acts = Array.from({ length: actsEach }, (_, turn) =>
    planAct(random, { turn, place: given.place, products: given.products }),
  )
  return {
    number: String(firstNumber + given.place),
    openingBalance: random.pick([0, 0, 15_000, 40_000, 100_000]),
    startsAtMs: given.fromMs + random.between(0, 3_000),
    acts,
  }
}

function planAct(
  random: Random,
  given: { turn: number; place: number; products: readonly [Product, ...Product[]] },
): Act {
  const kind = random.pick([
    "ask",
    "ask",
    "buy_from_balance",
    "buy_from_balance",
    "buy_by_qris",
    "buy_by_qris",
    "top_up",
    "resend",
  ] as const)
  const { code } = random.pick(given.products)
  const quantity = random.pick([1, 1, 1, 2])
  const amount = 10_000 + given.place * 10 + given.turn
  const texts: Readonly<Record<Act["kind"], string>> = {
    ask: random.pick([...questions, `.detail ${code}`]),
    buy_from_balance: `.buy ${code} ${quantity} saldo`,
    buy_by_qris: `.buy ${code} ${quantity} qris`,
    top_up: `.deposit ${amount}`,
    resend: ".kirim",
  }
  return {
    kind,
    text: texts[kind],
    amount,
    afterwards: random.pick(afterOrder),
    impatient: kind === "ask" && random.happens(0.3),
    travel: planTravel(random),
    pauseMs: random.between(50, 700),
  }
}

function planTravel(random: Random): Travel {
  const delay = () => (random.happens(0.25) ? random.between(50, 800) : 0)
  const copies = random.happens(0.2) ? random.between(2, 4) : 1
  return { delaysMs: Array.from({ length: copies }, delay) }
}
