import { afterAll, beforeAll, expect, test } from "bun:test"
import fc from "fast-check"
import { auditDatabase } from "../../src/database/audit.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"
import { auditBooks } from "../support/audit-books.ts"
import { type PaymentOutcome, readOutcomes } from "../support/payment-outcomes.ts"
import { type Life, lives, newCharges, openTill, type Story } from "../support/payment-stories.ts"
import { openTables, type TestTables } from "../support/selling.ts"

const workers = 8
const lifeNames = Object.keys(lives) as Life[]
let tables: TestTables
let till: Awaited<ReturnType<typeof openTill>>

beforeAll(async () => {
  tables = await openTables(workers)
  till = await openTill(tables)
})

afterAll(async () => {
  const audit = await auditDatabase(tables.database)
  expect(audit.checks.filter(({ violations }) => violations > 0)).toEqual([])
  expect(await auditBooks(tables.sql)).toEqual([])
  await till.close()
  await tables.close()
})

const sold = ["sale: clearing:midtrans -1000", "sale: revenue 1000"]
const takenBack = ["reversal: clearing:midtrans 1000", "reversal: losses -1000"]
const nothing = { balance: 0, cleared: 0, receipts: [], ledger: [], told: [], reviews: [] }
const bought = {
  ...nothing,
  payment: "paid goods",
  order: "paid",
  cleared: -1_000,
  receipts: ["t-1 1000"],
  ledger: sold,
  told: ["goods waiting"],
}
const returned = {
  ...bought,
  order: "refunded",
  cleared: 0,
  told: ["goods given_up", "payment_reversed 1000 waiting"],
}

/** What each life comes to when all of it was seen. */
const wholeLives: Record<Life, PaymentOutcome> = {
  "is paid": bought,
  expires: { ...nothing, payment: "pending", order: "awaiting_payment" },
  "is paid and refunded": {
    ...returned,
    ledger: ["refund: clearing:midtrans 1000", "refund: revenue -1000", ...sold],
  },
  "is paid and charged back": { ...returned, ledger: [...takenBack, ...sold], reviews: ["reversal 1000"] },
  "is paid and denied": { ...returned, ledger: [...takenBack, ...sold], reviews: ["reversal 1000"] },
  "is paid twice": {
    ...bought,
    balance: 1_000,
    cleared: -2_000,
    receipts: ["t-1 1000", "t-2 1000"],
    ledger: ["late_payment: clearing:midtrans -1000", "late_payment: customer 1000", ...sold],
    told: ["goods waiting", "late_balance 1000 waiting"],
  },
  "is paid, refunded in part and then in full": {
    ...returned,
    ledger: [
      ...["refund: clearing:midtrans 300", "refund: clearing:midtrans 700"],
      ...["refund: revenue -700", "refund: revenue -300"],
      ...sold,
    ],
    told: ["goods given_up", "payment_reversed 300 waiting", "payment_reversed 700 waiting"],
  },
  "expires and is paid by a second transaction": { ...bought, receipts: ["t-2 1000"] },
}

test("a life that is seen as it goes leaves the money, the goods and the words where they belong", async () => {
  const outcomes = await playAll(lifeNames.map((life) => seenInOrder(life, [...lives[life].keys()])))
  const seen = Object.fromEntries(lifeNames.map((life, place) => [life, outcomes[place]]))
  expect(seen).toEqual(wholeLives)
})

test("every order of the notifications, with up to two duplicates, in step with the status, ends the same", async () => {
  for (const life of lifeNames) {
    const notifications = [...lives[life].keys()]
    // Four notifications repeated have too many orders to try each: random tales below repeat them.
    const orders = ordersOf(notifications, notifications.length > 3 ? 0 : 2)
    await holdTogether(orders.map((order) => inStep(life, order)))
  }
})

test("every order of the notifications, when the status is at its end already, ends the same, at once or in turn", async () => {
  const stories = lifeNames.flatMap((life) => {
    const end = lives[life].length - 1
    return ordersOf([...lives[life].keys()], 0).flatMap((order): Story[] => {
      const deliveries = order.map((notification) => ({ notification, seen: end }))
      return [
        { life, groups: deliveries.map((delivery) => [delivery]) },
        { life, groups: [deliveries, deliveries] },
      ]
    })
  })
  await holdTogether(stories)
})

test("some lost, some twice, some at once, at any stage on the way: only what was seen of the status counts", async () => {
  await holdTogether(randomTales(1).map((tale) => storyOf(tale, (seen) => seen.toSorted())))
})

test("a status that lags behind misleads for a while: once the end is seen, the money is where it is", async () => {
  const stories = randomTales(2).map((tale) => {
    const { life, groups } = storyOf(tale, (seen) => seen)
    const end = lives[life].length - 1
    return { life, groups: [...groups, [{ notification: end, seen: end }]] }
  })
  const outcomes = await playAll(stories)
  for (const [place, story] of stories.entries()) {
    const { cleared, told = [] } = outcomes[place] ?? {}
    expect({ story, cleared }).toEqual({ story, cleared: 0 - keptAtEnd(story) })
    expect(told.filter((words) => words.startsWith("goods")).length).toBeLessThan(2)
  }
})

