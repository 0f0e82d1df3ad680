import type { SocketConfig } from "@whiskeysockets/baileys"

type Logger = SocketConfig["logger"]

const nothing = () => undefined

/** Baileys logs whole stanzas, numbers and texts included: none of it is kept. What matters comes as events. */
export const quietLogger: Logger = {
  level: "silent",
  child: () => quietLogger,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
}
