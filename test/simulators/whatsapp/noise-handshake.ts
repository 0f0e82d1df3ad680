import { createCipheriv, createDecipheriv, createHash, hkdfSync } from "node:crypto"
import { Curve, NOISE_MODE, NOISE_WA_HEADER, proto } from "@whiskeysockets/baileys"
import type { CertifiedKey } from "./certificate-chain.ts"

/** What the client proved and announced by the end of the handshake. */
export type Introduction = Readonly<{
  /** The public half of the client's long-lived Noise key. */
  noiseKey: Buffer
  payload: proto.ClientPayload
}>

export type Transport = Readonly<{
  encrypt(plaintext: Uint8Array): Buffer
  decrypt(ciphertext: Uint8Array): Buffer
}>

/** The server's side of Noise XX, as WhatsApp uses it. Throws when the client's part is not authentic. */
export type Handshake = Readonly<{
  /** Takes the client's hello; gives the server's. */
  answer(frame: Uint8Array): Buffer
  /** Takes the client's last part; from here on the transport is used. */
  finish(frame: Uint8Array): { introduction: Introduction; transport: Transport }
}>

const nothing = Buffer.alloc(0)

export const noiseHeader: Buffer = NOISE_WA_HEADER

export function createHandshake(own: CertifiedKey): Handshake {
  const ephemeral = Curve.generateKeyPair()
  const state = symmetricState()
  state.mixHash(noiseHeader)
  return {
    answer(frame) {
      const theirs = proto.HandshakeMessage.decode(frame).clientHello?.ephemeral
      if (theirs?.length !== 32) throw new Error("the client's hello has no ephemeral key")
      state.mixHash(theirs)
      state.mixHash(ephemeral.public)
      state.mixKey(Curve.sharedKey(ephemeral.private, theirs))
      const encryptedStatic = state.encrypt(own.keyPair.public)
      state.mixKey(Curve.sharedKey(own.keyPair.private, theirs))
      const serverHello = {
        ephemeral: ephemeral.public,
        static: encryptedStatic,
        payload: state.encrypt(own.certificateChain),
      }
      return Buffer.from(proto.HandshakeMessage.encode({ serverHello }).finish())
    },
    finish(frame) {
      const last = proto.HandshakeMessage.decode(frame).clientFinish
      if (!last?.static || !last.payload) throw new Error("the client's last part is not whole")
      const noiseKey = state.decrypt(last.static)
      state.mixKey(Curve.sharedKey(ephemeral.private, noiseKey))
      const payload = proto.ClientPayload.decode(state.decrypt(last.payload))
      return { introduction: { noiseKey, payload }, transport: state.split() }
    },
  }
}

function symmetricState() {
  let hash: Buffer = Buffer.from(NOISE_MODE)
  let salt = hash
  let key = hash
  let counter = 0
  const mixHash = (data: Uint8Array) => {
    hash = createHash("sha256").update(hash).update(data).digest()
  }
  const expand = (data: Uint8Array): [Buffer, Buffer] => {
    const expanded = Buffer.from(hkdfSync("sha256", data, salt, nothing, 64))
    return [expanded.subarray(0, 32), expanded.subarray(32)]
  }
  return {
    mixHash,
    mixKey(data: Uint8Array) {
      ;[salt, key] = expand(data)
      counter = 0
    },
    encrypt(plaintext: Uint8Array): Buffer {
      const ciphertext = seal(plaintext, key, counter++, hash)
      mixHash(ciphertext)
      return ciphertext
    },
    decrypt(ciphertext: Uint8Array): Buffer {
      const plaintext = open(ciphertext, key, counter++, hash)
      mixHash(ciphertext)
      return plaintext
    },
    split(): Transport {
      const [fromClient, toClient] = expand(nothing)
      let sent = 0
      let received = 0
      return {
        encrypt: (plaintext) => seal(plaintext, toClient, sent++, nothing),
        decrypt: (ciphertext) => open(ciphertext, fromClient, received++, nothing),
      }
    },
  }
}

function nonce(counter: number): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32BE(counter, 8)
  return bytes
}

function seal(plaintext: Uint8Array, key: Buffer, counter: number, context: Buffer): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonce(counter)).setAAD(context)
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function open(ciphertext: Uint8Array, key: Buffer, counter: number, context: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, nonce(counter)).setAAD(context)
  decipher.setAuthTag(ciphertext.subarray(-16))
  return Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()])
}
