import { expect, test } from "bun:test"
import { planCustomers } from "../fault-runner/plan-customers.ts"
import { faultKinds, planFaults } from "../fault-runner/plan-faults.ts"
import { randomFrom } from "../fault-runner/random.ts"

const products = [{ code: "KOPI", price: 10_000 }] as const
const planOf = (seed: string) => ({
  faults: planFaults(randomFrom(seed), 300_000),
  customers: planCustomers(randomFrom(seed), { atOnce: 20, durationMs: 30_000, products: [...products] }),
})

test("the same seed plans the same customers and faults, another seed others", () => {
  expect(planOf("7")).toEqual(planOf("7"))
  expect(planOf("7").faults).not.toEqual(planOf("8").faults)
  expect(planOf("7").customers).not.toEqual(planOf("8").customers)
})

test("in a long run every kind of fault strikes every part, one at a time", () => {
  const { faults } = planOf("7")
  for (const [target, planned] of Object.entries(faults)) {
    const kinds = new Set(planned.map(({ kind }) => kind))
    expect(kinds).toEqual(new Set(Object.entries(faultKinds).find(([name]) => name === target)?.[1]))
    for (const [place, { atMs }] of planned.entries()) {
      const before = planned[place - 1]
      if (before) expect(atMs).toBeGreaterThan(before.atMs + before.forMs)
    }
  }
})

test("no two top-ups have the same amount, so that each charge can be told by it", () => {
  const amounts = planOf("7").customers.flatMap(({ acts }) => acts.map(({ amount }) => amount))
  expect(new Set(amounts).size).toBe(amounts.length)
})
