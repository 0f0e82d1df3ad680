import { createHash } from "node:crypto"
import { Hono } from "hono"
import baseStyle from "./assets/base.css" with { type: "text" }
import icon from "./assets/icon.svg" with { type: "text" }
import payScript from "./assets/pay.client.js" with { type: "text" }
import payStyle from "./assets/pay.css" with { type: "text" }
import tryScript from "./assets/try.client.js" with { type: "text" }
import tryStyle from "./assets/try.css" with { type: "text" }
import tryFormatScript from "./assets/try-format.client.js" with { type: "text" }
import whatsappScript from "./assets/whatsapp.client.js" with { type: "text" }
import whatsappStyle from "./assets/whatsapp.css" with { type: "text" }
import type { WebEnvironment } from "./dependencies.ts"
import { answerJson, assetHeaders } from "./headers.ts"
import { onlyMethods } from "./only-methods.ts"

const files = {
  "base.css": { text: baseStyle, type: "text/css; charset=utf-8" },
  "pay.css": { text: payStyle, type: "text/css; charset=utf-8" },
  "try.css": { text: tryStyle, type: "text/css; charset=utf-8" },
  "whatsapp.css": { text: whatsappStyle, type: "text/css; charset=utf-8" },
  "pay.js": { text: payScript, type: "text/javascript; charset=utf-8" },
  "try.js": { text: tryScript, type: "text/javascript; charset=utf-8" },
  "try-format.js": { text: tryFormatScript, type: "text/javascript; charset=utf-8" },
  "whatsapp.js": { text: whatsappScript, type: "text/javascript; charset=utf-8" },
  "icon.svg": { text: icon, type: "image/svg+xml" },
} as const

export type AssetName = keyof typeof files

export type Assets = Readonly<{
  /** The address of a file; it changes when the file does. */
  addressOf(name: AssetName): string
  routes: Hono<WebEnvironment>
}>

/** The styles and scripts of the pages, carried as text inside the program. */
export function createAssets(): Assets {
  const version = createHash("sha256")
  for (const { text } of Object.values(files)) version.update(text)
  const hash = version.digest("hex").slice(0, 12)
  const routes = new Hono<WebEnvironment>()
  routes
    .get("/assets/:version/:name", ({ req }) => {
      const file = findFile(req.param("name"))
      if (!file) return answerJson(404, { error: "not_found", message: "There is no such file." })
      const isCurrent = req.param("version") === hash
      return new Response(file.text, {
        headers: {
          ...assetHeaders,
          "Content-Type": file.type,
          "Cache-Control": isCurrent ? "public, max-age=31536000, immutable" : "no-cache",
        },
      })
    })
    .all(onlyMethods("GET"))
  return { addressOf: (name) => `/assets/${hash}/${name}`, routes }
}

function findFile(name: string): { text: string; type: string } | undefined {
  return Object.entries(files).find(([known]) => known === name)?.[1]
}
