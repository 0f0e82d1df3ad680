import { afterAll, afterEach, expect, spyOn, test } from "bun:test"
import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto"
import { Curve, initAuthCreds, proto } from "@whiskeysockets/baileys"
import { certify } from "../simulators/whatsapp/certificate-chain.ts"
import { createFaults } from "../simulators/whatsapp/faults.ts"
import { mediaCertificate, startMedia } from "../simulators/whatsapp/media.ts"
import { unpad } from "../simulators/whatsapp/message-padding.ts"
import { createProblems } from "../simulators/whatsapp/problems.ts"
import { isSignedBy } from "../simulators/whatsapp/signatures.ts"
import { startWhatsApp } from "../simulators/whatsapp/start-whatsapp.ts"
import { eventually } from "../support/eventually.ts"
import { emptyState, startBareClient } from "../support/whatsapp-client.ts"
import { startEcho, startPair } from "../support/whatsapp-pair.ts"

// libsignal, in the client, tells the console of every session that it closes.
const talk = (["info", "warn", "error"] as const).map((how) =>
  spyOn(console, how).mockImplementation(() => {}),
)
afterAll(() => {
  for (const spy of talk) spy.mockRestore()
})

const cleanups: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const flipped = (bytes: Uint8Array) =>
  Buffer.from(bytes.map((byte, index) => (index === 5 ? byte ^ 1 : byte)))

test("a forged certificate is one that a client which looks can refuse", () => {
  const root = Curve.generateKeyPair()
  const verdicts = (["right", "forged leaf", "forged chain"] as const).map((certificate) => {
    const { leaf, intermediate } = proto.CertChain.decode(certify(root, certificate).certificateChain)
    const empty = new Uint8Array()
    const details = proto.CertChain.NoiseCertificate.Details.decode(intermediate?.details ?? empty)
    return [
      isSignedBy(root.public, intermediate?.details ?? empty, intermediate?.signature ?? empty),
      isSignedBy(details.key ?? empty, leaf?.details ?? empty, leaf?.signature ?? empty),
    ]
  })
  expect(verdicts).toEqual([
    [true, true],
    [true, false],
    [false, true],
  ])
})

test("a registration whose signed key has a wrong signature is refused", async () => {
  const whatsapp = await startWhatsApp()
  cleanups.push(() => whatsapp.stop())
  const creds = initAuthCreds()
  creds.signedPreKey.signature = flipped(creds.signedPreKey.signature)
  const client = startBareClient({ url: whatsapp.url, state: { ...emptyState(), creds } })
  cleanups.push(() => client.stop())
  await eventually("it is hung up", () => client.closings.length === 1)
  expect(whatsapp.problems()).toEqual(["a registration's signed key has a wrong signature"])
})

test("a QR code with another secret pairs nobody", async () => {
  const { whatsapp, qr } = await startPair(cleanups)
  const [ref, noiseKey, identityKey] = (await qr()).split(",")
  const forged = [ref, noiseKey, identityKey, randomBytes(32).toString("base64"), "1"].join(",")
  await expect(whatsapp.scan(forged)).rejects.toThrow("hung up")
  await eventually("nothing came of it", () => !whatsapp.paired())
})

test("a session that starts with a wrong device identity is noted", async () => {
  const { whatsapp, client } = await startEcho(cleanups)
  const { account } = client.state.creds
  const budi = whatsapp.customer("6281200000001")
  const sari = whatsapp.customer("6281200000002")
  await client.socket().sendMessage(budi.lid, { text: "toko menyapa dulu" })
  await budi.hears("toko menyapa dulu")
  expect(whatsapp.problems()).toEqual([])
  if (account?.deviceSignature) account.deviceSignature = flipped(account.deviceSignature)
  await client.socket().sendMessage(sari.lid, { text: "toko menyapa dulu" })
  await sari.hears("toko menyapa dulu")
  expect(whatsapp.problems()[0]).toMatch(/starts a session without a right device identity/)
})

test("other content under an id that is known is noted", async () => {
  const { whatsapp, client } = await startEcho(cleanups)
  const budi = whatsapp.customer("6281200000001")
  const { id } = await budi.ask("satu")
  await client.socket().sendMessage(budi.lid, { text: "lain" }, { messageId: id })
  await eventually("it is noted", () => whatsapp.problems().length > 0)
  expect(whatsapp.problems()).toEqual([`message ${id} came again with other content`])
})

