import { expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { eventually } from "../support/eventually.ts"
import { openStall, type Stall } from "../support/stall.ts"

const texts = textsFor("id")

const orderCodeIn = (text: string) => /LPK-[A-Z0-9]{7}/.exec(text)?.[0] ?? ""

const isDelivered = ({ sql }: Stall, orderCode: string) =>
  eventually(`${orderCode} is delivered`, async () => {
    const rows = await sql`select from orders where code = ${orderCode} and status = 'delivered'`
    return rows.length === 1
  })

test("twenty claims at once for one unit, at two processes, replace it once and count it once", async () => {
  await using stall = await openStall()
  const { peer } = stall
  const processes = [await stall.open(), await stall.open()]
  const url = (place: number) => processes[place % processes.length]?.url ?? ""
  const [sold = "", fresh = ""] = await stall.sell({ units: 30, price: 10_000 })
  expect((await stall.run("warranty", "kopi", "7")).exitCode).toBe(0)
  const [from = ""] = await stall.welcome(1, 50_000)
  const goods = (await peer.ask(url(0), from, ".buy KOPI 1")).text
  expect(goods).toContain(sold)
  const orderCode = orderCodeIn(goods)
  await isDelivered(stall, orderCode)
  await stall.hasFree("KOPI", 29)

  const asked = await Promise.all(
    Array.from({ length: 20 }, (_, place) => peer.tell(url(place), from, `.garansi ${orderCode}`)),
  )
  await stall.atRest()
  const replies = asked.flatMap((id) => peer.repliesTo(id).map(({ text }) => text))
  expect(replies).toHaveLength(20)
  const [replaced, ...others] = replies.filter((text) => text.includes("-secret"))
  expect(others).toEqual([])
  expect(replaced).toBe(
    texts.warrantyReplaced({ orderCode, name: "Voucher KOPI", place: 1, count: 1, units: [fresh] }),
  )
  const refusal = { kind: "claimed_before", orderCode, wasReplaced: true, place: 1, count: 1 } as const
  for (const text of replies) if (text !== replaced) expect(text).toBe(texts.warrantyRefused(refusal))

  const again = (await peer.ask(url(1), from, `.kirim ${orderCode}`)).text
  expect(again).toContain(fresh)
  expect(again).not.toContain(`${sold}\n`)
  await stall.hasFree("KOPI", 28)
  expect(await stall.balanceOf(from)).toBe(40_000)
  expect(await stall.audit()).toEqual([])
})

test("a claim is told in plain words: which unit, money back with the new balance, and nothing to claim", async () => {
  await using stall = await openStall()
  const { peer } = stall
  const { url } = await stall.open()
  const [first = ""] = await stall.sell({ units: 4, price: 10_000 })
  const [from = ""] = await stall.welcome(1, 50_000)
  expect((await peer.ask(url, from, ".detail KOPI")).text).not.toContain("Garansi")
  await stall.run("warranty", "KOPI", "7", "--policy", "refund")
  expect((await peer.ask(url, from, ".detail KOPI")).text).toContain("Garansi 7 hari")

  const goods = (await peer.ask(url, from, ".buy KOPI 2")).text
  expect(goods).toContain(first)
  const orderCode = orderCodeIn(goods)
  await isDelivered(stall, orderCode)
  expect((await peer.ask(url, from, `.garansi ${orderCode}`)).text).toContain(`.garansi ${orderCode} 1`)
  expect((await peer.ask(url, from, ".saldo")).text).toContain("Rp 30.000")
  const refunded = (await peer.ask(url, from, `.garansi ${orderCode} 2`)).text
  expect(refunded).toContain("Barang ke-2: Voucher KOPI")
  expect(refunded).toContain("Rp 10.000 sudah masuk saldo.\nSaldo sekarang: *Rp 40.000*")
  expect((await peer.ask(url, from, ".saldo")).text).toContain("Rp 40.000")
  expect((await peer.ask(url, from, ".garansi LPK-0000000")).text).toBe(
    texts.orderNotFound({ orderCode: "LPK-0000000" }),
  )
  expect((await peer.ask(url, from, ".bahasa en")).text).toContain("English")
  expect((await peer.ask(url, from, `.warranty ${orderCode} 2`)).text).toContain(
    "was claimed before and paid back",
  )
  await stall.atRest()
  expect(await stall.audit()).toEqual([])
})
