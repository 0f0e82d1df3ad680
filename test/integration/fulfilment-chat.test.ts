import { expect, test } from "bun:test"
import { saveProducts } from "../../src/database/products.ts"
import { rupiah } from "../../src/shop/money.ts"
import { eventually } from "../support/eventually.ts"
import { home } from "../support/parcels.ts"
import { openStall, type Stall } from "../support/stall.ts"
import { readMetric } from "../support/whatsapp-stall.ts"

const owner = "6281777777777"
const admin = "6281666666666"

async function openParcelShop() {
  const stall = await openStall({ environment: { OWNER_NUMBERS: owner } })
  const shop = await stall.open()
  const words = { name: "Mug *Kopi*", category: "", description: "" }
  await saveProducts(stall.database, [
    { code: "MUG", price: rupiah(50_000), kind: "physical", stock: 9, ...words },
  ])
  await stall.sql`insert into users (number, role, language) values (${admin}, 'admin', 'en')`
  const [from = ""] = await stall.welcome(1, 500_000)
  const ask = async (who: string, text: string) => (await stall.peer.ask(shop.url, who, text)).text
  return { stall, shop, from, ask }
}

const remember = (stall: Stall, number: string) => stall.sql`
  update users
     set preferences = jsonb_build_object('delivery', ${stall.sql.json({ ...home })}::jsonb)
   where number = ${number}
`

/** What was told to somebody without being asked, the latest last; waits for the one that says so. */
async function heard(stall: Stall, number: string, what: string): Promise<string> {
  const said = () => stall.peer.messagesTo(number).filter(({ inReplyTo }) => !inReplyTo)
  return await eventually(`${number} hears "${what}"`, () =>
    said()
      .map(({ text }) => text)
      .findLast((text) => text.includes(what)),
  )
}

async function codeOf(stall: Stall): Promise<string> {
  const [row] = await stall.sql<{ code: string }[]>`select code from orders order by id desc limit 1`
  return row?.code ?? ""
}

test("from the purchase to its arrival everybody concerned hears what happened, each in their language, and once", async () => {
  const { stall, shop, from, ask } = await openParcelShop()
  await using _ = stall
  await remember(stall, from)
  await ask(owner, "halo")
  await ask(admin, "halo")

  const bought = await ask(from, ".buy MUG 2 saldo")
  const code = await codeOf(stall)
  expect(bought).toContain(`Alamat: ${home.address}`)
  expect(bought).toContain("segera dikemas")
  expect(await heard(stall, owner, code)).toContain("perlu dikemas")
  expect(await heard(stall, admin, code)).toContain("is to be packed")

  expect(await ask(admin, ".toship")).toContain(code)
  expect(await ask(admin, `.ship ${code} JNE 1`)).toContain(`Next: .pack ${code}`)
  expect(await ask(admin, `.pack ${code}`)).toContain("is being packed")
  expect(await heard(stall, from, "sedang dikemas")).toContain(home.recipient)
  expect(await ask(owner, `.dikemas ${code}`)).toContain("Tidak ada yang dikabari lagi")

  expect(await ask(owner, `.resi ${code} JNE REG JP123`)).toContain("ditandai dikirim")
  expect(await heard(stall, from, "sudah dikirim")).toContain("Nomor resi: JP123")
  expect(await ask(admin, `.ship ${code} JNE REG JP124`)).toContain("corrected")
  expect(await readMetric(shop, 'lapak_funnel_total{step="delivered"}')).toBe(1)
  expect(await heard(stall, from, "Ralat")).toContain("Nomor resi: JP124")

  const status = await ask(from, `.status ${code}`)
  for (const line of [
    "dalam pengiriman",
    `Penerima: ${home.recipient}`,
    "Kurir: JNE REG",
    "Nomor resi: JP124",
  ])
    expect(status).toContain(line)
  for (const step of ["Dibayar", "Dikemas", "Dikirim"])
    expect(status).toMatch(new RegExp(`^${step} \\d`, "m"))
  expect(status).toContain(`.terima ${code}`)

  expect(await ask(from, ".terima")).toContain("selesai")
  expect(await ask(from, `.terima ${code}`)).toContain("sudah selesai sejak")
  expect(await ask(owner, `.selesai ${code}`)).toContain("sudah selesai sejak")

  const receipt = await ask(from, ".struk")
  expect(receipt).toContain("```\nLapak\n")
  expect(receipt).toMatch(/^Mug Kopi\n {2}2 × +Rp 100\.000$/m)
  expect(receipt).toMatch(/^Total +Rp 100\.000$/m)
  expect(receipt).toContain(code)

  const shown = await ask(owner, `.pesanan ${code}`)
  for (const line of [from, "2 × Mug Kopi: Rp 100.000", "Selesai ", "Nomor resi: JP124"])
    expect(shown).toContain(line)
  expect(await ask(owner, `.cari ${from.slice(-5)}`)).toContain(code)
  expect(await ask(owner, ".penjualan")).toContain("1 pesanan dibayar, Rp 100.000")

  await stall.atRest()
  const told = stall.peer.messagesTo(from).filter(({ inReplyTo }) => !inReplyTo)
  expect(told.map(({ text }) => text.split("\n")[0])).toEqual([
    expect.stringContaining("sedang dikemas"),
    expect.stringContaining("sudah dikirim"),
    expect.stringContaining("Ralat"),
  ])
  for (const [number, what] of [
    [owner, "perlu dikemas"],
    [admin, "is to be packed"],
  ] as const)
    expect(stall.peer.messagesTo(number).filter(({ text }) => text.includes(what))).toHaveLength(1)
  expect(
    await stall.sql`select actor, action from audit_log where subject like 'order:%' order by id`,
  ).toMatchObject(
    ["pack_order", "ship_order", "correct_shipment", "complete_order"].map((action) => ({ action })),
  )
  expect(await stall.audit()).toEqual([])
})

