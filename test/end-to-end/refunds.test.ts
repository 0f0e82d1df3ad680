import { expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { type MidtransStall, openMidtransStall } from "../support/midtrans-stall.ts"
import type { ShopProcess } from "../support/shop-process.ts"

const price = 10_000
const owner = "6281777777777"
const environment = { OWNER_NUMBERS: owner }

/** An order that was paid by QRIS and delivered. */
async function deliver(stall: MidtransStall, shop: ShopProcess, from: string) {
  const { reference, code } = await stall.order(shop, from)
  expect(await stall.notify(shop, stall.pay(reference))).toBe(200)
  await eventually("the goods", async () => (await stall.statusOf(code)) === "delivered")
  await stall.atRest()
  return { reference, code }
}

async function expectSound(stall: MidtransStall): Promise<void> {
  expect(await stall.audit()).toEqual([])
  expect(stall.peer.problems()).toEqual([])
}

/** Asks for something that has to be agreed to, and agrees. */
async function agree(stall: MidtransStall, shop: ShopProcess, words: string) {
  expect((await stall.peer.ask(shop.url, owner, words)).text).toContain("Balas *ya*")
  return await stall.peer.ask(shop.url, owner, "ya")
}

test("a refund through the provider, from a chat or beside it from the shell, is paid back once and told", async () => {
  await using stall = await openMidtransStall({ environment })
  const { peer, midtrans } = stall
  const shop = await stall.open()
  await stall.sell({ units: 2, price })
  const [from = ""] = await stall.welcome(1, 0)
  const { reference, code } = await deliver(stall, shop, from)

  const question = await peer.ask(shop.url, owner, `.refund ${code} 4000 provider separuh rusak`)
  expect(question.text).toContain("Rp 4.000")
  expect((await peer.ask(shop.url, owner, "hmm")).text).toContain("Belum ada yang dijalankan")
  const answer = await peer.ask(shop.url, owner, "ya")
  expect(answer.text).toContain("Rp 4.000")
  expect(answer.text).toContain("Masih bisa dikembalikan: Rp 6.000")
  const again = await peer.ask(shop.url, owner, `.refund ${code} 4000 provider separuh rusak`)
  expect(again.text).toContain(`.refund ${code} 4000 provider --lagi`)
  expect(await stall.statusOf(code)).toBe("delivered")
  const rest = await stall.run("refund", code, "--to", "provider", "--reason", "the rest of it")
  expect(rest.stdout).toContain("Rp 6.000")
  expect(rest).toMatchObject({ exitCode: 0 })
  expect(midtrans.transaction(reference)?.refunds.map(({ amount }) => amount)).toEqual([4_000, 6_000])
  expect(await stall.statusOf(code)).toBe("refunded")

  // Midtrans tells of each refund, twice; all of it is known already.
  for (const notification of midtrans.notifications(reference).slice(1))
    expect(await stall.notify(shop, notification)).toBe(200)
  await eventually("every notification is worked", async () => {
    const open = await stall.sql`
      select from payment_events where id not in (select event_id from payment_event_outcomes)
    `
    return open.length === 0
  })
  await stall.atRest()
  const told = peer.messagesTo(from).map(({ text }) => text)
  expect(told.filter((text) => text.includes("sedang dikembalikan"))).toHaveLength(2)
  expect(told.filter((text) => text.includes("sudah dikembalikan"))).toHaveLength(2)
  expect((await peer.ask(shop.url, from, `.kirim ${code}`)).text).toContain("dananya dikembalikan")
  expect(await stall.balanceOf(from)).toBe(0)
  await expectSound(stall)
})

test("a refund that the provider refuses is told to the owner, who finds it on the list and gives saldo instead", async () => {
  await using stall = await openMidtransStall({ environment })
  const { peer, midtrans } = stall
  const shop = await stall.open()
  await stall.sell({ units: 1, price })
  const [from = ""] = await stall.welcome(1, 0)
  await peer.ask(shop.url, owner, "halo")
  const { code } = await deliver(stall, shop, from)
  midtrans.faults.plan("refund", { kind: "refuse", code: 412 })
  // What people leave out of a code is put before it, and the sum and the customer are named.
  const bare = code.replace("LPK-", "")
  expect((await peer.ask(shop.url, owner, `.refund ${bare} 20rb rusak`)).text).toContain("dikembalikan")
  expect((await peer.ask(shop.url, owner, "ya")).text).not.toContain("sudah dikembalikan")
  const question = (await peer.ask(shop.url, owner, `.refund ${bare} semua provider rusak`)).text
  expect(question).toContain(`Rp 10.000 (semua yang tersisa) dari pesanan ${code}`)
  expect(question).toContain(from)
  expect((await peer.ask(shop.url, from, `.status ${bare}`)).text).toContain(code)
  expect((await peer.ask(shop.url, owner, "batal")).text).toContain("tidak jadi")
  const answer = await agree(stall, shop, `.refund ${code} semua provider rusak`)
  expect(answer.text).toContain("tidak bisa dikembalikan lewat penyedia")
  const notice = await eventually("the notice", () =>
    peer.messagesTo(owner).find(({ text }) => text.includes("Perlu diputuskan (#")),
  )
  const [, id] = /\(#([0-9]+)\)/.exec(notice.text) ?? []
  expect((await peer.ask(shop.url, owner, ".tinjau")).text).toContain(`#${id}`)
  expect(await (await fetch(`${shop.url}/health`)).json()).toMatchObject({
    reviewsOpen: 1,
    refundsWaiting: 0,
  })
  expect(await (await fetch(`${shop.url}/metrics`)).text()).toContain("\nlapak_reviews_open 1\n")
  const detail = await peer.ask(shop.url, owner, `.tinjau ${id}`)
  const instead = `.refund ${code} 10000 saldo`
  for (const part of [code, "Rp 10.000", from, `.tinjau ${id} abaikan`, instead])
    expect(detail.text).toContain(part)
  expect((await peer.ask(shop.url, owner, `.refund ${code} rusak`)).text).toContain(
    `.refund ${code} semua saldo`,
  )
  expect(await stall.balanceOf(from)).toBe(0)
  expect((await agree(stall, shop, `${instead} akun bocor`)).text).toContain("sudah dikembalikan")
  const since = await peer.ask(shop.url, owner, `.tinjau ${id}`)
  expect(since.text).toContain("Sejak itu sudah dikembalikan dengan cara lain: Rp 10.000")
  expect(since.text).not.toContain(instead)
  expect(await stall.balanceOf(from)).toBe(price)
  expect((await agree(stall, shop, `.tinjau ${id} abaikan sudah ke saldo`)).text).toContain("selesai")
  expect((await peer.ask(shop.url, owner, ".tinjau")).text).toContain("Tidak ada")
  const account = await peer.ask(shop.url, from, ".saldo")
  expect(account.text).toContain("Rp 10.000")
  // An owner's reason is for the record.
  expect(account.text).not.toContain("akun bocor")
  expect((await peer.ask(shop.url, owner, ".bantuan")).text).toContain(".admin")
  expect((await peer.ask(shop.url, from, ".bantuan")).text).not.toMatch(/\.admin|\.refund|\.tinjau/)
  await stall.atRest()
  await expectSound(stall)
})

test("customers neither refund nor decide, and an admin doesn't decide: to them these are words nobody knows", async () => {
  await using stall = await openMidtransStall({ environment })
  const { peer, sql } = stall
  const shop = await stall.open()
  await stall.sell({ units: 1, price })
  const [from = "", admin = ""] = await stall.welcome(2, price)
  await sql`update users set role = 'admin' where number = ${admin}`
  await peer.ask(shop.url, from, ".buy KOPI 1 saldo")
  await stall.atRest()
  const [order] = await sql<{ code: string }[]>`select code from orders`
  const refund = `.refund ${order?.code} semua rusak`
  const unknown = [
    [from, refund],
    ...[from, admin].flatMap((to) => [".tinjau", ".tinjau 1 abaikan x"].map((words) => [to, words])),
  ]
  for (const [number = "", words = ""] of unknown) {
    const answer = await peer.ask(shop.url, number, words)
    expect(answer.text).toContain("belum paham maksudnya")
    if (number === admin) expect(answer.text).toContain("Perintah .tinjau hanya untuk pemilik toko.")
    else expect(answer.text).not.toMatch(/refund|tinjau|dikembalikan/)
  }
  expect((await peer.ask(shop.url, admin, refund)).text).toContain("Balas *ya*")
  expect(await sql`select from refunds`).toHaveLength(0)
  await stall.atRest()
  await expectSound(stall)
})
