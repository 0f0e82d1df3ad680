import { randomUUID } from "node:crypto"
import { openApp } from "../app.ts"
import { chat } from "../channels/console/chat.ts"
import { createConsoleChannel } from "../channels/console/console-channel.ts"
import { textsFor } from "../conversation/texts/texts-for.ts"
import { hasUnfinished } from "../database/inbox.ts"
import { hasUnsent } from "../database/outbox.ts"
import { openFoundation } from "../foundation.ts"
import { stockDemoCatalog } from "../operations/demo-catalog.ts"
import { pause } from "../operations/pause.ts"
import { CommandError, type CommandLine, type ExitCode, quietConfigOf } from "./command-line.ts"

const lookIntervalMs = 200
const settleMs = 20
const printBoundMs = 30_000

/** Talks with the shop from this terminal: one line in is one message, replies are printed. */
export async function chatCommand(
  line: CommandLine,
  given: { from: string; json: boolean },
): Promise<ExitCode> {
  const number = given.from.replace(/^\+/, "")
  if (!/^[1-9][0-9]{6,14}$/.test(number)) {
    throw new CommandError("--from takes a phone number with country code, such as 6281234567890.", 2)
  }
  const config = quietConfigOf(line)
  const foundation = await openFoundation({ config, supervise: false, progress: line.complain })
  if (config.demo) await stockDemoCatalog(foundation.database, foundation.vault)
  const app = await openApp(foundation, {
    channels: [createConsoleChannel({ json: given.json, write: line.write })],
    number,
    lookIntervalMs,
    publicUrl: () => config.publicUrl,
  })
  const { database } = foundation
  const settled = async () => {
    while (!line.interrupted.aborted && (await hasUnfinished(database, "console", number))) {
      await pause(settleMs, line.interrupted)
    }
    const giveUpAt = performance.now() + printBoundMs
    while (!line.interrupted.aborted && performance.now() < giveUpAt) {
      await app.outbox.idle()
      if (!(await hasUnsent(database, "console", number))) return
      await pause(settleMs, line.interrupted)
    }
  }
  try {
    await chat({
      from: number,
      lines: line.lines(),
      accept: app.inbox.accept,
      newId: randomUUID,
      settled,
      refused: () => line.complain(textsFor("id").unavailable()),
      signal: line.interrupted,
    })
    return 0
  } finally {
    await app.stop()
  }
}
