import { afterEach, beforeEach, expect, jest, test } from "bun:test"
import { createPace, type Lane, type Pace } from "../../src/channels/whatsapp/pace.ts"

/** The clock goes only when a test lets it go, and the timers with it. */
let nowMs = 0

beforeEach(() => {
  nowMs = 0
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

async function pass(ms: number, stepMs = 10): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
    nowMs += stepMs
    jest.advanceTimersByTime(stepMs)
    await turnsAreTold()
  }
}

/** What was granted is known to who waited for it a few microtasks later. */
async function turnsAreTold(): Promise<void> {
  for (let step = 0; step < 4; step += 1) await Promise.resolve()
}

const even = () => 0.5
const open = (perSecond: number, random: () => number = even) =>
  createPace({ perSecond, monotonicMs: () => nowMs, random })

/** Wishes for turns, and who got one, in order. */
function queue(pace: Pace) {
  const served: string[] = []
  return {
    served,
    wish: (name: string, lane: Lane = "reply", signal = new AbortController().signal) => {
      void pace.turn(lane, signal).then((mine) => served.push(mine ? name : `not ${name}`))
    },
  }
}

/** Repeatable chance. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

test("after a quiet time five go at once, then as many a second as told", async () => {
  const { wish, served } = queue(open(1))
  for (let place = 1; place <= 8; place += 1) wish(String(place))
  await turnsAreTold()
  expect(served).toEqual(["1", "2", "3", "4", "5"])
  await pass(1_000)
  expect(served).toHaveLength(6)
  await pass(1_000)
  expect(served).toHaveLength(7)
})

test.each([0.1, 1, 7, 50])(
  "over a long time it is never faster than told: %d a second",
  async (perSecond) => {
    const pace = open(perSecond, chance(42))
    const { wish, served } = queue(pace)
    const seconds = 300 / perSecond
    for (let place = 0; place < 600; place += 1) wish(String(place))
    await pass(seconds * 1_000, Math.ceil(1_000 / perSecond / 20))
    const burst = 5
    const strayed = 0.05
    expect(served.length).toBeGreaterThan(300 * (1 - strayed))
    expect(served.length).toBeLessThan(300 * (1 + strayed) + burst)
    expect(pace.waiting()).toBe(600 - served.length)
  },
)

test("what was saved up in a long silence is no more than the burst", async () => {
  const { wish, served } = queue(open(10))
  await pass(60_000, 1_000)
  for (let place = 1; place <= 20; place += 1) wish(String(place))
  await turnsAreTold()
  expect(served).toHaveLength(5)
})

test("the time between two turns is not always the same", async () => {
  const { wish, served } = queue(open(1, chance(7)))
  for (let place = 0; place < 60; place += 1) wish(String(place))
  await turnsAreTold()
  const gaps = new Set<number>()
  let lastMs = nowMs
  for (let known = served.length; known < 30; known += 1) {
    while (served.length === known) await pass(10)
    gaps.add(nowMs - lastMs)
    lastMs = nowMs
  }
  expect(gaps.size).toBeGreaterThan(10)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(1_260)
})

test("replies go before broadcasts that were there first", async () => {
  const { wish, served } = queue(open(1))
  for (let place = 1; place <= 5; place += 1) wish(`first ${place}`)
  for (let place = 1; place <= 3; place += 1) wish(`broadcast ${place}`, "broadcast")
  wish("reply")
  await pass(2_000)
  expect(served).toContain("reply")
  expect(served).not.toContain("broadcast 1")
  await pass(10_000)
  expect(served.slice(6)).toEqual(["broadcast 1", "broadcast 2", "broadcast 3"])
})

test("a broadcast under way leaves room: a reply that comes meanwhile goes at once", async () => {
  const { wish, served } = queue(open(1))
  for (let place = 1; place <= 100; place += 1) wish(`broadcast ${place}`, "broadcast")
  for (let round = 1; round <= 5; round += 1) {
    await pass(7_300)
    wish(`reply ${round}`)
    await turnsAreTold()
    expect(served.at(-1)).toBe(`reply ${round}`)
  }
})

test("whoever gives up gets no turn, and takes none from those behind", async () => {
  const pace = open(1)
  const { wish, served } = queue(pace)
  const givingUp = new AbortController()
  for (let place = 1; place <= 5; place += 1) wish(String(place))
  wish("who gives up", "reply", givingUp.signal)
  wish("who stays")
  givingUp.abort()
  await turnsAreTold()
  expect(served.at(-1)).toBe("not who gives up")
  expect(pace.waiting()).toBe(1)
  await pass(1_100)
  expect(served.at(-1)).toBe("who stays")
})

test("whoever has given up before asking gets no turn", async () => {
  const pace = open(1)
  expect(await pace.turn("reply", AbortSignal.abort())).toBe(false)
  expect(pace.waiting()).toBe(0)
})
