import { openApp } from "../app.ts"
import { openFoundation } from "../foundation.ts"
import type { Shop } from "../shop/shop.ts"
import { type CommandLine, quietConfigOf } from "./command-line.ts"

/** Nothing comes in and nothing goes out here, so there is nothing to look for. */
const lookIntervalMs = 60_000

/**
 * Runs a command on a shop without a channel and without a customer, beside a running server or without one:
 * what it promises to customers is sent by whoever serves, now or after the next start.
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
    return await work(app.shop)
  } finally {
    await app.stop()
  }
}
