import { afterAll, beforeAll, expect, test } from "bun:test"
import fc from "fast-check"
import { keysOf } from "../../src/gate/keys.ts"
import {
  adjustStockScript,
  allowScript,
  beginCheckoutScript,
  endCheckoutScript,
  expireHoldsScript,
  finishLoadScript,
  readReply,
  reconcileStockScript,
  type Script,
  type ScriptResult,
  startLoadScript,
} from "../../src/gate/scripts.ts"
import { connectPlainly, type PlainRedis } from "../support/gate.ts"
import { type RedisServer, startRedisServer } from "../support/redis-server.ts"
import { createGateModel, hour, type ModelCheckout, modelTimings as t } from "./gate-model.ts"

let server: RedisServer
let redis: PlainRedis

beforeAll(async () => {
  server = await startRedisServer()
  redis = await connectPlainly(server)
})

afterAll(async () => {
  redis.destroy()
  await server.stop()
})

const keys = keysOf("model")
const everyOutcome = [
  ...["cold", "held", "rate_limited", "locked", "sold_out"].map((outcome) => `begin ${outcome}`),
  ...["end ended", "end hold_gone", "expire expired", "allow allowed", "allow rate_limited"],
  ...["load loaded", "start load load", "finish load void", "finish load loaded"],
  ...["adjust cold", "adjust adjusted", "reconcile busy", "reconcile repaired"],
]
/** What a real minute of a run may take from the hours of the model. */
const tolerance = hour

const user = fc.integer({ min: 1, max: 2 })
const product = fc.constantFrom("KOPI-1", "TEH-2")
const units = fc.integer({ min: 0, max: 9 })
const which = fc.nat({ max: 30 })

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ verb: fc.constant("begin" as const), user, product, quantity: which }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      verb: fc.constant("end" as const),
      which,
      ending: fc.constantFrom("sold" as const, "released" as const),
    }),
  },
  { weight: 5, arbitrary: fc.record({ verb: fc.constant("load" as const), product, units }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("start load" as const), product }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("finish load" as const), product, which, units }) },
  {
    weight: 2,
    arbitrary: fc.record({ verb: fc.constant("wait" as const), steps: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("expire" as const), product }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("forget" as const), product }) },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: fc.constant("adjust" as const),
      product,
      by: fc.integer({ min: -4, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ verb: fc.constant("reconcile" as const), product, moved: fc.boolean(), units }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("allow" as const), user }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("flush" as const) }) },
)

/** Without stock on the shelf most of a random story is refusals. */
const opening: Step[] = [
  { verb: "load", product: "KOPI-1", units: 20 },
  { verb: "load", product: "TEH-2", units: 20 },
]

const kopi = { product: "KOPI-1" } as const
const buy: Step[] = [
  { verb: "begin", user: 1, quantity: 0, ...kopi },
  { verb: "end", which: 1, ending: "sold" },
]

/** Rare among random stories, and each a promise of its own. */
const boughtOut: Step[] = [...buy, ...buy, ...buy, ...buy, { verb: "allow", user: 1 }]
const soldDuringCount: Step[] = [
  { verb: "begin", user: 1, quantity: 0, ...kopi },
  { verb: "forget", ...kopi },
  { verb: "start load", ...kopi },
  { verb: "end", which: 3, ending: "sold" },
  { verb: "finish load", which: 0, units: 9, ...kopi },
]

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

test("the scripts do what a plain model does, whatever happens in whatever order", async () => {
  let steps = 0
  const outcomes = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 100, size: "max" }), async (story) => {
      await redis.flushAll()
      const player = createPlayer()
      for (const one of [...opening, ...story]) {
        const outcome = await player.play(one)
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        steps += 1
      }
    }),
    { numRuns: 60, examples: [[boughtOut], [soldDuringCount]] },
  )
  expect(steps).toBeGreaterThan(2_000)
  expect([...outcomes.keys()]).toEqual(expect.arrayContaining(everyOutcome))
})

