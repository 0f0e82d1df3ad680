import type { Keys } from "./keys.ts"
import type { Redis } from "./redis.ts"
import { expireHoldsScript } from "./scripts.ts"

const holdsAtOnce = 200
const roundsAtOnce = 50

/**
 * Ends the holds whose time is over and gives their units back to the counters. Returns how many ended and
 * of which products: whether their sale was committed before their process died, only PostgreSQL knows.
 */
export async function expireHolds(parts: {
  redis: Redis
  keys: Keys
}): Promise<{ ended: number; productCodes: readonly string[] }> {
  const { redis, keys } = parts
  const products = new Set<string>()
  let ended = 0
  for (let round = 1; round <= roundsAtOnce; round += 1) {
    let endedNow = 0
    for (const code of await productsOfHolds(parts, holdsAtOnce)) {
      const answer = await redis.run(expireHoldsScript, [keys.stock(code), keys.holds], [code, holdsAtOnce])
      if (answer.kind === "unavailable" || Number(answer.value) === 0) continue
      endedNow += Number(answer.value)
      products.add(code)
    }
    ended += endedNow
    if (endedNow === 0) break
  }
  return { ended, productCodes: [...products] }
}

/** The products of the holds that end first; of all holds without `most`. Empty when Redis is away. */
export async function productsOfHolds(
  { redis, keys }: { redis: Redis; keys: Keys },
  most?: number,
): Promise<ReadonlySet<string>> {
  const last = most === undefined ? -1 : most - 1
  const answer = await redis.command(["ZRANGE", keys.holds, "0", String(last)])
  const products = new Set<string>()
  if (answer.kind !== "answered" || !Array.isArray(answer.value)) return products
  for (const member of answer.value) {
    const code = /^[^:]*:\d+:(.*)$/.exec(String(member))?.[1]
    if (code !== undefined) products.add(code)
  }
  return products
}
