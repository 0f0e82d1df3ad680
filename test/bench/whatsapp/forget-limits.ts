import { createClient } from "redis"
import type { Foundation } from "../../../src/foundation.ts"

/**
 * Three purchases a minute are a rule for customers; a measurement has fewer of them than it makes purchases.
 */
export async function forgetLimits({ config, redisAddress }: Foundation): Promise<void> {
  if (redisAddress.kind !== "socket") return
  const client = createClient({ RESP: 2, socket: { path: redisAddress.path, tls: false } })
  await client.connect()
  try {
    const keys = await client.keys(`{${config.shop}}:ratelimit:*`)
    if (keys.length > 0) await client.del(keys)
  } finally {
    client.destroy()
  }
}
