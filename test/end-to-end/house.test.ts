import { expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { newFolder } from "../support/lapak-command.ts"
import { openStall } from "../support/stall.ts"

const owner = "6281777777777"
const environment = { OWNER_NUMBERS: owner }
const texts = textsFor("id")

test("what the owner changes in one process is in the next reply of another, and comes back", async () => {
  await using stall = await openStall({ environment })
  const { peer, sql } = stall
  const [here, there] = await Promise.all([stall.open(), stall.open()])
  const [customer = ""] = await stall.welcome(1, 0)
  const tell = async (words: string) => (await peer.ask(here.url, owner, words)).text
  const hear = async (words: string) => (await peer.ask(there.url, customer, words)).text
  expect(await hear(".status")).toBe(texts.noOrders())

  expect(await tell(".teks noOrders")).toContain("Belum ada pesanan. Lihat produknya: {prefix}produk")
  const question = await tell(".teks noorders id\nBelum belanja, Kak. Yuk ke {shop}: {prefix}produk")
  expect(question).toContain("Belum belanja, Kak. Yuk ke Lapak: .produk")
  expect(question).toContain("Balas *ya*")
  expect(await hear(".status")).toBe(texts.noOrders())
  expect(await tell("ya")).toContain("noOrders (Indonesia) diubah")
  expect(await hear(".status")).toBe("Belum belanja, Kak. Yuk ke Lapak: .produk")

  expect(await tell(".setelan nama Warung Budi")).toContain("Warung Budi")
  expect(await hear(".status")).toBe("Belum belanja, Kak. Yuk ke Warung Budi: .produk")
  expect(await hear(".menu")).toContain("Warung Budi")
  for (const zone of ["US/Pacific-New", "Canada/East-Saskatchewan"])
    expect(await tell(`.setelan zona ${zone}`)).toContain("tidak ada yang diubah")
  expect(await tell(".setelan prefix #")).toContain("#menu")
  expect(await hear(".status")).toContain("#status")
  for (const prefix of ["#", "/", "!"])
    expect(await hear(`${prefix}status`)).toBe("Belum belanja, Kak. Yuk ke Warung Budi: #produk")

  expect(await tell("#teks noOrders id asli")).toContain("Belum ada pesanan. Lihat produknya: #produk")
  expect(await tell("ya")).toContain("kembali ke teks asli")
  expect(await hear("#status")).toBe("Belum ada pesanan. Lihat produknya: #produk")
  expect(await tell("#teks noOrders id asli")).toContain("memang masih teks asli")
  const noted = await sql`
    select actor = 'user:' || (select id from users where number = ${owner}) as "isOwner", action, subject
      from audit_log where action ~ '(setting|text)$' order by id
  `
  expect(noted.map(({ isOwner, action, subject }) => [isOwner, action, subject])).toEqual([
    [true, "change_text", "text:id:noOrders"],
    [true, "change_setting", "setting:shop_name"],
    [true, "change_setting", "setting:prefix"],
    [true, "restore_text", "text:id:noOrders"],
  ])
  expect(peer.problems()).toEqual([])
})

test("a text that owes its reader something is refused, a customer hears nothing of it, and a drop drops it", async () => {
  await using stall = await openStall({ environment })
  const { peer } = stall
  const shop = await stall.open()
  const [payload = ""] = await stall.sell({ units: 1, price: 10_000 })
  const [customer = ""] = await stall.welcome(1, 10_000)
  const tell = async (words: string) => (await peer.ask(shop.url, owner, words)).text

  expect(await tell(".teks goods.bought id\nTerima kasih!")).toContain("{order}, {units}")
  expect(await tell(".teks goods.bought id\n{order} {units} {harga}")).toContain("{harga}")
  await tell(".teks goods.bought id\nTidak jadi {order} {units}")
  expect(await tell("batal")).toBe(texts.confirmationDropped())
  await tell(".teks goods.bought id\nMakasih Kak! Pesanan {order}:\n{units}\nSisa {shop}: {paid}")
  await tell("ya")
  for (const words of [".teks", ".setelan nama Milik Saya", ".texts menu id\nx"])
    expect((await peer.ask(shop.url, customer, words)).text).toBe(texts.unknown({}))
  const goods = (await peer.ask(shop.url, customer, ".buy KOPI saldo")).text
  expect(goods).toStartWith("Makasih Kak! Pesanan LPK-")
  expect(goods).toContain(payload)
  expect(await stall.audit()).toEqual([])
})

test("the shell changes settings and texts by the same rules, and a running shop says them at once", async () => {
  await using stall = await openStall({ environment })
  using folder = newFolder()
  const { peer } = stall
  const shop = await stall.open()
  const [customer = ""] = await stall.welcome(1, 0)
  const hear = async (words: string) => (await peer.ask(shop.url, customer, words)).text
  const template = folder.file("empty.txt", "Kosong, Kak. Coba {prefix}menu\n")

  expect((await stall.run("settings", "name", "Toko Ani")).stdout).toContain("name now: Toko Ani")
  expect(await hear(".menu")).toContain("Toko Ani")
  const strange = await stall.run("settings", "zone", "US/Pacific-New")
  expect(strange).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("Asia/Makassar") })
  const changed = await stall.run("texts", "empty", "id", "--file", template)
  expect(changed.stdout).toBe("empty (id) is changed. Customers read:\n\nKosong, Kak. Coba .menu\n")
  expect(await hear(" \u200b")).toBe("Kosong, Kak. Coba .menu")
  const listed = folder.file("listed.txt", "{products}\nLagi: {next}")
  const both = await stall.run("texts", "catalogue", "en", "--file", listed)
  expect(both.stdout).toContain("And where all that can be empty is:")
  expect((await stall.run("texts", "empty")).stdout).toContain("lapak texts empty id --original")
  expect((await stall.run("texts", "empty", "id", "--original")).exitCode).toBe(0)
  expect(await hear(" \u200b")).toBe(texts.empty())

  const refused = await stall.run("texts", "failed", "id", "--file", template)
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toContain("{reference}")
})
