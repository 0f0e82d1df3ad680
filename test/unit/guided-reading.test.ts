import { describe, expect, test } from "bun:test"
import type { Guided } from "../../src/conversation/guided/conversation.ts"
import { type Answer, readAnswer } from "../../src/conversation/guided/read-answer.ts"
import { readMention } from "../../src/conversation/guided/read-product.ts"
import type { Role } from "../../src/shop/customer.ts"
import { rupiah } from "../../src/shop/money.ts"
import { factsOf } from "../support/guided-facts.ts"

const { products } = factsOf({
  products: [
    { code: "KOPI-1", name: "Kopi Susu" },
    { code: "KOPI-2", name: "Kopi Hitam" },
    { code: "DANA", name: "Saldo Dana" },
    { code: "TEH", name: "Teh Manis" },
  ],
})
const at = {
  product: { step: "product", start: 9, first: 8, shown: ["TEH", "KOPI-1", "KOPI-2"] },
  pick: { step: "pick", shown: ["KOPI-1", "KOPI-2"] },
  quantity: { step: "quantity", productCode: "TEH" },
  recipient: { step: "recipient", productCode: "TEH", quantity: 1 },
  address: { step: "address", productCode: "TEH", quantity: 1, recipient: "Budi" },
  orderRecipient: { step: "recipient", orderCode: "LPK-1" },
  summary: { step: "summary", productCode: "TEH", quantity: 1, total: rupiah(1), way: "choose" },
  method: { step: "method", productCode: "TEH", quantity: 1, total: rupiah(1) },
} as const satisfies Record<string, Guided>

const read = (conversation: Guided, text: string, role: Role = "customer") =>
  readAnswer(conversation, text, { products, prefix: ".", role })

const reading = (conversation: Guided, cases: Record<string, Answer>) => {
  for (const [text, answer] of Object.entries(cases))
    test(JSON.stringify(text), () => expect(read(conversation, text)).toEqual(answer))
}

const command = (intent: Extract<Answer, { kind: "command" }>["intent"]): Answer => ({
  kind: "command",
  intent,
})

describe("which product is meant", () => {
  reading(at.product, {
    "8": { kind: "chosen", code: "TEH" },
    "10": { kind: "chosen", code: "KOPI-2" },
    "١٠": { kind: "chosen", code: "KOPI-2" },
    "9️⃣": { kind: "chosen", code: "KOPI-1" },
    "nomor 8": { kind: "chosen", code: "TEH" },
    "8 2 pcs": { kind: "chosen", code: "TEH", quantity: 2 },
    ".8": { kind: "chosen", code: "TEH" },
    "1": { kind: "not_shown" },
    "11": { kind: "not_shown" },
    "kopi-1": { kind: "chosen", code: "KOPI-1" },
    "mau pesan teh 3": { kind: "chosen", code: "TEH", quantity: 3 },
    "teh manis x2": { kind: "chosen", code: "TEH", quantity: 2 },
    "beli 2 teh": { kind: "chosen", code: "TEH", quantity: 2 },
    kopi: { kind: "several", codes: ["KOPI-1", "KOPI-2"], isCut: false },
    kpoi: { kind: "several", codes: ["KOPI-1", "KOPI-2"], isCut: false },
    "beli kopi hitam": { kind: "chosen", code: "KOPI-2" },
    lagi: { kind: "more" },
    More: { kind: "more" },
    "nasi goreng": { kind: "unknown_product" },
    "😀": { kind: "unreadable" },
    "": { kind: "unreadable" },
    "\u0000\u0007": { kind: "unreadable" },
  })
})

describe("a product called like a command is the product when all of its name is said", () => {
  reading(at.product, {
    "saldo dana": { kind: "chosen", code: "DANA" },
    saldo: command({ kind: "balance" }),
    "status LPK-1": command({ kind: "status", orderCode: "LPK-1" }),
  })
})