test("a message to somebody whose devices the client was not told of, or who does not exist, is noted", async () => {
  const { whatsapp, client } = await startEcho(cleanups)
  const nobody = "6289999999999@s.whatsapp.net"
  await client.socket().sendMessage(nobody, { text: "halo" }, { messageId: "ONE" })
  const content = [{ tag: "enc", attrs: { v: "2", type: "msg" }, content: Buffer.from("nonsense") }]
  const sari = whatsapp.customer("6281200000002")
  for (const to of [nobody, sari.jid])
    await client.socket().sendNode({ tag: "message", attrs: { id: "TWO", to, type: "text" }, content })
  await eventually("they are noted", () => whatsapp.problems().length >= 4)
  expect(whatsapp.problems().map((problem) => problem.replace(/: .*/, ""))).toEqual([
    "message ONE is not encrypted for its recipient",
    `message TWO is encrypted for ${nobody}, whom nobody knows`,
    `message TWO is for ${sari.jid}, whose devices the client was never told of`,
    `message TWO for ${sari.jid} can't be decrypted`,
  ])
})

test("a receipt for what was never sent, and a stanza of an unknown kind, are noted", async () => {
  const { whatsapp, client } = await startEcho(cleanups)
  const to = whatsapp.customer("6281200000001").jid
  await client.socket().sendNode({ tag: "receipt", attrs: { id: "INVENTED", to } })
  await client.socket().sendNode({ tag: "nonsense", attrs: {} })
  await eventually("they are noted", () => whatsapp.problems().length === 2)
  expect(whatsapp.problems()).toEqual([
    `a receipt (delivered) for INVENTED of ${to}, which was never sent`,
    "a stanza <nonsense> came, which the server doesn't know",
  ])
})

test("a signed key or a one-time key that is wrong is noted", async () => {
  const { whatsapp, client } = await startEcho(cleanups)
  const { creds } = client.state
  creds.signedPreKey.signature = flipped(creds.signedPreKey.signature)
  await client.socket().uploadPreKeys(5)
  expect(whatsapp.problems()).toEqual(["a signed key was uploaded with a wrong signature"])
})

test("padding must say its length in each byte", () => {
  const encoded = Buffer.from(proto.Message.encode({ conversation: "halo" }).finish())
  const padded = (...padding: number[]) => unpad(Buffer.concat([encoded, Buffer.from(padding)]))?.conversation
  expect(padded(3, 3, 3)).toBe("halo")
  expect([padded(3, 1, 3), padded(0), Buffer.alloc(0).at(-1), padded(...Array(17).fill(17))]).toEqual(
    Array(4).fill(undefined),
  )
})

test("a picture is opened only when each of its hashes and keys is right", async () => {
  const problems = createProblems()
  const media = startMedia(problems, createFaults())
  cleanups.push(() => media.stop())
  const picture = randomBytes(100)
  const { body, image } = encryptPicture(picture)
  await upload(media, body)
  expect(media.open(image, "ONE")?.bytes).toEqual(picture)
  expect(problems.list()).toEqual([])

  const wrong = [
    { ...image, fileSha256: flipped(image.fileSha256) },
    { ...image, mediaKey: flipped(image.mediaKey) },
    { ...image, fileLength: 99 },
    { ...image, fileEncSha256: flipped(image.fileEncSha256) },
    { ...image, mediaKey: null },
  ]
  for (const one of wrong) expect(media.open(one, "ONE")).toBeUndefined()
  await upload(media, flipped(body), createHash("sha256").update(body).digest("base64url"))
  expect(problems.list().map((problem) => problem.replace("the picture of message ONE ", ""))).toEqual([
    "has another hash than its message says",
    "is not authentic under its key",
    "has another length than its message says",
    "was never uploaded",
    "has no key or no hash",
    "an upload is not what its name says",
  ])
})

function encryptPicture(picture: Buffer) {
  const mediaKey = randomBytes(32)
  const keys = Buffer.from(hkdfSync("sha256", mediaKey, "", "WhatsApp Image Keys", 112))
  const cipher = createCipheriv("aes-256-cbc", keys.subarray(16, 48), keys.subarray(0, 16))
  const ciphertext = Buffer.concat([cipher.update(picture), cipher.final()])
  const hmac = createHmac("sha256", keys.subarray(48, 80)).update(keys.subarray(0, 16)).update(ciphertext)
  const body = Buffer.concat([ciphertext, hmac.digest().subarray(0, 10)])
  const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest()
  const fileLength = picture.length
  const image = {
    mediaKey,
    fileSha256: hash(picture),
    fileEncSha256: hash(body),
    fileLength,
    mimetype: "image/png",
  }
  return { body, image }
}

async function upload(media: { host: string; auth: string }, body: Buffer, name?: string) {
  const hash = name ?? createHash("sha256").update(body).digest("base64url")
  const response = await fetch(`https://${media.host}/mms/image/${hash}?auth=${media.auth}&token=${hash}`, {
    method: "POST",
    body,
    tls: { ca: Bun.file(mediaCertificate) },
  })
  expect(response.status).toBe(200)
}
