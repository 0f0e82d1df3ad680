import {
  addTransactionCapability,
  DEFAULT_CONNECTION_CONFIG,
  initAuthCreds,
  type SignalDataSet,
  type SignalDataTypeMap,
} from "@whiskeysockets/baileys"
import type { CustomerDevice } from "./customer.ts"
import { pad } from "./message-padding.ts"
import { sendToShop } from "./send-to-shop.ts"
import { stanza } from "./stanza.ts"
import type { World } from "./world.ts"

/**
 * A place where a customer speaks to many: a group (`…@g.us`), the status (`status@broadcast`) or a broadcast
 * list (`…@broadcast`). Encrypted by the speaker's sender key, as the real ones are. Resolves to the id.
 */
export type Places = Readonly<{ say(place: string, speaker: CustomerDevice, text: string): Promise<string> }>

type SenderKeys = ReturnType<typeof DEFAULT_CONNECTION_CONFIG.makeSignalRepository>

export function createPlaces(world: World): Places {
  const senderKeys = new Map<string, SenderKeys>()
  const keysOf = (speaker: CustomerDevice) => {
    const known = senderKeys.get(speaker.jid) ?? createSenderKeys()
    senderKeys.set(speaker.jid, known)
    return known
  }
  return {
    async say(place, speaker, text) {
      const isLid = speaker.addressing === "lid" || speaker.addressing === "lid only"
      const participant = isLid ? speaker.lid : speaker.jid
      const attributes = {
        from: place,
        participant,
        addressing_mode: isLid ? "lid" : "pn",
        participant_pn: isLid ? speaker.jid : undefined,
        participant_lid: isLid ? undefined : speaker.lid,
        notify: speaker.name,
        type: "text",
      }
      const { ciphertext, senderKeyDistributionMessage } = await keysOf(speaker).encryptGroupMessage({
        group: place,
        meId: participant,
        data: pad({ conversation: text }, 3),
      })
      const distribution = {
        groupId: place,
        axolotlSenderKeyDistributionMessage: senderKeyDistributionMessage,
      }
      const extra = [stanza("enc", { v: "2", type: "skmsg" }, ciphertext)]
      const message = { senderKeyDistributionMessage: distribution }
      return await sendToShop({ device: speaker.device, message, attributes, extra }, world)
    },
  }
}

function createSenderKeys(): SenderKeys {
  const stored = new Map<string, unknown>()
  const store = {
    async get<Type extends keyof SignalDataTypeMap>(type: Type, ids: string[]) {
      const found: Record<string, SignalDataTypeMap[Type]> = {}
      for (const id of ids) {
        const value = stored.get(`${type}/${id}`)
        if (value !== undefined) found[id] = value as SignalDataTypeMap[Type]
      }
      return found
    },
    async set(data: SignalDataSet) {
      for (const [type, entries] of Object.entries(data))
        for (const [id, value] of Object.entries(entries)) stored.set(`${type}/${id}`, value)
    },
  }
  const logger = silentLogger()
  const keys = addTransactionCapability(store, logger, { maxCommitRetries: 1, delayBetweenTriesMs: 1 })
  return DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds: initAuthCreds(), keys }, logger)
}

function silentLogger(): Parameters<typeof addTransactionCapability>[1] {
  const logger = {
    level: "silent",
    child: () => logger,
    trace() {},
    debug() {},
    info() {},
    warn() {},
    error() {},
  }
  return logger
}
