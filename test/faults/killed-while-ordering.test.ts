import { expect, test } from "bun:test"
import { ordersOf, sellParcels, talkWith } from "../support/guided-stall.ts"
import { openStall } from "../support/stall.ts"

const lines = ["pesan", "kaos", "2", "Budi", "Jl. Mawar 1, Solo", "ya"]

test("an order goes on as if nothing was, when the process is killed between any two messages", async () => {
  await using stall = await openStall()
  await sellParcels(stall, { code: "KAOS-L", name: "Kaos Hitam", stock: 20 })
  let shop = await stall.open()
  const calm = await talkWith(stall, shop, { balance: 60_000 })
  const undisturbed: string[] = []
  for (const line of lines) undisturbed.push(await calm.say(line))

  const { from } = await talkWith(stall, shop, { balance: 60_000 })
  const disturbed: string[] = []
  for (const line of lines) {
    await shop.signal("SIGKILL")
    shop = await stall.open()
    disturbed.push((await stall.peer.ask(shop.url, from, line)).text)
  }
  expect(disturbed.map(comparable)).toEqual(undisturbed.map(comparable))
  expect(await ordersOf(stall, { from, say: calm.say })).toMatchObject([
    { status: "paid", method: "saldo", total: 40_000, delivery: { recipient: "Budi" } },
  ])
  expect(await stall.audit()).toEqual([])
})

/** The orders have codes of their own, and the second customer finds two fewer. */
function comparable(text: string): string {
  return text.replaceAll(/LPK-\w+/g, "LPK").replaceAll(/(sisa|sampai) (18|20)\b/g, "$1 all")
}
