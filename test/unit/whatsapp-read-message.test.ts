import { expect, test } from "bun:test"
import { type BinaryNode, proto, type WAMessageKey } from "@whiskeysockets/baileys"
import { storableId } from "../../src/channels/storable-text.ts"
import {
  type Answers,
  type Received,
  readMessage,
  readStanza,
} from "../../src/channels/whatsapp/read-message.ts"
import { receiveInside } from "../../src/channels/whatsapp/receive.ts"

const shop = { id: "6281100000000:7@s.whatsapp.net", lid: "16281100000000:7@lid" }
const shopNumber = "6281100000000@s.whatsapp.net"
const shopLid = "16281100000000@lid"
const number = "6281200000001"
const jid = `${number}@s.whatsapp.net`
const lid = "144000000000001@lid"
const group = "120363000000000001@g.us"
const nothing: Answers = new Set()
const everything: Answers = new Set(["groups", "status", "broadcasts", "own"])
const ignored = { kind: "ignored" } as const

const fromLid: WAMessageKey = { remoteJid: lid, remoteJidAlt: jid, fromMe: false, id: "3A01" }
const read = (key: WAMessageKey, message: proto.IMessage | null, answers = nothing) =>
  readMessage({ key, message, pushName: "Budi", messageTimestamp: 1_700_000_000 }, shop, answers)
const textOf = (received: Received) =>
  received.kind === "message" ? received.message.text : `(${received.kind})`
const readText = (message: proto.IMessage | null) => textOf(read(fromLid, message))

test("a text is told with who wrote it, under both addresses, and how they call themselves", () => {
  expect<unknown>(read(fromLid, { conversation: ".menu" })).toEqual({
    kind: "message",
    key: fromLid,
    at: new Date(1_700_000_000_000),
    message: { id: "3A01", from: number, lid, text: ".menu", name: "Budi" },
  })
})

test("whoever does not say a name has none", () => {
  const received = readMessage({ key: fromLid, message: { conversation: "halo" } }, shop, nothing)
  expect(received).toMatchObject({ kind: "message", message: { text: "halo" } })
  expect(JSON.stringify(received)).not.toContain("name")
})

test.each<[string, proto.IMessage]>([
  ["a plain text", { conversation: "apa kabar" }],
  ["a text with a link or a quote", { extendedTextMessage: { text: "apa kabar" } }],
  ["a picture's caption", { imageMessage: { caption: "apa kabar" } }],
  ["a video's caption", { videoMessage: { caption: "apa kabar" } }],
  [
    "a file's caption",
    { documentWithCaptionMessage: { message: { documentMessage: { caption: "apa kabar" } } } },
  ],
  ["a pressed button", { buttonsResponseMessage: { selectedDisplayText: "apa kabar" } }],
  ["a row chosen of a list", { listResponseMessage: { title: "apa kabar" } }],
  ["a pressed template button", { templateButtonReplyMessage: { selectedDisplayText: "apa kabar" } }],
  ["a text that disappears", { ephemeralMessage: { message: { conversation: "apa kabar" } } }],
  ["a picture seen once", { viewOnceMessageV2: { message: { imageMessage: { caption: "apa kabar" } } } }],
])("%s is read as what was written", (_, message) => {
  expect(readText(message)).toBe("apa kabar")
})

test.each<[string, proto.IMessage]>([
  ["a picture", { imageMessage: {} }],
  ["a video", { videoMessage: {} }],
  ["a voice note", { audioMessage: { ptt: true } }],
  ["a sticker", { stickerMessage: {} }],
  ["a file", { documentMessage: { fileName: "bukti.pdf" } }],
  ["a location", { locationMessage: { degreesLatitude: -6.2 } }],
  ["a contact", { contactMessage: { displayName: "Ani" } }],
  ["an empty text", { conversation: "" }],
  ["a round video", { ptvMessage: {} }],
])("%s without words is a message without text", (_, message) => {
  expect(readText(message)).toBe("")
})

test.each<[string, proto.IMessage | null]>([
  ["a reaction", { reactionMessage: { text: "👍", key: { id: "3A00" } } }],
  [
    "an edit",
    { editedMessage: { message: { protocolMessage: { editedMessage: { conversation: "lain" } } } } },
  ],
  ["a message taken back", { protocolMessage: { type: proto.Message.ProtocolMessage.Type.REVOKE } }],
  ["a vote", { pollUpdateMessage: {} }],
  ["a poll", { pollCreationMessage: { name: "kapan?" } }],
  ["a group's key", { senderKeyDistributionMessage: { groupId: group } }],
  ["a pinned message", { pinInChatMessage: {} }],
  ["a kept message", { keepInChatMessage: {} }],
  ["a message that could not be decrypted", null],
  ["nothing", {}],
])("%s is nothing that somebody wrote to the shop", (_, message) => {
  expect(read(fromLid, message, everything)).toEqual(ignored)
})

