import {
  type AuthenticationCreds,
  addTransactionCapability,
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  generateSignalPubKey,
  initAuthCreds,
  type SignalKeyStore,
} from "@whiskeysockets/baileys"
import { quietLogger } from "../../src/channels/whatsapp/quiet-logger.ts"
import type { KeyBundle } from "../simulators/whatsapp/signal-device.ts"
import { keysInMemory } from "./keys-in-memory.ts"

/**
 * The Signal half of a shop as Baileys makes it, without a connection; in memory unless it is given its keys.
 */
export function openSignalShop(
  given: { creds: AuthenticationCreds; keys: SignalKeyStore } = {
    creds: initAuthCreds(),
    keys: keysInMemory(),
  },
) {
  const { creds, keys: store } = given
  const keys = addTransactionCapability(store, quietLogger, { maxCommitRetries: 1, delayBetweenTriesMs: 0 })
  const withType = (key: Uint8Array) => Buffer.from(generateSignalPubKey(key))
  let lastKeyId = 0
  return {
    repository: DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds, keys }, quietLogger),
    /** What a customer has to know to write first; each time with another one-time key. */
    bundle: async (): Promise<KeyBundle> => {
      const oneTimeKey = Curve.generateKeyPair()
      lastKeyId += 1
      await store.set({ "pre-key": { [lastKeyId]: oneTimeKey } })
      const { keyId, keyPair, signature } = creds.signedPreKey
      return {
        registrationId: creds.registrationId,
        identityKey: withType(creds.signedIdentityKey.public),
        signedPreKey: { keyId, publicKey: withType(keyPair.public), signature: Buffer.from(signature) },
        preKey: { keyId: lastKeyId, publicKey: withType(oneTimeKey.public) },
      }
    },
  }
}
