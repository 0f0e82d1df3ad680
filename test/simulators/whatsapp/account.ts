import { Curve, proto } from "@whiskeysockets/baileys"
import { createSignalDevice, type KeyBundle, type SignalDevice } from "./signal-device.ts"
import { isSignedBy } from "./signatures.ts"
import { phoneJid } from "./stanza.ts"

/** What a client that wants to be paired says of itself, checked. */
export type Registration = Readonly<{
  noiseKey: Buffer
  /** 32 bytes, without type byte. */
  identityKey: Buffer
  registrationId: number
  signedPreKey: SignedPreKey
}>

export type SignedPreKey = Readonly<{ keyId: number; publicKey: Buffer; signature: Buffer }>

/** The paired client: the shop. */
export type Companion = Readonly<{
  registration: Registration
  device: number
  jid: string
  lid: string
  /** The device identity as its owner signed it, with the device's own signature. */
  identity: Buffer
  /** One-time keys the client uploaded and nobody took yet, by id. */
  oneTimeKeys: Map<number, Buffer>
}>

/** The shop's WhatsApp account: the owner's phone and the client that is linked to it. */
export type Account = {
  readonly number: string
  readonly jid: string
  readonly lid: string
  readonly name: string
  readonly phone: SignalDevice
  companion: Companion | undefined
  /** The signed key changes by rotation, the rest of a companion never. */
  signedPreKey: SignedPreKey | undefined
  lastDevice: number
}

const accountPrefix = Buffer.from([6, 0])
const devicePrefix = Buffer.from([6, 1])

export function createAccount(options: { number: string; lid: string; name: string }): Account {
  return {
    ...options,
    jid: phoneJid(options.number),
    lid: `${options.lid}@lid`,
    phone: createSignalDevice(4000),
    companion: undefined,
    signedPreKey: undefined,
    lastDevice: 0,
  }
}

/** Reads what a client registers with; a string says what is wrong with it. */
export function readRegistration(payload: proto.ClientPayload, noiseKey: Buffer): Registration | string {
  const data = payload.devicePairingData
  const { eIdent, eSkeyVal, eSkeySig, eSkeyId, eRegid, eKeytype } = data ?? {}
  if (!eIdent || !eSkeyVal || !eSkeySig || !eSkeyId || !eRegid) return "a registration is not whole"
  if (eKeytype?.length !== 1 || eKeytype[0] !== 5) return "a registration has another type of key than 5"
  if (eIdent.length !== 32 || eRegid.length !== 4) return "a registration has keys of the wrong length"
  const signedPreKey = {
    keyId: Buffer.from(eSkeyId).readUIntBE(0, eSkeyId.length),
    publicKey: Buffer.from(eSkeyVal),
    signature: Buffer.from(eSkeySig),
  }
  const identityKey = Buffer.from(eIdent)
  if (!isRightlySigned(signedPreKey, identityKey)) return "a registration's signed key has a wrong signature"
  return { noiseKey, identityKey, registrationId: Buffer.from(eRegid).readUInt32BE(0), signedPreKey }
}

export function isRightlySigned(key: SignedPreKey, identityKey: Buffer): boolean {
  return isSignedBy(identityKey, withTypeByte(key.publicKey), key.signature)
}

export function withTypeByte(publicKey: Buffer): Buffer {
  return Buffer.concat([Buffer.from([5]), publicKey])
}

/** What the owner's phone signs for a new device: the account's half of the device identity. */
export function signDeviceIdentity(account: Account, registration: Registration, keyIndex: number, at: Date) {
  const details = proto.ADVDeviceIdentity.encode({
    rawId: 1,
    timestamp: Math.floor(at.getTime() / 1000),
    keyIndex,
  }).finish()
  const { public: accountSignatureKey, private: secret } = account.phone.identity
  const signed = Buffer.concat([accountPrefix, details, registration.identityKey])
  return { details, accountSignatureKey, accountSignature: Curve.sign(secret, signed) }
}

/**
 * Whether both halves are signed by whom they should be. The account's key may be left out of the encoding.
 */
export function isDeviceIdentity(encoded: Uint8Array, account: Account, registration: Registration): boolean {
  const { details, accountSignature, deviceSignature, accountSignatureKey } =
    proto.ADVSignedDeviceIdentity.decode(encoded)
  const accountKey = Buffer.from(account.phone.identity.public)
  if (!details || !accountSignature || !deviceSignature) return false
  if (accountSignatureKey?.length && !accountKey.equals(accountSignatureKey)) return false
  const byAccount = Buffer.concat([accountPrefix, details, registration.identityKey])
  const byDevice = Buffer.concat([devicePrefix, details, registration.identityKey, accountKey])
  return (
    isSignedBy(accountKey, byAccount, accountSignature) &&
    isSignedBy(registration.identityKey, byDevice, deviceSignature)
  )
}

/** What somebody who writes to the shop first gets of its keys; each one-time key is given once. */
export function takeCompanionKeys(account: Account, companion: Companion): KeyBundle {
  const { registration, oneTimeKeys } = companion
  const signed = account.signedPreKey ?? registration.signedPreKey
  const [keyId, publicKey] = oneTimeKeys.entries().next().value ?? []
  if (keyId !== undefined) oneTimeKeys.delete(keyId)
  return {
    registrationId: registration.registrationId,
    identityKey: withTypeByte(registration.identityKey),
    signedPreKey: { ...signed, publicKey: withTypeByte(signed.publicKey) },
    preKey: keyId === undefined || !publicKey ? undefined : { keyId, publicKey: withTypeByte(publicKey) },
  }
}
