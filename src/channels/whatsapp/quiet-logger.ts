import type { SocketConfig } from "@whiskeysockets/baileys"

type Logger = SocketConfig["logger"]

const nothing = () => undefined

/**
 * Baileys logs whole stanzas, numbers and texts included. None of it is kept; what matters are its events.
 */
export const quietLogger: Logger = {
  level: "silent",
  child: () => quietLogger,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
}