const delivery = fc.record({ notification: fc.nat({ max: 3 }), seen: fc.nat({ max: 3 }) })
const group = fc.record({ delivery, again: fc.array(fc.nat({ max: 3 }), { maxLength: 3 }) })
const tale = fc.record({
  life: fc.constantFrom(...lifeNames),
  groups: fc.array(group, { minLength: 1, maxLength: 5 }),
})
type Tale = typeof tale extends fc.Arbitrary<infer One> ? One : never

const randomTales = (seed: number): Tale[] => fc.sample(tale, { numRuns: 160, seed })

/**
 * Plays stories of charges, each compared with a charge that was notified once of each stage that was seen,
 * in order. What came and went at the provider is what the ledger says, whatever was seen.
 */
async function holdTogether(stories: readonly Story[]): Promise<void> {
  const plain = new Map(stories.map((story) => [plainName(story), seenInOrder(story.life, seenIn(story))]))
  const outcomes = await playAll([...plain.values(), ...stories])
  const expected = new Map([...plain.keys()].map((name, place) => [name, outcomes[place]]))
  for (const [place, story] of stories.entries()) {
    const outcome = outcomes[plain.size + place]
    expect({ story, outcome }).toEqual({ story, outcome: expected.get(plainName(story)) })
    expect({ story, cleared: outcome?.cleared }).toEqual({ story, cleared: 0 - keptAsSeen(story) })
  }
}

/** Plays each story with a charge of its own, several side by side; their outcomes in the same order. */
async function playAll(stories: readonly Story[]) {
  const references = await newCharges(tables, stories.length)
  const waiting = [...stories.entries()]
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop())
      await till.play(referenceAt(references, next[0]), next[1])
  }
  await Promise.all(Array.from({ length: workers }, work))
  const outcomes = await readOutcomes(tables.sql, references)
  return references.map((reference) => outcomes.get(reference))
}

function referenceAt(references: readonly ChargeReference[], place: number): ChargeReference {
  const reference = references[place]
  if (reference === undefined) throw new Error("there are fewer charges than stories")
  return reference
}

const seenInOrder = (life: Life, seen: readonly number[]): Story => ({
  life,
  groups: seen.map((place) => [{ notification: place, seen: place }]),
})

/** Each notification is delivered while the status is as far as the furthest of those up to then has said. */
function inStep(life: Life, order: readonly number[]): Story {
  const groups = order.map((notification, place) => [
    { notification, seen: Math.max(...order.slice(0, place + 1)) },
  ])
  return { life, groups }
}

function storyOf({ life, groups }: Tale, arrange: (seen: number[]) => number[]): Story {
  const count = lives[life].length
  const seen = arrange(groups.map(({ delivery: { seen } }) => seen % count))
  return {
    life,
    groups: groups.map(({ delivery: { notification }, again }, place) =>
      [notification, ...again].map((one) => ({ notification: one % count, seen: seen[place] ?? 0 })),
    ),
  }
}

/** The stages that were seen, each once, in the order in which they were. */
function seenIn({ groups }: Story): number[] {
  return [...new Set(groups.map(([first]) => first?.seen ?? 0))]
}

const plainName = (story: Story) => `${story.life}: ${seenIn(story).join(" ")}`

/** What the provider has of us, as far as it was seen. */
function keptAsSeen(story: Story): number {
  const stages = lives[story.life]
  const kept = new Map(
    seenIn(story).map((place) => [stages[place]?.transaction, stages[place]?.kept ?? 0] as const),
  )
  return sum([...kept.values()])
}

/** What it has in the end by each transaction that was seen paid, or taken back in part. */
function keptAtEnd(story: Story): number {
  const stages = lives[story.life]
  const paid = new Set(
    seenIn(story).flatMap((place) => (stages[place]?.kept ? [stages[place].transaction] : [])),
  )
  return sum(
    [...paid].map((paidBy) => stages.findLast(({ transaction }) => transaction === paidBy)?.kept ?? 0),
  )
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)

/** Every different order of these, and of these with up to so many duplicates. */
function ordersOf(items: readonly number[], duplicatesMax: number): number[][] {
  const all = new Map<string, number[]>()
  const add = (bag: readonly number[], duplicatesLeft: number) => {
    for (const order of arrangements(bag)) all.set(order.join(), order)
    if (duplicatesLeft > 0) for (const item of items) add([...bag, item], duplicatesLeft - 1)
  }
  add(items, duplicatesMax)
  return [...all.values()]
}

function arrangements(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]]
  return [...new Set(items)].flatMap((first) => {
    const rest = items.toSpliced(items.indexOf(first), 1)
    return arrangements(rest).map((order) => [first, ...order])
  })
}
