import { expect, test } from "bun:test"
import fc from "fast-check"
import { afterDisconnect, isSteady } from "../../src/channels/whatsapp/after-disconnect.ts"

const never = 0
const after = (code: number, failures = 0, random = () => 1) =>
  afterDisconnect({ code, openMs: never }, failures, random)

test("the server's wish to start anew is followed at once, the first time", () => {
  expect(after(515)).toEqual({ kind: "reconnect", delayMs: 0 })
})

test("a server that wishes it again and again is waited for like any other failure", () => {
  expect(after(515, 3)).toEqual({ kind: "reconnect", delayMs: 8_000 })
})

test.each([408, 428, 503])("a line that was lost with %d is connected again after a pause", (code) => {
  expect(after(code)).toEqual({ kind: "reconnect", delayMs: 1_000 })
})

test.each([500, 499, 502, 1006, 0])("so is one that ended with %d: nothing is forgotten for it", (code) => {
  expect(after(code)).toEqual({ kind: "reconnect", delayMs: 1_000 })
})

test("only 401 says that the login has ended", () => {
  const ending = Array.from({ length: 1_000 }, (_, code) => code).filter(
    (code) => after(code).kind === "logged_out",
  )
  expect(ending).toEqual([401])
})

test.each([403, 411])("%d stops: a person has to look", (code) => {
  expect(after(code)).toEqual({ kind: "stopped" })
})

test("440 stops: another connection has the account", () => {
  expect(after(440)).toEqual({ kind: "replaced" })
})

test("405 looks for the newest version before it connects again", () => {
  expect(after(405)).toEqual({ kind: "refresh_version", delayMs: 1_000 })
})

test("the pauses double from one second, and none is longer than a minute", () => {
  const pauses = Array.from({ length: 12 }, (_, failures) => pauseOf(428, failures, 1))
  expect(pauses.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000])
  expect(new Set(pauses.slice(7))).toEqual(new Set([60_000]))
})

test("chance takes at most half of a pause away, however often it failed", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(405, 408, 428, 500, 503),
      fc.nat(1_000_000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (code, failures, chance) => {
        const [least, most] = [pauseOf(code, failures, 0), pauseOf(code, failures, 1)]
        const given = pauseOf(code, failures, chance)
        expect(most).toBe(least * 2)
        expect(given).toBeGreaterThanOrEqual(least)
        expect(given).toBeLessThanOrEqual(most)
      },
    ),
  )
})

test("a connection that stood for a minute was a good one", () => {
  expect(isSteady({ code: 428, openMs: 59_999 })).toBe(false)
  expect(isSteady({ code: 428, openMs: 60_000 })).toBe(true)
})

function pauseOf(code: number, failures: number, chance: number): number {
  const step = after(code, failures, () => chance)
  return "delayMs" in step ? step.delayMs : Number.NaN
}
