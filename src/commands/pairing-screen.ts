import { toString as drawCode } from "qrcode"
import { spelledCode, type WhatsAppView } from "../operations/whatsapp-view.ts"
import { describeWhatsApp, pairingObstacle } from "../operations/whatsapp-words.ts"
import type { CommandLine } from "./command-line.ts"

/** Black on white by itself, so that the terminal's own colours do not matter. */
const inkOnPaper = "\x1b[30;47;107m"
const reset = "\x1b[0m"

const openLinkedDevices = [
  "1. Open WhatsApp on the shop's phone.",
  "2. Android: tap ⋮ at the top right, then Linked devices (Perangkat tertaut).",
  "   iPhone: tap Settings (Pengaturan), then Linked Devices (Perangkat Tertaut).",
]
const scanSteps = [
  ...openLinkedDevices,
  "3. Tap Link a device (Tautkan perangkat) and point the camera at this QR.",
  "Does it not fit? Make the window larger, or take a code instead: lapak pair --phone 628…",
]
const codeSteps = [
  ...openLinkedDevices,
  "3. Tap Link a device (Tautkan perangkat), then Link with phone number instead",
  "   (Tautkan dengan nomor telepon saja), and type the code.",
]

/**
 * Prints what there is to pair with whenever it changes: the QR, or where a number was given the code. What
 * else there is to say is said once.
 */
export function createPairingScreen(
  line: Pick<CommandLine, "print" | "complain">,
  given: {
    phone: string | undefined
    /** A code from before this number was asked for. */
    staleCode: string | undefined
  },
): Readonly<{ show(view: WhatsAppView): Promise<void> }> {
  let shown: string | undefined
  const said = new Set<string>()

  const say = (text: string) => {
    if (said.has(text)) return
    said.add(text)
    line.complain(text)
  }
  const showQr = async (qr: string) => {
    const isFirst = shown === undefined
    shown = qr
    line.print(isFirst ? "Scan this with the shop's phone:" : "That QR has run out; this is the new one:")
    line.print(await drawQr(qr))
    if (isFirst) for (const text of scanSteps) line.print(text)
  }
  const showCode = (code: string) => {
    const isFirst = shown === undefined
    shown = code
    line.print(isFirst ? `The code for +${given.phone}:` : `A new code for +${given.phone}:`)
    line.print(`\n    ${spelledCode(code)}\n`)
    if (isFirst) for (const text of codeSteps) line.print(text)
  }

  return {
    show: async (view) => {
      const { qr, pairingCode, phone } = view
      if (phone !== undefined) return say(`Paired as +${phone}, connecting ...`)
      if (view.state === "logged_out") say(describeWhatsApp(view) ?? "")
      const obstacle = pairingObstacle(view)
      if (obstacle !== undefined) return say(obstacle)
      if (given.phone === undefined) {
        if (qr === undefined) return shown === undefined ? say("Asking WhatsApp for a QR ...") : undefined
        if (qr !== shown) await showQr(qr)
        return
      }
      if (pairingCode === undefined || pairingCode === given.staleCode) {
        return shown === undefined ? say(`Asking WhatsApp for a code for +${given.phone} ...`) : undefined
      }
      if (pairingCode !== shown) showCode(pairingCode)
    },
  }
}

/** Two rows of the code a line, with the quiet zone that scanners want. */
async function drawQr(text: string): Promise<string> {
  const drawn = await drawCode(text, { type: "utf8", errorCorrectionLevel: "L", margin: 4 })
  return drawn
    .split("\n")
    .map((row) => `${inkOnPaper}${row}${reset}`)
    .join("\n")
}