describe("one of a short list", () => {
  reading(at.pick, {
    "2": { kind: "chosen", code: "KOPI-2" },
    "3": { kind: "not_shown" },
    teh: { kind: "chosen", code: "TEH" },
  })
})

describe("how many", () => {
  reading(at.quantity, {
    "3": { kind: "quantity", quantity: 3 },
    "３": { kind: "quantity", quantity: 3 },
    "٣": { kind: "quantity", quantity: 3 },
    "3 buah kak": { kind: "quantity", quantity: 3 },
    "beli 3": { kind: "quantity", quantity: 3 },
    x3: { kind: "quantity", quantity: 3 },
    tiga: { kind: "quantity", quantity: 3 },
    two: { kind: "quantity", quantity: 2 },
    "0": { kind: "back" },
    "-1": { kind: "not_a_quantity" },
    "1,5": { kind: "not_a_quantity" },
    "99999999999999999999": { kind: "not_a_quantity" },
    banyak: { kind: "not_a_quantity" },
    saldo: command({ kind: "balance" }),
    "produk 2": command({ kind: "catalogue", page: 2 }),
    "pesan kopi-1": { kind: "chosen", code: "KOPI-1" },
    "beli kopi hitam 2": { kind: "chosen", code: "KOPI-2", quantity: 2 },
    "beli nasi goreng": { kind: "not_a_quantity" },
  })
})

describe("whom it goes to", () => {
  reading(at.recipient, {
    "1": { kind: "remembered" },
    Budi: { kind: "recipient", recipient: "Budi" },
    " Bu   Ani\u202e\u0007 ": { kind: "recipient", recipient: "Bu Ani" },
    "makasih kak": { kind: "malformed" },
    "Terima kasih banyak": { kind: "malformed" },
    "thank you": { kind: "malformed" },
    "oke siap": { kind: "malformed" },
    "halo kak": { kind: "malformed" },
    "Terima Wijaya": { kind: "recipient", recipient: "Terima Wijaya" },
    "Kasih Amanda": { kind: "recipient", recipient: "Kasih Amanda" },
    أحمد: { kind: "recipient", recipient: "أحمد" },
    "Budi 😀": { kind: "recipient", recipient: "Budi 😀" },
    saldo: { kind: "recipient", recipient: "saldo" },
    B: { kind: "malformed" },
    "12": { kind: "malformed" },
    ["B".repeat(81)]: { kind: "malformed" },
    "👍": { kind: "unreadable" },
    "batal kak": { kind: "leave" },
    back: { kind: "back" },
    ".saldo": command({ kind: "balance" }),
    ya: { kind: "remembered" },
    "Oke kak": { kind: "remembered" },
    sama: { kind: "remembered" },
    Yani: { kind: "recipient", recipient: "Yani" },
    Berhenti: { kind: "leave", isStop: true },
    stop: { kind: "leave", isStop: true },
  })
})

describe("the address", () => {
  reading(at.address, {
    "1": { kind: "remembered" },
    "Jl. Mawar 1,\r\n\r\nRT 02\nBandung": { kind: "address", address: "Jl. Mawar 1, RT 02, Bandung" },
    Solo: { kind: "malformed" },
    "terima kasih kak": { kind: "malformed" },
    ["J".repeat(301)]: { kind: "malformed" },
    ["J".repeat(501)]: { kind: "too_long" },
    "0": { kind: "back" },
    "alamat yang sama": { kind: "remembered" },
    "Sama Dengan No. 3": { kind: "address", address: "Sama Dengan No. 3" },
    stop: { kind: "leave", isStop: true },
  })
})