test("goods without an address wait for it, and both sides know; the shell does the same as the chat", async () => {
  const { stall, from, ask } = await openParcelShop()
  await using _ = stall
  const bought = await ask(from, ".buy MUG 1 saldo")
  const code = await codeOf(stall)
  expect(bought).toContain(`Pesanan ${code} akan dikirim. *Siapa nama penerimanya?*`)
  expect(bought).not.toContain(".alamat")
  expect(await ask(from, "batal")).toContain(`.alamat ${code}`)
  expect(await ask(from, `.status ${code}`)).toContain(`.alamat ${code}`)
  const packed = await stall.run("orders", "pack", code)
  expect(packed).toMatchObject({ exitCode: 0 })
  expect(packed.stdout).toContain("no address yet")
  const refused = await stall.run("orders", "ship", code, "JNE REG", "JP1")
  expect(refused).toMatchObject({ exitCode: 1 })
  expect(refused.stdout).toContain("asked for them just now")
  expect(await heard(stall, from, "alamatnya belum lengkap")).toContain(`.alamat ${code}`)

  await stall.sql`update orders set delivery = ${stall.sql.json({ ...home })} where code = ${code}`
  expect(await stall.run("orders", "ship", code, "JNE REG", "JP 1")).toMatchObject({ exitCode: 2 })
  expect(await stall.run("orders", "ship", code.toLowerCase(), "JNE REG", "JP1")).toMatchObject({
    exitCode: 0,
  })
  expect(await heard(stall, from, "sudah dikirim")).toContain("Kurir: JNE REG")
  await stall.sql`insert into settings (key, value) values ('zone', '"Asia/Makassar"')`
  const shown = (await stall.run("orders", "show", code)).stdout
  expect(shown).toContain(`lapak orders complete ${code}`)
  expect(shown).toContain("WITA")
  expect(shown).not.toContain("WIB")
  expect(await stall.run("orders", "complete", code)).toMatchObject({ exitCode: 0 })
  expect(await heard(stall, from, "selesai")).toContain(`.struk ${code}`)
  expect((await stall.run("orders", "find", from)).stdout).toContain(code)
})

test("digital goods say when they were delivered, are sent again by hand, and operators' words are nothing to customers", async () => {
  const { stall, from, ask } = await openParcelShop()
  await using _ = stall
  const [payload = ""] = await stall.sell({ units: 2 })
  await ask(from, ".buy KOPI 1 saldo")
  await stall.atRest()
  const code = await codeOf(stall)
  expect(await ask(from, `.status ${code}`)).toMatch(/^Terkirim \d/m)
  expect(await ask(from, ".riwayat")).toContain(`Kirim lagi: .kirim ${code}`)
  expect(await ask(from, ".struk")).toMatch(/^Terkirim \d/m)
  expect(await ask(owner, `.kirimulang ${code}`)).toContain("dikirim lagi")
  expect(await heard(stall, from, "dikirim ulang")).toContain(payload)
  expect(await ask(owner, `.dikemas ${code}`)).toContain("barang digital")
  expect(await ask(from, `.terima ${code}`)).toContain("barang digital")

  const before = stall.peer.messagesTo(from).length
  for (const words of [`.kirimulang ${code}`, `.resi ${code} JNE 1`, ".penjualan"])
    expect(await ask(from, words)).toContain("belum paham")
  await stall.atRest()
  expect(stall.peer.messagesTo(from)).toHaveLength(before + 3)
})
