import { expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { ordersOf, sellParcels, stepOf, talkWith } from "../support/guided-stall.ts"
import { openMidtransStall } from "../support/midtrans-stall.ts"
import { openStall } from "../support/stall.ts"

const lines = ["pesan", "kaos", "2", "Budi", "Jl. Mawar 1, Solo", "ya"]

test("an order goes on as if nothing was, when the process is killed between two messages", async () => {
  await using stall = await openStall()
  await sellParcels(stall, { code: "KAOS-L", name: "Kaos Hitam", stock: 20 })
  let shop = await stall.open()
  const calm = await talkWith(stall, shop, { balance: 60_000 })
  const undisturbed: string[] = []
  for (const line of lines) undisturbed.push(await calm.say(line))

  const { from } = await talkWith(stall, shop, { balance: 60_000 })
  const disturbed: string[] = []
  for (const [place, line] of lines.entries()) {
    if (place % 2 === 1) {
      await shop.signal("SIGKILL")
      shop = await stall.open()
    }
    disturbed.push((await stall.peer.ask(shop.url, from, line)).text)
  }
  expect(disturbed.map(comparable)).toEqual(undisturbed.map(comparable))
  expect(await ordersOf(stall, { from, say: calm.say })).toMatchObject([
    { status: "paid", method: "saldo", total: 40_000, delivery: { recipient: "Budi" } },
  ])
  expect(await stall.audit()).toEqual([])
})

test("killed after the yes, before the charge is made: the last unit stays theirs, and is charged once", async () => {
  await using stall = await openMidtransStall()
  await stall.sell({ code: "KOPI", price: 10_000, units: 1 })
  const shop = await stall.open()
  const budi = await talkWith(stall, shop)
  for (const line of ["kopi", "1"]) await budi.say(line)
  stall.midtrans.faults.plan("charge", { kind: "hang" })
  await stall.peer.tell(shop.url, budi.from, "ya")
  await eventually("Midtrans is asked", () =>
    stall.midtrans.requests().some(({ path }) => path === "/v2/charge"),
  )
  await shop.signal("SIGKILL")
  stall.midtrans.faults.clear()
  await stall.open()
  const request = await eventually("the code", () => stall.peer.messagesTo(budi.from)[2])
  expect(request.text).toContain("Bayar Rp 10.000 lewat QRIS")
  await stall.atRest()
  expect(stall.midtrans.transactions()).toHaveLength(1)
  expect(await ordersOf(stall, budi)).toMatchObject([{ status: "awaiting_payment", total: 10_000 }])
  expect(await stepOf(stall, budi)).toBeUndefined()
})

/** The orders have codes of their own, and the second customer finds two fewer. */
function comparable(text: string): string {
  return text.replaceAll(/LPK-\w+/g, "LPK").replaceAll(/(sisa|sampai) (18|20)\b/g, "$1 all")
}
