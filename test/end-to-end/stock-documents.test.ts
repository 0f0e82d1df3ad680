import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import type { proto } from "@whiskeysockets/baileys"
import type { Customer } from "../simulators/whatsapp/customer.ts"
import type { SentFile } from "../simulators/whatsapp/media.ts"
import { openWhatsAppStall, type WhatsAppStall } from "../support/whatsapp-stall.ts"

const list: SentFile = { name: "stok.txt", type: "text/plain" }

/** One stall for all: each test has an operator and a product of its own. */
let stall: WhatsAppStall
let admin: Customer
let code = ""
let products = 0

beforeAll(async () => {
  stall = await openWhatsAppStall()
  await stall.openPaired()
})
afterAll(() => stall[Symbol.asyncDispose]())

beforeEach(async () => {
  products += 1
  code = `FILE-${products}`
  admin = stall.whatsapp.customer(`62812${String(products).padStart(7, "0")}`)
  await stall.sql`insert into users (number, role) values (${admin.number}, 'admin')`
  await admin.ask(`.produkbaru ${code} | Voucher ${products} | 1000`)
})
afterEach(async () => {
  await stall.atRest()
  expect(await stall.sql`select from inbox where document is not null`).toHaveLength(0)
  expect(stall.whatsapp.problems()).toEqual([])
})

const upload = (content: string | Uint8Array, file: SentFile = {}) =>
  stall.whatsapp.upload(Buffer.from(content), { ...list, ...file })

/** Sends a message, and waits for the next thing the shop says. */
async function show(message: proto.IMessage, who = admin): Promise<string> {
  const before = who.received.length
  await who.send(message)
  return (await who.hears((heard) => who.received.indexOf(heard) >= before)).text
}

async function unitsOfProduct(): Promise<number | undefined> {
  const [row] = await stall.sql<{ units: number }[]>`
    select count(*)::integer as units
      from stock_units
      join products on products.id = product_id
     where code = ${code}
  `
  return row?.units
}

test("a file with the command for a caption adds its lines, as if they had been pasted", async () => {
  const content = `\ufeffF-payload-1\r\nF-payload-2\n\nF-payload-1\n${"x".repeat(501)}`
  const answer = await show(upload(content, { caption: `.stok ${code}` }))
  expect(answer).toContain(`2 barang ditambahkan ke ${code}`)
  expect(answer).toContain("1 tertulis dua kali")
  expect(answer).toContain("baris 5")
  expect(await unitsOfProduct()).toBe(2)
})

test("a file that comes when the shop has asked for units is taken, by its name alone, too", async () => {
  await admin.ask(`.stok ${code}`)
  const answer = await show(upload("F-payload-3\nF-payload-4", { name: "daftar.CSV", type: "application/x" }))
  expect(answer).toContain("2 barang ditambahkan")
  expect(await unitsOfProduct()).toBe(2)
})

test("a file that cannot be fetched adds nothing, and can be sent once more without its caption", async () => {
  stall.whatsapp.refuseDownloads(404)
  const answer = await show(upload("F-payload-5", { caption: `.stok ${code}` }))
  stall.whatsapp.refuseDownloads("none")
  expect(answer).toContain("kirim sekali lagi")
  expect(await unitsOfProduct()).toBe(0)
  expect(await show(upload("F-payload-5"))).toContain("1 barang ditambahkan")
})

const described = (change: (document: proto.Message.IDocumentMessage) => proto.Message.IDocumentMessage) => {
  const { documentMessage } = upload("F-payload-6")
  return { documentMessage: { ...change({ ...documentMessage }), caption: `.stok ${code}` } }
}

test.each<[string, string, () => proto.IMessage]>([
  ["with another key", "kirim sekali lagi", () => described((it) => ({ ...it, mediaKey: Buffer.alloc(32) }))],
  [
    "with another hash",
    "kirim sekali lagi",
    () => described((it) => ({ ...it, fileSha256: Buffer.alloc(32) })),
  ],
  ["with another length", "kirim sekali lagi", () => described((it) => ({ ...it, fileLength: 5 }))],
  ["that says it is huge", "terlalu besar", () => described((it) => ({ ...it, fileLength: 2 ** 21 }))],
  [
    "that is huge",
    "terlalu besar",
    () => upload(Buffer.alloc(2 ** 20 + 1, "x"), { caption: `.stok ${code}` }),
  ],
  [
    "that is huge and says it is small",
    "terlalu besar",
    () => {
      const { documentMessage } = upload(Buffer.alloc(2 ** 20 + 64, "x"))
      return { documentMessage: { ...documentMessage, fileLength: 5, caption: `.stok ${code}` } }
    },
  ],
  [
    "of another kind",
    ".txt",
    () => upload("F-payload-7", { name: "stok.pdf", type: "application/pdf", caption: `.stok ${code}` }),
  ],
  ["in other letters", "UTF-8", () => upload(Buffer.from([0xff, 0xfe, 0x41]), { caption: `.stok ${code}` })],
  ["beside lines", "salah satu", () => upload("F-payload-8", { caption: `.stok ${code}\nF-payload-9` })],
  ["without a line", "Tidak ada barang", () => upload("", { caption: `.stok ${code}` })],
])("a file %s adds nothing, and is told why", async (_, reason, message) => {
  expect(await show(message())).toContain(reason)
  expect(await unitsOfProduct()).toBe(0)
})

test("a file without a word is asked what it is for; from a customer it is answered as a picture is", async () => {
  expect(await show(upload("F-payload-10"))).toContain(".stok")
  const budi = stall.whatsapp.customer("6281200000077")
  const pictured = await show({ imageMessage: {} }, budi)
  expect(await show(upload("F-payload-11"), budi)).toBe(pictured)
  expect(await show(upload("F-payload-11", { caption: ".menu" }), budi)).toContain("1.")
})

test("all that WhatsApp carries is read to its end; of more nothing is done", async () => {
  const pasted = (lines: number) =>
    Array.from({ length: lines }, (_, place) => `😀F-long-payload-${place}-`.padEnd(219, "x")).join("\n")
  const ask = async (text: string) => (await admin.ask(text)).text
  expect(await ask(`.stok ${code}\n${pasted(700)}`)).toContain("tidak ada stok yang ditambahkan")
  await ask(`.stok ${code}`)
  expect(await ask(pasted(700))).toContain("sebagai file .txt")
  expect(await unitsOfProduct()).toBe(0)
  expect(await ask(pasted(297))).toContain("297 barang ditambahkan")
})

test("nothing of a file or its key is printed or kept", async () => {
  await show(upload("F-payload-12", { caption: `.stok ${code}` }))
  expect(await stall.faults()).toEqual([])
  const kept = await stall.sql`
    select from inbox where text like '%payload%'
    union all
    select from outbox where text like '%payload%' or data::text like '%payload%'
    union all
    select from audit_log where details::text like '%payload%'
  `
  expect(kept).toHaveLength(0)
})
