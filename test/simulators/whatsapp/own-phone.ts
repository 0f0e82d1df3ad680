import { deflateSync } from "node:zlib"
import { proto } from "@whiskeysockets/baileys"
import type { CustomerDevice } from "./customer.ts"
import { sendToShop } from "./send-to-shop.ts"
import type { World } from "./world.ts"

/**
 * The owner types a text to a customer on the shop's own phone: the client gets its copy. Resolves to its
 * id.
 */
export async function sayFromOwnPhone(
  customer: CustomerDevice,
  text: string,
  world: World,
  options: { id?: string; secondsLater?: number } = {},
): Promise<string> {
  const { account } = world
  const isLid = customer.addressing === "lid" || customer.addressing === "lid only"
  const destinationJid = isLid ? customer.lid : customer.jid
  const message = { deviceSentMessage: { destinationJid, message: { conversation: text } } }
  const attributes = isLid
    ? { from: account.lid, recipient: customer.lid, addressing_mode: "lid", peer_recipient_pn: customer.jid }
    : { from: account.jid, recipient: customer.jid, peer_recipient_lid: customer.lid }
  return await sendToShop({ device: account.phone, message, attributes, options }, world)
}

/**
 * What a phone sends to a device that was just linked: a key for the app's state, and the (empty) history.
 */
export async function welcomeDevice(world: World): Promise<void> {
  const { account } = world
  const { Type } = proto.Message.ProtocolMessage
  const { HistorySyncType } = proto.HistorySync
  const syncType = HistorySyncType.INITIAL_BOOTSTRAP
  const history = proto.HistorySync.encode({ syncType, conversations: [] }).finish()
  const attributes = { from: account.jid, category: "peer", type: "text" }
  const keyId = Buffer.from([0, 0, 0, 0, 0, account.lastDevice])
  const timestamp = Math.floor(world.clock().getTime() / 1000)
  const fingerprint = { rawId: 1, currentIndex: account.lastDevice, deviceIndexes: [0, account.lastDevice] }
  const keyData = { keyData: Buffer.alloc(32, 7), fingerprint, timestamp }
  const messages: proto.Message.IProtocolMessage[] = [
    {
      type: Type.APP_STATE_SYNC_KEY_SHARE,
      appStateSyncKeyShare: { keys: [{ keyId: { keyId }, keyData }] },
    },
    {
      type: Type.HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: {
        syncType,
        chunkOrder: 1,
        initialHistBootstrapInlinePayload: deflateSync(history),
      },
    },
  ]
  for (const protocolMessage of messages)
    await sendToShop({ device: account.phone, message: { protocolMessage }, attributes }, world)
}
