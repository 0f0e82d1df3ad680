import { startWhatsApp, type WhatsApp } from "../../simulators/whatsapp/start-whatsapp.ts"
import type { CommandMessage, Fault, Told } from "./commands.ts"
import { openCrowd } from "./crowd.ts"

const answerTimeoutMs = 120_000

const whatsapp = await startWhatsApp()
const crowd = openCrowd(whatsapp)
const tell = (told: Told) => process.send?.(told)

async function obey(message: CommandMessage): Promise<unknown> {
  switch (message.name) {
    case "scan":
      await whatsapp.scan(message.given)
      return null
    case "connections":
      return whatsapp.connections()
    case "crowd":
      return await crowd(message.given)
    case "harm": {
      const { fault, lastsMs, number } = message.given
      const lift = harms[fault](whatsapp)
      const timer = setTimeout(lift, lastsMs)
      const afterMs = await ask(number)
      clearTimeout(timer)
      return afterMs
    }
    case "ask":
      return await ask(message.given.number)
  }
}

/** Each does its harm and returns what ends it. */
const harms: Record<Fault, (whatsapp: WhatsApp) => () => void> = {
  drop: (server) => {
    server.drop()
    return () => undefined
  },
  "refused upgrades": (server) => {
    server.refuseUpgrades(503)
    server.drop()
    return () => server.refuseUpgrades("none")
  },
  "restart required": (server) => {
    server.streamError(515)
    return () => undefined
  },
  // Those that come after are served: a line that is dead, not a server.
  freeze: (server) => {
    server.freeze()
    return () => undefined
  },
  replaced: (server) => {
    server.streamError("conflict")
    return () => undefined
  },
}

async function ask(number: string): Promise<number> {
  const began = performance.now()
  await whatsapp.customer(number).ask(".saldo", answerTimeoutMs)
  return performance.now() - began
}

process.on("message", async (message: CommandMessage | "stop") => {
  if (message === "stop") {
    await whatsapp.stop()
    process.exit()
  }
  const { id } = message
  try {
    tell({ kind: "answer", id, answer: await obey(message) })
  } catch (error) {
    tell({ kind: "failure", id, reason: String(error) })
  }
})
tell({ kind: "ready", environment: { ...whatsapp.environment } })
