import { describe, expect, test } from "bun:test"
import { rupiah } from "../../src/shop/money.ts"
import type { PaymentLookup, PaymentPage, PaymentResult } from "../../src/web/dependencies.ts"
import { createWebApp } from "../../src/web/web-app.tsx"
import { aPayment, aShop, demoToken, fromLoopback, now, readEvents } from "../support/web.ts"

const page = `/pay/${demoToken}`
const asPage = { headers: { Accept: "text/html" } }

test("the payment page shows what to pay, to whom, for what and until when", async () => {
  const { dependencies, payments } = aShop()
  payments.set(demoToken, aPayment({ isDemo: false }))
  const app = createWebApp(dependencies)
  const html = await (await app.request(page, asPage)).text()
  for (const part of [
    "Rp 15.000",
    "Lapak Uji",
    "LPK-7K2M9Q",
    "15:00",
    "Pindai QR",
    `${page}/qr.png`,
    'lang="id"',
  ])
    expect(html).toContain(part)
  expect(html).toContain(`data-now="${now.getTime()}"`)
})

test("nobody is told to scan a pretended QR with their bank's app", async () => {
  const html = await (await createWebApp(aShop().dependencies).request(page, asPage)).text()
  expect(html).toContain("pembayaran pura-pura")
  expect(html).not.toMatch(/aplikasi bank|class="steps"/)
})

test("the page speaks the customer's language and shows names as they are", async () => {
  const { dependencies, payments } = aShop()
  payments.set(demoToken, aPayment({ language: "en", shopName: "<script>alert(1)</script> & Co" }))
  const html = await (await createWebApp(dependencies).request(page, asPage)).text()
  expect(html).toContain('lang="en"')
  expect(html).toContain("Time left")
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co")
})

test("a payment on the provider's page is a link to it, without a QR or words about one", async () => {
  const { dependencies, payments } = aShop()
  const app = createWebApp(dependencies)
  const redirectUrl = "https://app.midtrans.example/snap/v4/redirection/1?a=1&b=2"
  for (const language of ["id", "en"] as const) {
    payments.set(demoToken, aPayment({ isDemo: false, qrString: undefined, redirectUrl, language }))
    const html = await (await app.request(page, asPage)).text()
    expect(html).toContain(redirectUrl.replace("&", "&amp;"))
    expect(html).toContain('rel="noreferrer"')
    expect(html).not.toMatch(/qr\.png|class="qr"|Pindai QR|Scan this QR/)
  }
  payments.set(demoToken, aPayment({ state: "expired", isDemo: false, qrString: undefined }))
  expect(await (await app.request(page, asPage)).text()).not.toContain("midtrans.example")
})

