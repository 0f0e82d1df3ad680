import { expect, test } from "bun:test"
import { createSendingBreaker } from "../../src/channels/whatsapp/sending-breaker.ts"

const minuteMs = 60_000

function open() {
  const clock = { ms: 0 }
  const breaker = createSendingBreaker(() => clock.ms)
  return {
    breaker,
    pass: (ms: number) => {
      clock.ms += ms
    },
  }
}

test("sending is allowed until WhatsApp warns, and again when the rest is over", () => {
  const { breaker, pass } = open()
  expect(breaker.allows()).toBe(true)
  expect(breaker.warned("463")).toBe(minuteMs)
  expect(breaker.allows()).toBe(false)
  pass(minuteMs - 1)
  expect(breaker.allows()).toBe(false)
  pass(1)
  expect(breaker.allows()).toBe(true)
})

test("being too fast rests longer than one refused stranger", () => {
  expect(open().breaker.warned("429")).toBe(5 * minuteMs)
})

test("each warning rests twice as long as the one before, an hour at most", () => {
  const { breaker, pass } = open()
  const rests = Array.from({ length: 20 }, () => {
    const ms = breaker.warned("463")
    pass(ms)
    return ms / minuteMs
  })
  expect(rests.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 32, 60])
  expect(new Set(rests.slice(7))).toEqual(new Set([60]))
})

test("several that were refused at once are one warning", () => {
  const { breaker, pass } = open()
  expect(breaker.warned("429")).toBe(5 * minuteMs)
  pass(minuteMs)
  expect(breaker.warned("429")).toBe(5 * minuteMs)
  expect(breaker.warned("463")).toBe(5 * minuteMs)
  pass(5 * minuteMs)
  expect(breaker.allows()).toBe(true)
  expect(breaker.warned("429")).toBe(10 * minuteMs)
})

test("being too fast while a stranger's refusal rests it rests as long as it takes", () => {
  const { breaker } = open()
  breaker.warned("463")
  expect(breaker.warned("429")).toBe(5 * minuteMs)
})

test("a shorter rest does not cut a longer one short", () => {
  const { breaker, pass } = open()
  breaker.restFor(30 * minuteMs)
  breaker.warned("463")
  pass(29 * minuteMs)
  expect(breaker.allows()).toBe(false)
  pass(minuteMs)
  expect(breaker.allows()).toBe(true)
})

test("twenty messages taken in a row make the next warning a first one, nineteen do not", () => {
  const { breaker, pass } = open()
  pass(breaker.warned("463"))
  for (let taken = 0; taken < 19; taken += 1) breaker.succeeded()
  expect(breaker.warned("463")).toBe(2 * minuteMs)
  pass(2 * minuteMs)
  for (let taken = 0; taken < 20; taken += 1) breaker.succeeded()
  expect(breaker.warned("463")).toBe(minuteMs)
})
