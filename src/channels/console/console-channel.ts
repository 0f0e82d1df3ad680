import type { Channel } from "../channel.ts"

/** Prints replies: as text for people, or as one JSON object a line in the form the gateway sends. */
export function createConsoleChannel(given: {
  json: boolean
  /** Resolves to whether the text was taken. */
  write: (text: string) => Promise<boolean>
}): Channel {
  return {
    name: "console",
    async send(message) {
      const taken = await given.write(given.json ? `${JSON.stringify(message)}\n` : `${message.text}\n\n`)
      return taken ? { kind: "delivered" } : { kind: "failed", reason: "nobody reads the output" }
    },
    async stop() {
      // Nothing was started.
    },
  }
}
