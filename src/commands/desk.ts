import { openApp } from "../app.ts"
import { openFoundation } from "../foundation.ts"
import type { Shop } from "../shop/shop.ts"
import { type CommandLine, quietConfigOf } from "./command-line.ts"

const lookIntervalMs = 60_000

/**
 * Runs a command on a shop without channels and without customers: what it promises to somebody is sent by a
 * running server, or at the next start. Says so when Redis did not answer.
 */
export async function withDesk<Result>(
  line: CommandLine,
  work: (shop: Shop) => Promise<Result>,
): Promise<Result> {
  const config = quietConfigOf(line)
  const foundation = await openFoundation({ config, supervise: false, progress: line.complain })
  const app = await openApp(foundation, {
    channels: [],
    number: "",
    lookIntervalMs,
    publicUrl: () => config.publicUrl,
  })
  try {
    const result = await work(app.shop)
    if (foundation.redisAddress.kind !== "absent" && app.gate.health().state === "degraded")
      line.complain("Redis does not answer: a running shop may show what was before for up to 5 minutes.")
    return result
  } finally {
    await app.stop()
  }
}
