import type { Channel } from "./channels/channel.ts"
import type { WhatsAppEvent } from "./channels/whatsapp/whatsapp-channel.ts"
import type { Texts } from "./conversation/texts/texts.ts"
import type { Database } from "./database/connect.ts"
import { promiseNotice, takeBackNotices } from "./database/operator-notices.ts"
import type { Log } from "./operations/log.ts"
import type { Language } from "./shop/customer.ts"

const msPerMinute = 60_000

/** Says what became of WhatsApp: in the log at once, and to the owners in a chat. */
export function tellOperatorWith(parts: {
  database: Database
  channels: readonly string[]
  /** As the operator has them now. */
  texts: () => Readonly<Record<Language, Texts>>
  log: Log
}): (event: WhatsAppEvent, detail: { forMs?: number }) => void {
  return (event, { forMs = 0 }) => {
    parts.log.error("WhatsApp needs somebody to look: see /whatsapp", { reason: event })
    const minutes = Math.ceil(forMs / msPerMinute)
    const { id, en } = parts.texts()
    const texts = { id: write(id, event, minutes), en: write(en, event, minutes) }
    promiseNotice(parts.database, { notice: `whatsapp_${event}`, texts, channels: parts.channels }).catch(
      (error: unknown) => parts.log.warn("the owners could not be told", { reason: event, error }),
    )
  }
}

/**
 * The channel for the outbox to use: once it is `connected` again, word that it is away is taken back before
 * anything is sent. Where that cannot be, the word goes out. `connected` never throws.
 */
export function takeBackOnceOpen(
  channel: Channel,
  { database, log }: Readonly<{ database: Database; log: Log }>,
): { channel: Channel; connected(): Promise<void> } {
  let takingBack = 0
  return {
    channel: { ...channel, takes: () => takingBack === 0 && channel.takes?.() !== false },
    connected: async () => {
      takingBack += 1
      await takeBackNotices(database, { channel: channel.name }).catch((error: unknown) => {
        log.warn("the owners may be told that WhatsApp is away, although it is back", { error })
      })
      takingBack -= 1
    },
  }
}

function write(texts: Texts, event: WhatsAppEvent, minutes: number): string {
  switch (event) {
    case "logged_out":
      return texts.whatsappLoggedOut()
    case "replaced":
      return texts.whatsappReplaced()
    case "stopped":
      return texts.whatsappStopped()
    case "keeps_failing":
      return texts.whatsappKeepsFailing()
    case "sending_paused":
      return texts.whatsappRests({ minutes })
  }
}
