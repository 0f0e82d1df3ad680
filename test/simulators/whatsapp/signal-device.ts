import { Curve, generateSignalPubKey, type KeyPair, signedKeyPair } from "@whiskeysockets/baileys"
import { ProtocolAddress, SessionBuilder, type SessionRecord } from "libsignal"
import { CarefulCipher } from "./careful-cipher.ts"
import { QuietSessionRecord } from "./quiet-session-record.ts"
import { bigEndian, type Stanza, stanza } from "./stanza.ts"

/** What somebody has to know of a device to write to it first. Public keys have their type byte. */
export type KeyBundle = Readonly<{
  registrationId: number
  identityKey: Buffer
  signedPreKey: Readonly<{ keyId: number; publicKey: Buffer; signature: Buffer }>
  preKey: Readonly<{ keyId: number; publicKey: Buffer }> | undefined
}>

export type Ciphertext = Readonly<{ type: "pkmsg" | "msg"; bytes: Buffer }>

/** A phone with real Signal keys and sessions, all in memory. Peers are told apart by names of our own. */
export type SignalDevice = Readonly<{
  identity: KeyPair
  registrationId: number
  /** Runs the work after what was begun before it: who encrypts first is delivered first. */
  inOrder<Result>(work: () => Promise<Result>): Promise<Result>
  /** The children of a `<user>` that hands the device's keys out, each time with another one-time key. */
  keys(): Stanza[]
  hasSession(peer: string): boolean
  startSession(peer: string, bundle: KeyBundle): Promise<void>
  encrypt(peer: string, plaintext: Uint8Array): Promise<Ciphertext>
  /** Throws when the message is not for this device, is damaged, or was decrypted before. */
  decrypt(peer: string, message: Ciphertext): Promise<{ plaintext: Buffer; peerIdentity: Buffer }>
  /** As after a new installation, but with the same identity: what comes on the old session can't be read. */
  forgetSession(peer: string): void
}>

/** One-time keys that were handed out and not used yet; older ones are forgotten. */
const handedOutLimit = 100

export function createSignalDevice(registrationId: number): SignalDevice {
  const identity = Curve.generateKeyPair()
  const sessions = new Map<string, QuietSessionRecord>()
  const oneTimeKeys = new Map<number, KeyPair>()
  const signed = signedKeyPair(identity, 1)
  let lastKeyId = 0
  let lastWork: Promise<unknown> = Promise.resolve()
  const storage = storageOf({ identity, registrationId, signed: signed.keyPair, sessions, oneTimeKeys })
  const receiving = { ...storage, loadSession: async (address: string) => storage.record(address, true) }
  const recordOf = (peer: string) => sessions.get(addressOf(identity, peer).toString())
  return {
    identity,
    registrationId,
    inOrder(work) {
      const done = lastWork.then(work)
      lastWork = done.catch(() => {})
      return done
    },
    keys() {
      const keyId = ++lastKeyId
      const oneTimeKey = Curve.generateKeyPair()
      oneTimeKeys.set(keyId, oneTimeKey)
      if (oneTimeKeys.size > handedOutLimit) oneTimeKeys.delete(oneTimeKeys.keys().next().value ?? keyId)
      return [
        stanza("registration", {}, bigEndian(registrationId, 4)),
        stanza("type", {}, Buffer.from([5])),
        stanza("identity", {}, identity.public),
        stanza("skey", {}, [
          stanza("id", {}, bigEndian(signed.keyId, 3)),
          stanza("value", {}, signed.keyPair.public),
          stanza("signature", {}, signed.signature),
        ]),
        stanza("key", {}, [stanza("id", {}, bigEndian(keyId, 3)), stanza("value", {}, oneTimeKey.public)]),
      ]
    },
    hasSession: (peer) => recordOf(peer)?.haveOpenSession() ?? false,
    forgetSession: (peer) => void sessions.delete(addressOf(identity, peer).toString()),
    async startSession(peer, { preKey, ...bundle }) {
      const builder = new SessionBuilder(storage, addressOf(identity, peer))
      // The package's types ask for a one-time key, its code takes a bundle without one.
      await builder.initOutgoing(
        (preKey ? { ...bundle, preKey } : bundle) as Parameters<typeof builder.initOutgoing>[0],
      )
    },
    async encrypt(peer, plaintext) {
      const cipher = new CarefulCipher(storage, addressOf(identity, peer))
      const { type, body } = await cipher.encrypt(Buffer.from(plaintext))
      return { type: type === 3 ? "pkmsg" : "msg", bytes: Buffer.from(body, "binary") }
    },
    async decrypt(peer, { type, bytes }) {
      const isFirst = type === "pkmsg"
      const cipher = new CarefulCipher(isFirst ? receiving : storage, addressOf(identity, peer))
      const plaintext = isFirst
        ? await cipher.decryptPreKeyWhisperMessage(bytes)
        : await cipher.decryptWhisperMessage(bytes)
      return { plaintext, peerIdentity: recordOf(peer)?.peerIdentity() ?? Buffer.alloc(0) }
    },
  }
}

/** Unique in the process: libsignal queues its work by this name, across all devices. */
function addressOf(own: KeyPair, peer: string): ProtocolAddress {
  return new ProtocolAddress(`${Buffer.from(own.public.subarray(0, 9)).toString("hex")}-${peer}`, 0)
}

function storageOf(keys: {
  identity: KeyPair
  registrationId: number
  signed: KeyPair
  sessions: Map<string, QuietSessionRecord>
  oneTimeKeys: Map<number, KeyPair>
}) {
  const signalPair = ({ private: privateKey, public: publicKey }: KeyPair) => ({
    privKey: Buffer.from(privateKey),
    pubKey: Buffer.from(generateSignalPubKey(publicKey)),
  })
  const record = (address: string, isReceiving = false): QuietSessionRecord => {
    const known = keys.sessions.get(address) ?? new QuietSessionRecord()
    known.isReceiving = isReceiving
    keys.sessions.set(address, known)
    return known
  }
  return {
    record,
    loadSession: async (address: string): Promise<SessionRecord> => record(address),
    storeSession: async () => {},
    isTrustedIdentity: () => true,
    async loadPreKey(keyId: number | string) {
      const key = keys.oneTimeKeys.get(Number(keyId))
      return key && signalPair(key)
    },
    removePreKey: (keyId: number) => void keys.oneTimeKeys.delete(keyId),
    loadSignedPreKey: () => signalPair(keys.signed),
    getOurRegistrationId: () => keys.registrationId,
    getOurIdentity: () => signalPair(keys.identity),
  }
}
