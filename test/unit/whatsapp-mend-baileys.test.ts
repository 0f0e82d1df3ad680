import { afterAll, beforeAll, expect, test } from "bun:test"
import { fileURLToPath } from "node:url"
import {
  Curve,
  type KeyPair,
  makeNoiseHandler,
  NOISE_WA_HEADER,
  proto,
  WA_CERT_DETAILS,
} from "@whiskeysockets/baileys"
import { mendSignatures, trustTestRoot } from "../../src/channels/whatsapp/mend-baileys.ts"
import { quietLogger } from "../../src/channels/whatsapp/quiet-logger.ts"
import { isLoopbackUrl } from "../../src/config-whatsapp.ts"
import { type Certificate, type CertifiedKey, certify } from "../simulators/whatsapp/certificate-chain.ts"
import { createHandshake } from "../simulators/whatsapp/noise-handshake.ts"

const { CertChain, HandshakeMessage } = proto
const before = { ...Curve, root: WA_CERT_DETAILS.PUBLIC_KEY }
const root = Curve.generateKeyPair()
const loopback = "ws://127.0.0.1:4000/ws/chat"

beforeAll(() => {
  mendSignatures()
  trustTestRoot(Buffer.from(root.public).toString("hex"), loopback)
})
afterAll(() => {
  Object.assign(Curve, { verify: before.verify, sharedKey: before.sharedKey })
  WA_CERT_DETAILS.PUBLIC_KEY = before.root
})

/** The client's part of a handshake, as Baileys does it; throws when it does not trust the server. */
function shakeHands(server: CertifiedKey): void {
  const keyPair = Curve.generateKeyPair()
  const noise = makeNoiseHandler({ keyPair, NOISE_HEADER: NOISE_WA_HEADER, logger: quietLogger })
  const hello = HandshakeMessage.encode({ clientHello: { ephemeral: keyPair.public } }).finish()
  const answer = HandshakeMessage.decode(createHandshake(server).answer(hello))
  noise.processHandshake(answer, Curve.generateKeyPair())
}

/** A right chain, changed. */
function tamper(change: (chain: proto.CertChain) => void): CertifiedKey {
  const { keyPair, certificateChain } = certify(root, "right")
  const chain = CertChain.decode(certificateChain)
  change(chain)
  return { keyPair, certificateChain: Buffer.from(CertChain.encode(chain).finish()) }
}

/** Baileys as it comes, loaded a second time. */
async function upstream(): Promise<typeof Curve> {
  const path = fileURLToPath(import.meta.resolve("@whiskeysockets/baileys/lib/Utils/crypto.js"))
  const loaded: { Curve: typeof Curve } = await import(`${path}?upstream`)
  return loaded.Curve
}

const flip = (bytes: Uint8Array | null | undefined, place: number) => {
  const changed = Buffer.from(bytes ?? [])
  changed.writeUInt8(changed.readUInt8(place) ^ 1, place)
  return changed
}

test("a server whose key the root has vouched for is trusted", () => {
  expect(() => shakeHands(certify(root, "right"))).not.toThrow()
})

test.each<Certificate>(["forged leaf", "forged chain"])("a %s is refused", (certificate) => {
  expect(() => shakeHands(certify(root, certificate))).toThrow("signature invalid")
})

test("a chain of another root is refused", () => {
  expect(() => shakeHands(certify(Curve.generateKeyPair(), "right"))).toThrow("signature invalid")
})

test("the right chain of another server, shown by somebody who has not its key, is refused", () => {
  const { certificateChain } = certify(root, "right")
  expect(() => shakeHands({ keyPair: Curve.generateKeyPair(), certificateChain })).toThrow(
    "signature invalid",
  )
})

test.each([0, 31, 32, 62])("a signature with one bit changed in byte %d is refused", (place) => {
  const forged = tamper(({ leaf }) => {
    if (leaf) leaf.signature = flip(leaf.signature, place)
  })
  expect(() => shakeHands(forged)).toThrow("signature invalid")
  const above = tamper(({ intermediate }) => {
    if (intermediate) intermediate.signature = flip(intermediate.signature, place)
  })
  expect(() => shakeHands(above)).toThrow("signature invalid")
})

