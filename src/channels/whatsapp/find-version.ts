/** The version of WhatsApp Web that the client claims to be. */
export type Version = readonly [number, number, number]

const timeoutMs = 8_000
const longestScript = 4_000_000

/**
 * Reads the newest version from the script that WhatsApp Web starts with. Undefined when it can't be had.
 * `socketUrl` is where the client connects: the script is served beside it.
 */
export async function findNewestVersion(socketUrl: string): Promise<Version | undefined> {
  const url = new URL("/sw.js", socketUrl.replace(/^ws/, "http"))
  try {
    const response = await fetch(url, {
      // Without these WhatsApp serves an empty page.
      headers: { "sec-fetch-site": "none", "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0.0.0" },
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!response.ok) return undefined
    const script = (await response.text()).slice(0, longestScript)
    const revision = /\\?"client_revision\\?":\s*(\d{5,10})\b/.exec(script)?.[1]
    return revision === undefined ? undefined : [2, 3000, Number(revision)]
  } catch {
    return undefined
  }
}