describe("whether it is right, and how it is paid", () => {
  reading(at.summary, {
    "1": { kind: "yes" },
    ya: { kind: "yes" },
    "ya kak": { kind: "yes" },
    "Ya, pesan": { kind: "yes" },
    "yes, order it": { kind: "yes" },
    pesan: { kind: "not_a_choice" },
    order: { kind: "not_a_choice" },
    "Oke 👍": { kind: "yes" },
    "lewat qris": { kind: "method", method: "qris" },
    saldo: { kind: "method", method: "saldo" },
    ".saldo": command({ kind: "balance" }),
    "2": { kind: "change" },
    ubah: { kind: "change" },
    tidak: { kind: "change" },
    No: { kind: "change" },
    "3": { kind: "not_a_choice" },
    "berapa ongkirnya?": { kind: "not_a_choice" },
    "pesan kopi": { kind: "several", codes: ["KOPI-1", "KOPI-2"], isCut: false },
    "beli kopi-1 2": { kind: "chosen", code: "KOPI-1", quantity: 2 },
    "beli TEH 1 qris": { kind: "not_a_choice" },
    "beli 2": { kind: "not_a_choice" },
  })
  reading(at.method, {
    "1": { kind: "method", method: "saldo" },
    saldo: { kind: "method", method: "saldo" },
    "lewat qris": { kind: "method", method: "qris" },
    "２": { kind: "method", method: "qris" },
    gopay: { kind: "not_a_choice" },
    "beli teh": { kind: "chosen", code: "TEH" },
    "beli saja": { kind: "not_a_choice" },
  })
})

test("a product whose code is one of our own words is the product where one is chosen, and nowhere else", () => {
  const own = factsOf({ products: ["BATAL", "LAGI", "0"].map((code) => ({ code })) }).products
  const readOwn = (conversation: Guided, text: string) =>
    readAnswer(conversation, text, { products: own, prefix: ".", role: "customer" })
  for (const code of ["BATAL", "LAGI", "0"])
    expect(readOwn(at.product, code.toLowerCase())).toEqual({ kind: "chosen", code })
  expect(readOwn(at.quantity, "batal")).toEqual({ kind: "leave" })
  expect(readOwn(at.product, "kembali")).toEqual({ kind: "back" })
})

test("a command with its prefix is a command at every step, and so are the words that lead out", () => {
  for (const conversation of Object.values(at)) {
    expect(read(conversation, ".buy TEH 2")).toEqual(command({ kind: "buy", code: "TEH", quantity: 2 }))
    expect(read(conversation, "/menu")).toEqual(command({ kind: "menu" }))
    expect(read(conversation, "batal")).toEqual({ kind: "leave" })
    expect(read(conversation, "Cancel")).toEqual({ kind: "leave" })
    for (const said of ["stop", "Berhenti.", "UNSUBSCRIBE", "stop kak"])
      expect(read(conversation, said)).toEqual({ kind: "leave", isStop: true })
    expect(read(conversation, "kembali")).toEqual({ kind: "back" })
    expect(read(conversation, ".batal LPK-9")).toEqual(command({ kind: "cancel", orderCode: "LPK-9" }))
  }
})

test("`.batal` leaves an order that is being made, and is about one that exists", () => {
  expect(read(at.address, ".batal")).toEqual({ kind: "leave" })
  expect(read(at.quantity, "batalkan pesanan")).toEqual({ kind: "leave" })
  expect(read(at.orderRecipient, ".batal")).toEqual(command({ kind: "cancel" }))
})

test("a few words that are a product's begin an order, and talk does not", () => {
  const mention = (text: string) => readMention(text, products)
  expect(mention("kopi-1")).toEqual({ kind: "chosen", code: "KOPI-1" })
  expect(mention("teh dong kak")).toEqual({ kind: "chosen", code: "TEH" })
  expect(mention("2 kopi-1")).toEqual({ kind: "chosen", code: "KOPI-1", quantity: 2 })
  expect(mention("kopi hitam 2")).toEqual({ kind: "chosen", code: "KOPI-2", quantity: 2 })
  expect(mention("kopi")).toEqual({ kind: "several", codes: ["KOPI-1", "KOPI-2"], isCut: false })
  for (const text of ["kpoi", "te", "kopi saya belum sampai juga", "kapan buka?", "", "👍", "2"])
    expect([text, mention(text)]).toEqual([text, undefined])
})
