import { randomBytes } from "node:crypto"
import { createProviders } from "../app.ts"
import { createAnswering } from "../database/answers.ts"
import { createOrderPlacing } from "../database/orders.ts"
import { claimProcess } from "../database/process-claim.ts"
import { newCode } from "../operations/new-reference.ts"
import { holdSeconds, type Shop } from "../shop/shop.ts"
import { type CommandLine, withShop } from "./command-line.ts"

/**
 * Runs a command on a shop that sends nothing by itself: what it promises to customers is sent by a running
 * server, or at the next start.
 */
export async function withDesk<Result>(
  line: CommandLine,
  work: (shop: Shop) => Promise<Result>,
): Promise<Result> {
  return await withShop(line, async ({ foundation, gate }) => {
    const { address, database, log, metrics, config } = foundation
    const processClaim = await claimProcess(address, database, log)
    const providers = createProviders(foundation)
    const serves = () => []
    try {
      return await work({
        database,
        placeOrder: createOrderPlacing(database, { serves, qrisProvider: providers[0]?.name, holdSeconds }),
        answerMessage: createAnswering(database, serves),
        gate,
        log,
        events: { funnel: metrics.bot.funnel, payment: metrics.bot.payment },
        provider: providers[0],
        providerNamed: (name) => providers.find((provider) => provider.name === name),
        providerNames: providers.map(({ name }) => name),
        owner: processClaim.current,
        serves,
        deliver: () => undefined,
        promised: () => undefined,
        lateGoods: config.lateGoods,
        clock: () => new Date(),
        random: Math.random,
        newOrderCode: () => `LPK-${newCode(7)}`,
        newPayToken: () => randomBytes(18).toString("base64url"),
      })
    } finally {
      await processClaim.close()
    }
  })
}
