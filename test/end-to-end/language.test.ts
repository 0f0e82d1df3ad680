import { expect, test } from "bun:test"
import { openStall } from "../support/stall.ts"

test("who asks for another language is answered in it at once, demo mark included, and from then on", async () => {
  await using stall = await openStall({ environment: { DEMO: "on" } })
  const shop = await stall.open()
  const [from = ""] = await stall.welcome(1, 0)
  expect((await stall.peer.ask(shop.url, from, ".saldo")).text).toStartWith("DEMO – bukan uang sungguhan\n")
  const changed = await stall.peer.ask(shop.url, from, ".bahasa en")
  expect(changed.text).toStartWith("DEMO – not real money\n\nDone, we go on in English.")
  expect((await stall.peer.ask(shop.url, from, ".balance")).text).toContain("Balance: *Rp 0*")
})