test("a certificate that was changed after it was signed is refused", () => {
  const forged = tamper(({ leaf }) => {
    if (leaf) leaf.details = flip(leaf.details, (leaf.details?.length ?? 1) - 1)
  })
  expect(() => shakeHands(forged)).toThrow("signature invalid")
})

test("certificates that are missing, or signed by nothing, are refused", () => {
  const chains: ((chain: proto.CertChain) => void)[] = [
    (chain) => {
      chain.leaf = null
    },
    (chain) => {
      chain.intermediate = null
    },
    ({ leaf }) => {
      if (leaf) leaf.signature = Buffer.alloc(0)
    },
    ({ intermediate }) => {
      if (intermediate) intermediate.signature = Buffer.alloc(64)
    },
  ]
  for (const change of chains) expect(() => shakeHands(tamper(change))).toThrow()
})

const message = Buffer.from("a message")
const signer: KeyPair = Curve.generateKeyPair()
const signature = Curve.sign(signer.private, message)

test.each<[string, Uint8Array, Uint8Array, Uint8Array]>([
  ["another message", signer.public, Buffer.from("b message"), signature],
  ["another signer", Curve.generateKeyPair().public, message, signature],
  ["a signature that is too short", signer.public, message, signature.subarray(0, 63)],
  ["a signature that is too long", signer.public, message, Buffer.concat([signature, Buffer.alloc(1)])],
  ["no signature", signer.public, message, Buffer.alloc(0)],
  ["a key that is too short", signer.public.subarray(0, 31), message, signature],
  ["no key", Buffer.alloc(0), message, signature],
])("%s does not pass", (_, key, signed, given) => {
  expect(Curve.verify(key, signed, given)).toBe(false)
})

test("a right signature passes, with and without the key's type byte", () => {
  expect(Curve.verify(signer.public, message, signature)).toBe(true)
  expect(Curve.verify(Buffer.concat([Buffer.from([5]), signer.public]), message, signature)).toBe(true)
})

test("Baileys as it comes would let all of that pass: these tests can fail", async () => {
  const mended = { ...Curve }
  Object.assign(Curve, await upstream())
  try {
    expect(Curve.verify(signer.public, Buffer.from("b message"), signature)).toBe(true)
    expect(() => shakeHands(certify(root, "forged leaf"))).not.toThrow()
    expect(() => shakeHands(certify(root, "forged chain"))).not.toThrow()
    const { certificateChain } = certify(root, "right")
    expect(() => shakeHands({ keyPair: Curve.generateKeyPair(), certificateChain })).not.toThrow()
  } finally {
    Object.assign(Curve, mended)
  }
})

test("mending twice changes nothing", () => {
  mendSignatures()
  expect(() => shakeHands(certify(root, "right"))).not.toThrow()
  expect(() => shakeHands(certify(root, "forged leaf"))).toThrow("signature invalid")
})

test.each([
  "wss://web.whatsapp.com/ws/chat",
  "ws://10.0.0.1/ws/chat",
  "ws://localhost.example.com/ws/chat",
  "ws://127.0.0.1.example.com/ws/chat",
  "ws://192.168.1.4/ws/chat",
  "ws://0.0.0.0/ws/chat",
])("another root is not taken for %s", (url) => {
  const trusted = WA_CERT_DETAILS.PUBLIC_KEY
  expect(isLoopbackUrl(url)).toBe(false)
  expect(() => trustTestRoot("00".repeat(32), url)).toThrow("this machine only")
  expect(WA_CERT_DETAILS.PUBLIC_KEY).toBe(trusted)
})

test.each([loopback, "ws://localhost:4000/ws", "ws://[::1]:4000/ws", "wss://127.1.2.3/ws"])(
  "it is for %s",
  (url) => {
    expect(isLoopbackUrl(url)).toBe(true)
  },
)