/** Plays each step to Redis and to the model, and compares the answers and everything remembered. */
function createPlayer() {
  const model = createGateModel()
  const checkouts: ModelCheckout[] = []
  const held: ModelCheckout[] = []
  const marks: string[] = []

  async function both(one: Step): Promise<[ScriptResult<string>, ScriptResult<string>]> {
    switch (one.verb) {
      case "begin": {
        const quantity = (one.quantity % 3) + 1
        const checkout = { ...one, quantity, token: `token${checkouts.length}` }
        checkouts.push(checkout)
        const values = [checkout.token, quantity, one.product, t.purchases, t.window, t.lock, t.hold]
        const begun = await run(beginCheckoutScript, checkoutKeys(checkout), values)
        if (begun.outcome === "held") held.push(checkout)
        return [begun, model.begin(checkout)]
      }
      case "end": {
        const again = one.which % 5 === 0 ? checkouts.at(-1 - (one.which % 3)) : undefined
        const checkout = again ?? held.splice(-1 - (one.which % 3), 1)[0] ?? strayCheckout
        const values = [checkout.token, checkout.quantity, checkout.product, one.ending, t.window, t.hold]
        const ended = await run(endCheckoutScript, checkoutKeys(checkout), values)
        return [ended, model.end(checkout, one.ending)]
      }
      case "load": {
        const mark = `~mark${marks.length}`
        marks.push(mark)
        const begun = await run(startLoadScript, [keys.stock(one.product)], [mark, t.mark])
        const begunInModel = model.startLoad(one.product, mark)
        expect(begun).toEqual(begunInModel as typeof begun)
        if (begun.outcome === "loaded") return [begun, begunInModel]
        const finished = await finishLoad(one.product, String(begun.value), one.units)
        return [finished, model.finishLoad(one.product, String(begun.value), one.units)]
      }
      case "start load": {
        const mark = `~mark${marks.length}`
        marks.push(mark)
        const begun = await run(startLoadScript, [keys.stock(one.product)], [mark, t.mark])
        return [begun, model.startLoad(one.product, mark)]
      }
      case "finish load": {
        const mark = marks.at(-1 - (one.which % 3)) ?? "~never"
        return [
          await finishLoad(one.product, mark, one.units),
          model.finishLoad(one.product, mark, one.units),
        ]
      }
      case "expire": {
        const expired = await run(expireHoldsScript, stockKeys(one.product), [one.product, 1_000])
        return [expired, model.expire(one.product)]
      }
      case "adjust": {
        const adjusted = await run(adjustStockScript, [keys.stock(one.product)], [one.by])
        return [adjusted, model.adjust(one.product, one.by)]
      }
      case "reconcile": {
        const expected = one.moved ? -1 : Number((await redis.get(keys.stock(one.product))) ?? -1)
        const values = [expected, one.units, one.product]
        const reconciled = await run(reconcileStockScript, stockKeys(one.product), values)
        return [reconciled, model.reconcile(one.product, expected, one.units)]
      }
      case "allow": {
        // The same limiter as the purchases', so that the two scripts are held to one meaning of it.
        const allowed = await run(allowScript, [keys.limiter(one.user, "buy")], [t.purchases, t.window])
        return [allowed, model.allow(one.user, t.purchases)]
      }
      case "forget":
        await redis.del(keys.stock(one.product))
        model.forget(one.product)
        return [nothing, nothing]
      case "wait":
        await letTimePass(one.steps * t.step)
        model.wait(one.steps)
        return [nothing, nothing]
      case "flush":
        await redis.flushAll()
        model.flush()
        return [nothing, nothing]
    }
  }

  return {
    async play(one: Step): Promise<string> {
      const [real, expected] = await both(one)
      expect(`${one.verb} ${real.outcome}`).toBe(`${one.verb} ${expected.outcome}`)
      if (isDuration(real.outcome)) {
        expect(Math.abs(Number(real.value) - Number(expected.value))).toBeLessThan(tolerance)
      } else {
        expect(real.value).toBe(expected.value)
      }
      expect(await describeRedis()).toEqual(model.describe())
      return `${one.verb} ${real.outcome}`
    },
  }
}

const nothing: ScriptResult<string> = { outcome: "nothing", value: 0 }
const strayCheckout: ModelCheckout = { token: "stray", user: 1, product: "KOPI-1", quantity: 1 }

function isDuration(outcome: string): boolean {
  return outcome === "rate_limited" || outcome === "locked"
}

function checkoutKeys(of: ModelCheckout): string[] {
  return [keys.limiter(of.user, "buy"), keys.lock(of.user), keys.stock(of.product), keys.holds]
}

function stockKeys(code: string): string[] {
  return [keys.stock(code), keys.holds]
}

function finishLoad(code: string, mark: string, counted: number) {
  return run(finishLoadScript, stockKeys(code), [mark, counted, code, t.uncertain])
}

async function run<Outcome extends string>(
  script: Script<Outcome>,
  scriptKeys: readonly string[],
  values: readonly (string | number)[],
): Promise<ScriptResult<string>> {
  const command = ["EVAL", script.text, String(script.keyCount), ...scriptKeys, ...values.map(String)]
  const result = readReply(script, await redis.sendCommand(command))
  if (!result) throw new Error(`${script.name} answered in an unknown form`)
  return result
}

/** Redis' clock cannot be moved, so everything that ends is moved towards now instead. */
async function letTimePass(ms: number): Promise<void> {
  for (const key of await redis.keys("*")) {
    const endsAt = await redis.pExpireTime(key)
    if (endsAt > 0) await redis.pExpireAt(key, endsAt - ms)
  }
  for (const member of await redis.zRange(keys.holds, 0, -1)) await redis.zIncrBy(keys.holds, -ms, member)
}

async function describeRedis(): Promise<string[]> {
  const lines: string[] = []
  for (const key of await redis.keys("*")) {
    const [, kind = "", of = "", last = ""] = key.split(":")
    if (kind === "holds") continue
    const value = await redis.get(key)
    if (kind === "ratelimit") lines.push(`limiter ${of} ${value}`)
    else if (kind === "lock") lines.push(`lock ${last} ${value}`)
    else lines.push(`${kind} ${of} ${value}`)
  }
  for (const member of await redis.zRange(keys.holds, 0, -1)) {
    lines.push(`hold ${member.split(":").slice(0, 2).join(" ")}`)
  }
  return lines.sort()
}