test("the QR is a picture that can be saved, and gone once it can't be paid", async () => {
  const { dependencies, setPayment } = aShop()
  const app = createWebApp(dependencies)
  const qr = await app.request(`${page}/qr.png`)
  expect(qr.headers.get("Content-Type")).toBe("image/png")
  expect([...new Uint8Array(await qr.arrayBuffer()).slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
  setPayment(demoToken, aPayment({ state: "paid" }))
  expect((await app.request(`${page}/qr.png`)).status).toBe(409)
})

test("each state has its own face", async () => {
  const { dependencies, setPayment } = aShop()
  const app = createWebApp(dependencies)
  const faces = {
    paid: "Pembayaran diterima",
    review: "tidak perlu bayar lagi",
    expired: "Waktu pembayaran habis",
    cancelled: "Pesanan dibatalkan",
    failed: "Pembayaran gagal",
  } as const
  for (const state of ["paid", "review", "expired", "cancelled", "failed"] as const) {
    setPayment(demoToken, aPayment({ state }))
    const html = await (await app.request(page, asPage)).text()
    expect(html).toContain(faces[state])
    expect(html).not.toContain("qr.png")
    expect(html).not.toContain("countdown")
    expect(await (await app.request(`${page}/state`)).json()).toMatchObject({ state, now: now.getTime() })
  }
})

const nothing = { toBalance: 0, backToBalance: 0, sentBack: 0, takenBack: 0 }
/** What became of a payment of Rp 15.000, and what its page then says in each language. */
const results: ReadonlyArray<
  readonly [what: string, result: object, id: readonly string[], en: readonly string[], isGood: boolean]
> = [
  [
    "the price of the goods",
    { resolution: "goods", received: 15_000 },
    ["Pembayaran diterima", "Diterima", "Rp 15.000"],
    ["Payment received", "Received"],
    true,
  ],
  [
    "too little",
    { resolution: "underpaid_balance", received: 12_500, toBalance: 12_500 },
    ["Pembayarannya kurang", "tidak dilanjutkan", "Diminta", "Rp 12.500", "Masuk saldo"],
    ["Too little was paid", "does not go on", "Asked for", "Rp 12.500", "To your balance"],
    false,
  ],
  [
    "more than the price",
    { resolution: "goods", received: 16_000, toBalance: 1_000 },
    ["Pembayaran diterima", "Rp 16.000", "Masuk saldo", "Rp 1.000"],
    ["Payment received", "Rp 16.000", "To your balance", "Rp 1.000"],
    true,
  ],
  [
    "the price after it was closed, the goods still there",
    { resolution: "late_goods", received: 15_000 },
    ["Masuknya setelah pesanan ditutup, tetapi barangnya masih ada"],
    ["after the order was closed, but the goods are still there"],
    true,
  ],
  [
    "the price after it was closed, the goods gone",
    { resolution: "late_balance", received: 15_000, toBalance: 15_000 },
    ["Uangnya masuk saldo", "barangnya sudah tidak tersedia"],
    ["Now in your balance", "no longer to be had at that price"],
    false,
  ],
  [
    "the price of what was paid before",
    { resolution: "already_paid_balance", received: 15_000, toBalance: 15_000 },
    ["Uangnya masuk saldo", "sudah dibayar sebelumnya"],
    ["Now in your balance", "was paid before"],
    false,
  ],
  [
    "a part that had gone back already",
    { resolution: "underpaid_balance", received: 15_000, toBalance: 15_000, sentBack: 5_000 },
    ["Sebagian pembayarannya ditarik lagi", "Dikembalikan", "Rp 5.000"],
    ["A part of the payment was taken back", "Sent back", "Rp 5.000"],
    false,
  ],
  [
    "the goods, and a part of the money back",
    { resolution: "goods", received: 15_000, backToBalance: 4_000 },
    ["Pembayaran diterima", "Kembali ke saldo", "Rp 4.000"],
    ["Payment received", "Back to your balance", "Rp 4.000"],
    true,
  ],
  [
    "all of it back to the balance",
    { resolution: "goods", received: 15_000, backToBalance: 15_000 },
    ["Dana sudah dikembalikan", "ada di saldo Kakak"],
    ["Your money went back", "is in your balance"],
    false,
  ],
  [
    "all of it back to the payer, and what was beyond the price kept",
    { resolution: "goods", received: 16_000, toBalance: 1_000, sentBack: 15_000 },
    ["Dana sudah dikembalikan", "beberapa hari kerja", "Rp 1.000"],
    ["Your money went back", "some working days", "Rp 1.000"],
    false,
  ],
  [
    "all of it taken by the bank",
    { resolution: "goods", received: 15_000, takenBack: 15_000 },
    ["Pembayaran ditarik kembali", "Ditarik bank"],
    ["Payment taken back", "Taken by the bank"],
    false,
  ],
  [
    "a part of it taken by the bank",
    { resolution: "goods", received: 15_000, takenBack: 5_000 },
    ["Sebagian ditarik kembali", "Rp 5.000"],
    ["A part was taken back", "Rp 5.000"],
    false,
  ],
]

describe("a paid page says what came and what became of it:", () => {
  for (const [what, result, id, en, isGood] of results) {
    test(what, async () => {
      const { dependencies, setPayment } = aShop()
      const app = createWebApp(dependencies)
      for (const [language, words] of [["id", id] as const, ["en", en] as const]) {
        const became = { ...nothing, ...result } as PaymentResult
        setPayment(demoToken, aPayment({ state: "paid", language, result: became }))
        const html = await (await app.request(page, asPage)).text()
        for (const word of words) expect(html).toContain(word)
        expect(html.includes("outcome-mark good")).toBe(isGood)
        expect(html).toContain("LPK-7K2M9Q")
      }
    })
  }
})

test("a top-up is called one, with what came for it", async () => {
  const { dependencies, setPayment } = aShop()
  const app = createWebApp(dependencies)
  const html = async (changes: Partial<PaymentPage>) => {
    setPayment(demoToken, aPayment({ orderCode: undefined, ...changes }))
    return await (await app.request(page, asPage)).text()
  }
  expect(await html({})).toContain("Isi saldo")
  expect(await html({})).not.toContain("Pesanan")
  expect(await html({ state: "cancelled" })).toContain("Isi saldo dibatalkan")
  const result = { ...nothing, resolution: "balance", received: 20_001, toBalance: 20_001 } as PaymentResult
  const paid = await html({ state: "paid", result })
  for (const word of ["Saldo bertambah", "Diminta", "Rp 15.000", "Diterima", "Rp 20.001", "Isi saldo"])
    expect(paid).toContain(word)
  expect(await html({ state: "paid", result, language: "en" })).toContain("Balance topped up")
})

test("no page of a payment says kamu", async () => {
  const { dependencies, setPayment } = aShop()
  const app = createWebApp(dependencies)
  for (const state of ["pending", "paid", "review", "expired", "cancelled", "failed"] as const) {
    setPayment(demoToken, aPayment({ state, uniqueExtra: rupiah(37), isDemo: false }))
    expect(await (await app.request(page, asPage)).text()).not.toMatch(
      /\bkamu\b|(saldo|pesanan|pembayaran)mu\b/i,
    )
  }
})

test("a token that is unknown or no token at all is a friendly 404, and only the former is looked up", async () => {
  const { dependencies } = aShop()
  const asked: string[] = []
  const find = async (token: string) => {
    asked.push(token)
    return { kind: "unknown" } as const
  }
  const app = createWebApp({ ...dependencies, payments: { ...dependencies.payments, find } })
  for (const token of [
    "short",
    "x".repeat(65),
    "a.b.c.d.e.f.g.h.i.j",
    "%00%00%00%00%00%00%00%00%00%00",
    "unknown-token-012345",
  ]) {
    const response = await app.request(`/pay/${token}`, asPage)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain("Tagihan tidak ditemukan")
  }
  expect(asked).toEqual(["unknown-token-012345"])
})

test("while payments can't be read the page asks for patience, and more than 32 readers at once wait outside", async () => {
  const { dependencies } = aShop()
  const unreadable = createWebApp({
    ...dependencies,
    payments: { ...dependencies.payments, find: async () => ({ kind: "unavailable" }) },
  })
  const response = await unreadable.request(page, asPage)
  expect(response.status).toBe(503)
  expect(response.headers.get("Retry-After")).toBe("5")

  const release = Promise.withResolvers<void>()
  const find = async () => {
    await release.promise
    return { kind: "unknown" } as const
  }
  const app = createWebApp({ ...dependencies, payments: { ...dependencies.payments, find } })
  const readers = Array.from({ length: 40 }, async () => (await app.request(page)).status)
  release.resolve()
  const statuses = await Promise.all(readers)
  expect(statuses.filter((status) => status === 503)).toHaveLength(8)
})

test("an open page hears of the payment by itself, once, and its stream ends", async () => {
  const { dependencies, setPayment, watchers } = aShop()
  const response = await createWebApp(dependencies).request(`${page}/events`, {}, fromLoopback())
  expect(response.headers.get("Content-Type")).toStartWith("text/event-stream")
  const events = readEvents(response)
  setPayment(demoToken, aPayment({ state: "paid" }))
  const states = (await events).map(({ data }) => data)
  expect(states.at(-1)).toMatchObject({ state: "paid" })
  expect(states.length).toBeLessThanOrEqual(2)
  expect(watchers.size).toBe(0)
})

test("a change during a lookup is not missed", async () => {
  const { dependencies, setPayment } = aShop()
  const lookups: PromiseWithResolvers<PaymentLookup>[] = []
  const find = () => {
    const lookup = Promise.withResolvers<PaymentLookup>()
    lookups.push(lookup)
    return lookup.promise
  }
  const lookedUp = async (place: number) => {
    while (!lookups[place]) await Bun.sleep(1)
    return lookups[place]
  }
  const app = createWebApp({ ...dependencies, payments: { ...dependencies.payments, find } })
  const opening = app.request(`${page}/events`, {}, fromLoopback())
  const pending = { kind: "found", payment: aPayment() } as const
  ;(await lookedUp(0)).resolve(pending)
  const response = await opening
  const early = await lookedUp(1)
  setPayment(demoToken, aPayment({ state: "paid" }))
  early.resolve(pending)
  ;(await lookedUp(2)).resolve({ kind: "found", payment: aPayment({ state: "paid" }) })
  const states = (await readEvents(response)).map(({ data }) => data)
  expect(states).toMatchObject([{ state: "pending" }, { state: "paid" }])
})

test("a payment has at most four listeners, and a place is free again when one leaves", async () => {
  const { dependencies } = aShop()
  const app = createWebApp(dependencies)
  const open = () => app.request(`${page}/events`, {}, fromLoopback())
  const listeners = await Promise.all(Array.from({ length: 4 }, open))
  expect((await open()).status).toBe(503)
  await listeners[0]?.body?.cancel()
  const another = await open()
  expect(another.status).toBe(200)
  for (const one of [...listeners.slice(1), another]) await one.body?.cancel()
})

test("only a demo payment, at this very machine, from our own page, can be pretended", async () => {
  const { dependencies, payments, setPayment } = aShop()
  const app = createWebApp(dependencies)
  const pay = (facts = {}, headers = {}) => app.request(`${page}/demo`, { method: "POST", headers }, facts)
  expect(await (await app.request(page, asPage)).text()).not.toContain("Bayar (demo)")
  expect(await (await app.request(page, asPage, fromLoopback())).text()).toContain("Bayar (demo)")
  expect((await pay()).status).toBe(404)
  expect((await pay(fromLoopback(), { "Sec-Fetch-Site": "cross-site" })).status).toBe(403)
  setPayment(demoToken, aPayment({ isDemo: false }))
  expect((await pay(fromLoopback())).status).toBe(404)
  expect(payments.get(demoToken)?.state).toBe("pending")

  setPayment(demoToken, aPayment())
  const paid = await pay(fromLoopback(), { "Sec-Fetch-Site": "same-origin", Origin: "null" })
  expect([paid.status, paid.headers.get("Location")]).toEqual([303, page])
  expect(payments.get(demoToken)?.state).toBe("paid")
  expect((await pay(fromLoopback())).status).toBe(303)
  setPayment(demoToken, aPayment({ state: "expired" }))
  expect((await pay(fromLoopback())).status).toBe(409)
})
