import { isUnpaired, type WhatsAppView } from "./whatsapp-view.ts"

/** How WhatsApp is, in one sentence for the operator; undefined when there is nothing to say. */
export function describeWhatsApp(view: WhatsAppView): string | undefined {
  switch (view.state) {
    case "off":
      return undefined
    case "open":
      return (
        view.pausedUntil && `Sending is paused until ${timeOfDay(view.pausedUntil)}: ${pauseCause(view)}.`
      )
    case "pairing":
      return pairingWords(view)
    case "connecting":
      return isUnpaired(view) ? pairingWords(view) : connectingWords(view)
    case "logged_out":
      return "Lapak was removed from the linked devices: pair the phone again. No order and no balance is lost."
    case "replaced":
      return "Another program took over this WhatsApp account, so the shop keeps away from it."
    case "stopped":
      return "WhatsApp refuses this account: open WhatsApp on the phone and see what it says."
  }
}

/** The check that health and readiness tell. The shop sells on its other channels, so it is never more. */
export function checkWhatsApp(
  view: WhatsAppView,
): Readonly<{ state: "ok" | "degraded" | "off"; detail?: string }> {
  if (view.state === "off") return { state: "off" }
  const detail = describeWhatsApp(view)
  return detail === undefined ? { state: "ok" } : { state: "degraded", detail }
}

/** `14:05 WIB`: the time in the shop's zone. */
export function timeOfDay(at: Date): string {
  const time = at.toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" })
  return `${time} WIB`
}

const zone = "Asia/Jakarta"

function pauseCause({ pauseCode }: WhatsAppView): string {
  if (pauseCode === 463) return "WhatsApp warned of messages to people who did not write first (463)"
  if (pauseCode === 429) return "WhatsApp warned of too many messages (429)"
  return "WhatsApp warned the shop"
}

/** Why no phone can be paired now; undefined: one can, or nobody knows yet. */
export function pairingObstacle({ problemCode, unreachable }: WhatsAppView): string | undefined {
  if (problemCode === 405) return tooOld
  if (!unreachable) return undefined
  return "WhatsApp cannot be reached. Check the server's internet; it is tried again by itself."
}

const tooOld =
  "WhatsApp wants a newer version of WhatsApp Web: set WHATSAPP_VERSION in the file .env (README: where to look for the number)."

function pairingWords(view: WhatsAppView): string {
  const obstacle = pairingObstacle(view)
  return obstacle === undefined ? "No phone is paired yet." : `No phone is paired yet. ${obstacle}`
}

function connectingWords({ problemCode, held }: WhatsAppView): string {
  if (!held) return "Not connected: no running shop has the account."
  if (problemCode === 405) return tooOld
  const why = problemCode === undefined ? "" : ` (the last attempt ended with ${problemCode})`
  return `Connecting to WhatsApp${why}: messages wait and are answered afterwards.`
}
