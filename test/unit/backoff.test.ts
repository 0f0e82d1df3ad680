import { expect, test } from "bun:test"
import { backoffMs } from "../../src/outbox/backoff.ts"

test("the first pauses are short, they grow, and none is longer than 15 minutes", () => {
  const longest = Array.from({ length: 200 }, (_, place) => backoffMs(place + 1, () => 1))
  expect(longest.slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000])
  expect(longest).toEqual(longest.toSorted((one, other) => one - other))
  expect(longest.at(-1)).toBe(15 * 60_000)
})

test("chance takes at most half of a pause away", () => {
  expect(backoffMs(3, () => 0)).toBe(1_000)
  expect(backoffMs(100, () => 0)).toBe(15 * 30_000)
})