test("wrappings without end are not followed", () => {
  let message: proto.IMessage = { conversation: "deep" }
  for (let depth = 0; depth < 50; depth += 1) message = { ephemeralMessage: { message } }
  expect(read(fromLid, message)).toEqual(ignored)
})

const inGroup = { remoteJid: group, participant: lid, participantAlt: jid, fromMe: false, id: "3A02" }
/** Outside of groups, Baileys tells a writer's other address as if it were the chat's. */
const inStatus = {
  remoteJid: "status@broadcast",
  remoteJidAlt: jid,
  participant: lid,
  fromMe: false,
  id: "3A02",
}
const inList = { ...inStatus, remoteJid: "1700000000@broadcast" }

test.each<[string, WAMessageKey]>([
  ["a group", inGroup],
  ["the status", inStatus],
  ["a broadcast list", inList],
])("what is said in %s is ignored, unless it is to be answered: then to who said it", (_, key) => {
  expect(read(key, { conversation: "halo" })).toEqual(ignored)
  expect(read(key, { conversation: "halo" }, everything)).toMatchObject({
    kind: "message",
    message: { id: "3A02", from: number, lid, text: "halo" },
  })
})

test("answering groups does not answer the status or lists", () => {
  const groups: Answers = new Set(["groups"])
  expect(read(inGroup, { conversation: "halo" }, groups).kind).toBe("message")
  expect(read(inStatus, { conversation: "halo" }, groups)).toEqual(ignored)
  expect(read(inList, { conversation: "halo" }, groups)).toEqual(ignored)
})

test("newsletters are never answered", () => {
  const key = { remoteJid: "120363000000000002@newsletter", fromMe: false, id: "3A03" }
  expect(read(key, { conversation: "halo" }, everything)).toEqual(ignored)
})

test("what the owner writes to a customer on the shop's phone is told as that", () => {
  const key = { remoteJid: lid, remoteJidAlt: jid, fromMe: true, id: "3A04" }
  expect<unknown>(read(key, { conversation: "sebentar ya" })).toEqual({
    kind: "own_phone",
    to: { from: number, lid },
    text: "sebentar ya",
    id: "3A04",
    at: new Date("2023-11-14T22:13:20Z"),
  })
})

test("the shop's own address is never taken for the customer's", () => {
  for (const own of [shopNumber, shopLid, shop.id]) {
    const key = { remoteJid: lid, remoteJidAlt: own, fromMe: true, id: "3A05" }
    expect(read(key, { conversation: "sebentar ya" })).toMatchObject({ kind: "own_phone", to: { from: lid } })
    expect(JSON.stringify(read(key, { conversation: "sebentar ya" }))).not.toContain("6281100000000")
  }
})

test.each([shopNumber, shopLid])(
  "notes to oneself (%s) are ignored, unless they are to be answered",
  (own) => {
    const key = { remoteJid: own, fromMe: true, id: "3A06" }
    expect(read(key, { conversation: ".menu" })).toEqual(ignored)
    expect(textOf(read(key, { conversation: ".menu" }, new Set(["own"])))).toBe(".menu")
  },
)

test("what the owner says in a group or in the status stops nothing", () => {
  for (const key of [inGroup, inStatus]) {
    const own = { ...key, participant: shopLid, participantAlt: shopNumber, fromMe: true }
    expect(read(own, { conversation: "halo semua" })).toEqual(ignored)
    expect(read(own, { conversation: "halo semua" }, everything).kind).not.toBe("message")
  }
})

test("an empty participant is none", () => {
  const key = { ...fromLid, participant: "" }
  expect(read(key, { conversation: "halo" })).toMatchObject({ message: { from: number, lid } })
})

test("an id is the same under both of a writer's addresses", () => {
  const fromPhone: WAMessageKey = { ...fromLid, remoteJid: jid, remoteJidAlt: lid }
  const ids = [fromLid, fromPhone].map((key) => {
    const received = read(key, { conversation: "halo" })
    return received.kind === "message" ? received.message.id : ""
  })
  expect(new Set(ids)).toEqual(new Set(["3A01"]))
})

test("an id never grows over what the inbox takes, and stays the same", () => {
  const long = "A".repeat(5_000)
  expect(storableId(long)).toHaveLength(64)
  expect(storableId(long)).toBe(storableId(long))
  expect(storableId(long)).not.toBe(storableId(`${long}B`))
  expect(storableId("A".repeat(100))).toHaveLength(100)
})

test("in a private chat nobody writes but whom it comes from", () => {
  const received = read({ ...fromLid, participant: "6281200000009@s.whatsapp.net" }, { conversation: "halo" })
  expect(received).toMatchObject({ message: { from: number, lid } })
})

