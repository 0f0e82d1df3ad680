import { toBuffer } from "qrcode"

/** Draws QR codes as PNG, remembering the latest few: drawing costs more than everything else on the page. */
export type QrImages = Readonly<{ draw(text: string): Promise<Uint8Array<ArrayBuffer>> }>

const remembered_max = 128

export function createQrImages(): QrImages {
  const remembered = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()
  return {
    draw(text) {
      const known = remembered.get(text)
      if (known) return known
      const drawing = drawPng(text)
      remembered.set(text, drawing)
      drawing.catch(() => remembered.delete(text))
      const [oldest] = remembered.keys()
      if (remembered.size > remembered_max && oldest !== undefined) remembered.delete(oldest)
      return drawing
    },
  }
}

/** With the quiet zone of four modules that scanners want, and sharp on a phone's screen. */
async function drawPng(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const png = await toBuffer(text, { type: "png", errorCorrectionLevel: "M", margin: 4, scale: 10 })
  return new Uint8Array(png)
}
