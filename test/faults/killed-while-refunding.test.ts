import { expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { openMidtransStall } from "../support/midtrans-stall.ts"

const price = 10_000
const owner = "6281777777777"

/** A delivered order, and a shop that was killed when Midtrans was asked to pay it back. */
async function killWhileRefunding(fault: "hang" | "lost_answer") {
  const stall = await openMidtransStall({ environment: { OWNER_NUMBERS: owner } })
  const { peer, midtrans } = stall
  const shop = await stall.open()
  await stall.sell({ units: 1, price })
  const [from = ""] = await stall.welcome(1, 0)
  const { reference, code } = await stall.order(shop, from)
  await stall.notify(shop, stall.pay(reference))
  await eventually("the goods", async () => (await stall.statusOf(code)) === "delivered")
  await stall.atRest()
  midtrans.faults.plan("refund", { kind: fault })
  await peer.ask(shop.url, owner, `.refund ${code} semua provider rusak`)
  const asked = await peer.tell(shop.url, owner, "ya")
  await eventually("Midtrans is asked", () =>
    midtrans.requests().some(({ path }) => path.endsWith("/refund")),
  )
  await shop.signal("SIGKILL")
  midtrans.faults.clear()
  return { stall, from, reference, code, asked, [Symbol.asyncDispose]: stall[Symbol.asyncDispose] }
}

for (const [fault, said] of [
  ["hang", "has not paid it back"],
  ["lost_answer", "has paid it back, but its answer is not in"],
] as const)
  test(`killed when Midtrans is asked for a refund and ${said}: it is paid back once, and told`, async () => {
    await using killed = await killWhileRefunding(fault)
    const { stall, from, reference, code, asked } = killed
    const { peer, midtrans, sql } = stall
    await stall.open()
    expect((await peer.replyTo(asked)).text).toContain("sudah dikembalikan")
    await stall.atRest()
    expect(midtrans.transaction(reference)?.refunds.map(({ amount }) => amount)).toEqual([price])
    const keys = midtrans
      .requests()
      .filter(({ path }) => path.endsWith("/refund"))
      .map(({ body }) => (body as { refund_key?: unknown }).refund_key)
    expect(keys.length).toBeGreaterThan(1)
    expect(new Set(keys).size).toBe(1)
    expect(await stall.statusOf(code)).toBe("refunded")
    expect(await sql`select state from refunds`).toMatchObject([{ state: "done" }])
    const told = peer.messagesTo(from).filter(({ text }) => text.includes("dikembalikan"))
    expect(told).toHaveLength(2)
    expect(await stall.audit()).toEqual([])
    expect(peer.problems()).toEqual([])
  })