test("who is reached through a host of WhatsApp's is a customer like others", () => {
  const key = { remoteJid: `${number}:99@hosted`, fromMe: false, id: "3A01" }
  const received = read(key, { conversation: "halo" })
  expect(received).toMatchObject({ message: { from: number } })
})

test("what the database can't keep is replaced, in the text, the name and the id", () => {
  const key = { ...fromLid, id: "3A\u0000\ud83d" }
  const told = { key, message: { conversation: "a\u0000b\ud83d" }, pushName: `\u0000${"x".repeat(5_000)}` }
  const received = readMessage(told, shop, nothing)
  if (received.kind !== "message") throw new Error("it was ignored")
  expect(received.message).toMatchObject({ text: "a\ufffdb\ufffd", name: `\ufffd${"x".repeat(99)}` })
  expect(received.message.id).toMatch(/^[0-9a-f]{64}$/)
})

test("a message without an id or a chat is nothing", () => {
  expect(read({ ...fromLid, id: "" }, { conversation: "halo" })).toEqual(ignored)
  expect(read({ fromMe: false, id: "3A07" }, { conversation: "halo" })).toEqual(ignored)
})

test("somebody without a person's address is not answered", () => {
  const key = { remoteJid: "13135550002@bot", fromMe: false, id: "3A08" }
  expect(read(key, { conversation: "halo" })).toEqual(ignored)
})

const stanzaWith = (attrs: Record<string, string>): BinaryNode => ({ tag: "message", attrs })
const padded = (message: proto.IMessage) =>
  Buffer.concat([proto.Message.encode(message).finish(), Buffer.alloc(3, 3)])

test("a decrypted stanza is read with the addresses and the name on its outside", () => {
  const attrs = { id: "3A09", from: lid, sender_pn: jid, addressing_mode: "lid", notify: "Budi", t: "1" }
  const received = readStanza(stanzaWith(attrs), padded({ conversation: ".saldo" }), shop, nothing)
  expect(received).toMatchObject({
    kind: "message",
    message: { id: "3A09", from: number, lid, text: ".saldo", name: "Budi" },
  })
})

test("a copy from the shop's own phone is the message inside, to the customer it went to", () => {
  const message = { deviceSentMessage: { destinationJid: lid, message: { conversation: "lanjut" } } }
  const attrs = { id: "3A10", from: shopLid, recipient: lid, peer_recipient_pn: jid, t: "1" }
  expect(readStanza(stanzaWith(attrs), padded(message), shop, nothing)).toEqual<unknown>({
    kind: "own_phone",
    to: { from: number, lid },
    text: "lanjut",
    id: "3A10",
    at: new Date(1_000),
  })
})

test("a customer who wraps a message as a copy has written it all the same", () => {
  const message = { deviceSentMessage: { destinationJid: lid, message: { conversation: "lanjut" } } }
  const attrs = { id: "3A11", from: lid, sender_pn: jid, t: "1" }
  const received = readStanza(stanzaWith(attrs), padded(message), shop, nothing)
  expect(received).toMatchObject({ kind: "message", message: { from: number, text: "lanjut" } })
})

test("a customer can't speak as the shop's phone by naming a recipient", () => {
  const attrs = { id: "3A12", from: lid, recipient: "155000000000002@lid", t: "1" }
  const received = readStanza(stanzaWith(attrs), padded({ conversation: "x" }), shop, nothing)
  expect(received).toEqual(ignored)
})

test("what is no message at all is ignored: anybody may send it", () => {
  const attrs = { id: "3A13", from: lid, t: "1" }
  const nonsense = [Buffer.alloc(0), Buffer.from([255, 255, 255, 1]), Buffer.from([10, 200, 1, 65, 1])]
  for (const bytes of nonsense) {
    expect(readStanza(stanzaWith(attrs), bytes, shop, nothing)).toEqual(ignored)
  }
})

test("addresses that the server does not vouch for are taken off before anybody reads them", () => {
  const inbound = receiveInside({
    me: () => shop,
    answers: nothing,
    onReceived: async () => undefined,
    fail: () => undefined,
    gone: new AbortController().signal,
  })
  const victim = "6281200000009@s.whatsapp.net"
  const foreign = { participant: victim, participant_pn: victim, peer_recipient_pn: victim }
  for (const tag of ["message", "receipt"]) {
    const attrs = { id: "3A11", from: lid, sender_pn: jid, ...foreign }
    inbound.remember({ tag, attrs })
    expect(Object.keys(attrs).sort()).toEqual(["from", "id", "sender_pn"])
  }
  const own = { id: "3A12", from: shopLid, recipient: lid, peer_recipient_pn: jid }
  inbound.remember({ tag: "message", attrs: own })
  expect(own.peer_recipient_pn).toBe(jid)
})
