import { expect, test } from "bun:test"
import { createVoucher } from "../../src/database/voucher-desk.ts"
import { rupiah } from "../../src/shop/money.ts"
import { eventually } from "../support/eventually.ts"
import { openStall } from "../support/stall.ts"

const crowd = 200
const uses = 50
const price = 10_000
const discount = 1_000

test("200 customers of two processes want a voucher of 50 uses at once: it is used 50 times, then as often as it is freed", async () => {
  await using stall = await openStall({ environment: { DEMO: "on" } })
  const { peer, sql } = stall
  const urls = (await Promise.all([stall.open(), stall.open()])).map(({ url }) => url)
  await stall.sell({ units: crowd, price })
  const customers = await stall.welcome(crowd, price)
  const made = {
    code: "HEMAT",
    discount: { amount: rupiah(discount) },
    rules: { usesMax: uses },
    actor: "test",
  }
  await createVoucher(sql, made)
  await sql`insert into voucher_choices (user_id, voucher_id) select users.id, vouchers.id from users, vouchers`
  const used = async () => {
    const rows = await sql<{ uses: number; held: number }[]>`
      select uses, (select count(*)::integer from voucher_uses where state = 'held') as held from vouchers
    `
    return rows[0]
  }
  const buy = async (numbers: readonly string[], method: (place: number) => string) => {
    const asked = await Promise.all(
      numbers.map((number, place) =>
        peer.tell(urls[place % 2] ?? "", number, `.buy KOPI 1 ${method(place)}`),
      ),
    )
    return await Promise.all(asked.map(peer.replyTo))
  }

  const replies = await buy(customers, (place) => (place % 3 === 0 ? "qris" : "saldo"))
  const refused = replies.filter(({ text }) => text.includes("kuotanya sudah habis terpakai"))
  expect(refused).toHaveLength(crowd - uses)
  expect(replies.filter(({ text }) => text.includes("Potongan voucher: -Rp 1.000"))).toHaveLength(uses)
  expect(await used()).toMatchObject({ uses })

  const held = (await used())?.held ?? 0
  await sql`update payments set expires_at = now() - interval '1 second' where state = 'pending'`
  await sql`update orders set expires_at = now() - interval '1 second' where status = 'awaiting_payment'`
  await eventually("the unpaid orders are over", async () => (await used())?.uses === uses - held)
  const others = refused.slice(0, held + 5).map(({ to }) => to)
  await sql`
    insert into voucher_choices (user_id, voucher_id)
    select users.id, vouchers.id from users, vouchers where number = any (${others}::text[])
    on conflict (user_id) do update set dropped_by = null
  `
  const again = await buy(others, () => "saldo")
  expect(again.filter(({ text }) => text.includes("Potongan voucher: -Rp 1.000"))).toHaveLength(held)
  await stall.atRest()
  expect(await used()).toEqual({ uses, held: 0 })
  const [sold] = await sql<{ count: number; total: number }[]>`
    select count(*)::integer as count, sum(total)::bigint as total from orders where status = 'delivered'
  `
  expect(sold).toEqual({ count: uses, total: uses * (price - discount) })
  expect(await stall.audit()).toEqual([])
  expect(peer.problems()).toEqual([])
})
