import { pause } from "../../src/operations/pause.ts"
import type { Strikes } from "./strike.ts"

export const strikeShop: Strikes<"shop"> = {
  killed: ({ chance }, { shops }) => shops.kill(chance),
  killed_together: (_, { shops }) => shops.kill("all"),
  closed: ({ chance }, { shops }) => shops.close(chance),
  frozen: async ({ chance, forMs }, { shops }, over) => {
    const running = shops.live()
    const one = running[chance % Math.max(1, running.length)]
    if (!one) return
    await one.shop.signal("SIGSTOP")
    await pause(forMs, over)
    await one.shop.signal("SIGCONT")
  },
  /** A second process shares the shop for a time, then dies in the middle of its work. */
  joined: async ({ forMs }, { shops }, over) => {
    const leave = shops.join()
    await pause(forMs + 2_000, over)
    await leave()
  },
}
