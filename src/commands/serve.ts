import { takesRealMoney } from "../config.ts"
import { isUnavailable } from "../database/connect.ts"
import { readAccount } from "../database/whatsapp-account.ts"
import { type Foundation, openFoundation } from "../foundation.ts"
import { stockDemoCatalog } from "../operations/demo-catalog.ts"
import type { Log } from "../operations/log.ts"
import { serve } from "../serve.ts"
import { isAtHome, isLoopbackHost } from "../web/loopback.ts"
import { type CommandLine, configOf, type ExitCode } from "./command-line.ts"

/** Opens the stall and keeps it open until it is interrupted. */
export async function serveCommand(line: CommandLine): Promise<ExitCode> {
  const config = configOf(line)
  const foundation = await openFoundation({ config, supervise: true, progress: line.complain })
  const watch = logLostFailures(foundation.log)
  try {
    return await keepOpen(line, foundation)
  } finally {
    watch.stop()
  }
}

async function keepOpen(line: CommandLine, foundation: Foundation): Promise<ExitCode> {
  const { config } = foundation
  if (config.demo && (await stockDemoCatalog(foundation.database, foundation.vault))) {
    line.complain("The shop was empty: the demo catalogue is loaded.")
  }
  const served = await serve(foundation)
  const base = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${served.port}`
  line.complain(`Lapak is open at ${base}`)
  if (!takesRealMoney(config) && isAtHome(config.publicUrl)) line.complain(`Try it: ${base}/try`)
  const pairing = await pairingLine(foundation, base)
  if (pairing !== undefined) line.complain(pairing)
  await untilAborted(line.interrupted)
  line.complain("Closing the stall ...")
  await served.stop()
  return 0
}

/**
 * A failure that nobody waited for, in a library for instance, would end the process with everything it says
 * printed, customers' words and numbers too. It goes to the log instead, reduced, and the sales go on: what
 * came in and what was promised is in the database.
 */
function logLostFailures(log: Log): { stop(): void } {
  const write = (error: unknown) => log.error("something failed that nobody waited for", { error })
  process.on("unhandledRejection", write)
  return { stop: () => void process.off("unhandledRejection", write) }
}

/** Where to pair a phone, while none is paired. The page is for visitors at this machine alone. */
async function pairingLine({ config, database }: Foundation, base: string): Promise<string | undefined> {
  if (!config.whatsapp) return undefined
  try {
    if ((await readAccount(database)).phone !== null) return undefined
  } catch (error) {
    if (!isUnavailable(error)) throw error
    return undefined
  }
  if (!isLoopbackHost(config.host) || !isAtHome(config.publicUrl))
    return "No phone is paired yet: run  lapak pair"
  return `No phone is paired yet: open ${base}/whatsapp, or run  lapak pair`
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }))
}
