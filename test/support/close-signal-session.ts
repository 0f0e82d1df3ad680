import {
  addTransactionCapability,
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  generateSignalPubKey,
  initAuthCreds,
} from "@whiskeysockets/baileys"
import { silenceConsole } from "../../src/channels/whatsapp/mend-baileys.ts"
import { quietLogger } from "../../src/channels/whatsapp/quiet-logger.ts"
import { createSignalDevice } from "../simulators/whatsapp/signal-device.ts"
import { keysInMemory } from "./keys-in-memory.ts"

/**
 * A customer writes twice, the second time from a new installation: the shop closes its first session with
 * them. Run as a program of its own; with `silenced` the console is silenced before.
 */
if (process.argv.includes("silenced")) silenceConsole()

const creds = initAuthCreds()
const store = keysInMemory()
const [first, second] = [Curve.generateKeyPair(), Curve.generateKeyPair()]
await store.set({ "pre-key": { 1: first, 2: second } })
const keys = addTransactionCapability(store, quietLogger, { maxCommitRetries: 1, delayBetweenTriesMs: 0 })
const shop = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds, keys }, quietLogger)
const customer = createSignalDevice(5000)

for (const [place, oneTime] of [first, second].entries()) {
  customer.forgetSession("shop")
  await customer.startSession("shop", {
    registrationId: creds.registrationId,
    identityKey: Buffer.from(generateSignalPubKey(creds.signedIdentityKey.public)),
    signedPreKey: {
      keyId: creds.signedPreKey.keyId,
      publicKey: Buffer.from(generateSignalPubKey(creds.signedPreKey.keyPair.public)),
      signature: Buffer.from(creds.signedPreKey.signature),
    },
    preKey: { keyId: place + 1, publicKey: Buffer.from(generateSignalPubKey(oneTime.public)) },
  })
  const { type, bytes } = await customer.encrypt("shop", Buffer.from("halo"))
  const read = await shop.decryptMessage({ jid: "6281200000001@s.whatsapp.net", type, ciphertext: bytes })
  if (Buffer.from(read).toString() !== "halo") throw new Error("the message was not read")
}
process.exit(0)
