import { existsSync } from "node:fs"
import { type Browser, type BrowserContext, chromium } from "playwright-core"

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

/** Where this machine has a Chromium; `CHROMIUM` names another. Undefined: browser tests are skipped. */
export function findChromium(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return [environment.CHROMIUM ?? "", ...candidates].find((path) => path !== "" && existsSync(path))
}

/** Opens a Chromium that talks to nobody but the pages it is sent to. Close it when done. */
export async function openBrowser(executablePath: string): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  })
}

/** A phone of 390 × 844 points in Indonesian, in light or dark. */
export async function openPhone(browser: Browser, colorScheme: "light" | "dark"): Promise<BrowserContext> {
  return await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    locale: "id-ID",
    timezoneId: "Asia/Jakarta",
    colorScheme,
  })
}
