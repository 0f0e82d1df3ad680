import type { WhatsAppConfig } from "../config.ts"
import { askAgain, askToPair } from "../database/whatsapp-account.ts"
import type { Foundation } from "../foundation.ts"
import { openWhatsApp } from "../open-whatsapp.ts"
import { pause } from "../operations/pause.ts"
import { watchForQr } from "../operations/watch-for-qr.ts"
import { readWhatsAppView, type WhatsAppView } from "../operations/whatsapp-view.ts"
import { describeWhatsApp } from "../operations/whatsapp-words.ts"
import { readPhoneNumber } from "../shop/phone-number.ts"
import { CommandError, type CommandLine, configOf, type ExitCode, withFoundation } from "./command-line.ts"
import { createPairingScreen } from "./pairing-screen.ts"

/** How long somebody has for finding their phone, and how often is looked whether they did. */
type Patience = Readonly<{ boundMs: number; lookEveryMs: number; askEveryMs: number; reconnectMs: number }>

const patient: Patience = { boundMs: 600_000, lookEveryMs: 500, askEveryMs: 5_000, reconnectMs: 30_000 }

const off = "WhatsApp is off. Put WHATSAPP=on into .env, restart the shop, then pair."

/**
 * `lapak pair [--phone NUMBER]`: links the shop to a phone, by QR or with a number by a code to type. Beside
 * a running shop it shows what that shop's connection offers; without one it connects by itself. A shop that
 * is paired and keeps away from its account is told to connect again, and how that went is said.
 */
export async function pairCommand(
  line: CommandLine,
  given: { phone?: string | undefined },
  patience: Patience = patient,
): Promise<ExitCode> {
  const phone = given.phone === undefined ? undefined : numberOf(given.phone)
  const { whatsapp } = configOf(line)
  if (!whatsapp) throw new CommandError(off, 2)
  return await withFoundation<ExitCode>(line, async (foundation) => {
    const view = await look(foundation)
    if (keepsAway(view)) {
      line.complain(`${describeWhatsApp(view)} Connecting again ...`)
      await askAgain(foundation.database)
      if (view.phone !== undefined) return await reconnect(line, foundation, patience)
    }
    if (view.phone !== undefined) return showPaired(line, view)
    return await pair(line, foundation, { whatsapp, phone, before: view, patience })
  })
}

/** What the running shop makes of being asked to connect again; a phone is paired. */
async function reconnect(line: CommandLine, foundation: Foundation, patience: Patience): Promise<ExitCode> {
  const giveUpAt = performance.now() + patience.reconnectMs
  while (!line.interrupted.aborted && performance.now() < giveUpAt) {
    const view = await look(foundation)
    if (view.state === "open") return showConnected(line, view)
    if (keepsAway(view)) throw new CommandError(wordsForKeepingAway(view))
    await pause(patience.lookEveryMs, line.interrupted)
  }
  throw new CommandError(
    "It is not connected yet. A shop that runs goes on trying; see how that goes with:\n  lapak doctor",
  )
}

function keepsAway({ state }: WhatsAppView): boolean {
  return state === "replaced" || state === "stopped"
}

function wordsForKeepingAway(view: WhatsAppView): string {
  const first = view.state === "replaced" ? "Close that program" : "When it is settled there"
  return `${describeWhatsApp(view)} ${first}, then run this again:\n  lapak pair`
}

async function pair(
  line: CommandLine,
  foundation: Foundation,
  given: {
    whatsapp: WhatsAppConfig
    phone: string | undefined
    before: WhatsAppView
    patience: Patience
  },
): Promise<ExitCode> {
  const { phone, patience } = given
  const screen = createPairingScreen(line, { phone, staleCode: given.before.pairingCode })
  const connection = createOwnConnection(foundation, given.whatsapp)
  const watch = watchForQr(() => new Date())
  const giveUpAt = performance.now() + patience.boundMs
  let askAt = performance.now() + patience.askEveryMs
  await askToPair(foundation.database, { phone })
  try {
    while (!line.interrupted.aborted && performance.now() < giveUpAt) {
      const view = watch(await look(foundation))
      if (view.state === "open") return showConnected(line, view)
      if (keepsAway(view)) throw new CommandError(wordsForKeepingAway(view))
      if (!view.held) await connection.open()
      if (performance.now() >= askAt) {
        askAt = performance.now() + patience.askEveryMs
        await askToPair(foundation.database)
      }
      await screen.show(view)
      await pause(patience.lookEveryMs, line.interrupted)
    }
  } finally {
    await connection.stop()
  }
  if (line.interrupted.aborted) throw new CommandError("Pairing was stopped; nothing else was changed.")
  const minutes = Math.round(patience.boundMs / 60_000)
  throw new CommandError(
    `No phone was paired within ${minutes} minutes. That does no harm: run it again with the phone at hand.\n` +
      "  lapak pair",
  )
}

function look(foundation: Foundation): Promise<WhatsAppView> {
  return readWhatsAppView({ ...foundation, clock: () => new Date() })
}

/** For a shop that does not run: the same connection that it would make, for pairing alone. */
function createOwnConnection(foundation: Foundation, config: WhatsAppConfig) {
  let channel: Awaited<ReturnType<typeof openWhatsApp>> | undefined
  return {
    open: async () => {
      if (channel) return
      const { metrics } = foundation
      channel = await openWhatsApp({
        ...foundation,
        config,
        metrics: metrics.whatsapp,
        tellOperator: () => undefined,
      })
      await channel.start(undefined)
    },
    stop: async () => channel?.stop(),
  }
}

function showConnected(line: CommandLine, { phone }: WhatsAppView): ExitCode {
  line.print(phone === undefined ? "Connected." : `Connected as +${phone}.`)
  line.print("Open the stall, if it is not, and write .menu to this number from another phone:")
  line.print("  lapak serve")
  return 0
}

function showPaired(line: CommandLine, view: WhatsAppView): ExitCode {
  const how = describeWhatsApp(view)
  line.print(`This shop is paired already, as +${view.phone}.${how === undefined ? "" : ` ${how}`}`)
  line.print("To pair it anew: while the shop runs, open WhatsApp on that phone, Linked devices (Perangkat")
  line.print("tertaut), tap the shop, Log out (Keluar). Then run this again. Orders and balances stay.")
  return 0
}

function numberOf(text: string): string {
  const read = readPhoneNumber(text)
  if ("problem" in read) throw new CommandError(`--phone ${read.problem}.`, 2)
  return read.number
}
