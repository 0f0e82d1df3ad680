import { isUnpaired, type WhatsAppView } from "./whatsapp-view.ts"

/** Between two QRs there is none for some seconds; one that does not come for so long does not come. */
const patienceMs = 20_000
/** Who has not looked for so long cannot say how long it has been missing. */
const forgetfulMs = 30_000

/** Adds what one look cannot tell: that a QR has been missing for so long that WhatsApp cannot be reached. */
export function watchForQr(clock: () => Date): (view: WhatsAppView) => WhatsAppView {
  let missingSince: number | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  return (view) => {
    const now = clock().getTime()
    if (Math.abs(now - lookedAt) > forgetfulMs) missingSince = undefined
    lookedAt = now
    if (!isUnpaired(view) || view.qr !== undefined || view.pairingCode !== undefined) {
      missingSince = undefined
      return view
    }
    missingSince ??= now
    return now - missingSince < patienceMs ? view : { ...view, unreachable: true }
  }
}
