import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { cuttingProxy } from "../support/cutting-proxy.ts"
import { eventually } from "../support/eventually.ts"
import type { ShopProcess } from "../support/shop-process.ts"
import { openStall, type Stall } from "../support/stall.ts"

const owner = "6281777777777"
let stall: Stall
let shop: ShopProcess
let folder: string
let proxy: Awaited<ReturnType<typeof cuttingProxy>>

beforeAll(async () => {
  stall = await openStall({ ownServer: true })
  await stall.sell({ units: 20, price: 10_000 })
  folder = await mkdtemp(join(tmpdir(), "lapak-cut-"))
  const address = stall.postgres?.address
  if (!address) throw new Error("the stall has no server of its own")
  proxy = await cuttingProxy(folder, join(address.folder, ".s.PGSQL.5432"))
  const host = encodeURIComponent(folder)
  shop = await stall.open({
    DEMO: "on",
    OWNER_NUMBERS: owner,
    DATABASE_URL: `postgres://${address.user}@localhost/${address.database}?host=${host}`,
  })
})

afterAll(async () => {
  await stall[Symbol.asyncDispose]()
  await proxy.stop()
  await rm(folder, { recursive: true, force: true })
})

/** What the committed answer says that is cut off: a message was stored, bought with, answered. */
const answers: ReadonlyArray<readonly [what: string, inTheAnswer: RegExp, text: string]> = [
  ["stored", /working/, ".buy KOPI 1 saldo"],
  ["sold", /"kind": ?"paid"/, ".buy KOPI 1 saldo"],
  ["answered", /"promise"/, ".menu"],
]

/** As a gateway does: again and again until it is taken. */
const say = (message: { id: string; from: string; text: string }) =>
  eventually("the message is taken", async () => (await stall.peer.send(shop.url, message)).status < 300)

for (const [what, inTheAnswer, text] of answers) {
  test(`a message that was ${what} while PostgreSQL's word of it was lost is served once, and the next too`, async () => {
    const [from = ""] = await stall.welcome(1, 50_000)
    proxy.cutNext(inTheAnswer)
    await say({ id: `lost-${what}`, from, text })
    await eventually("the answer was cut off", () => proxy.cuts() > 0)
    await say({ id: `next-${what}`, from, text: ".saldo" })
    await stall.atRest()
    const bought = text.startsWith(".buy") ? 1 : 0
    const orders = await stall.sql`
      select from orders join users on users.id = orders.user_id where number = ${from}
    `
    expect(orders).toHaveLength(bought)
    expect(await stall.balanceOf(from)).toBe(50_000 - bought * 10_000)
    await eventually("both are answered", async () => {
      const [row] = await stall.sql<{ count: number }[]>`
        select count(*)::integer as count from outbox
          join users on users.id = outbox.user_id
         where number = ${from} and outbox.state = 'sent'
      `
      return row?.count === 2
    })
    const told = stall.peer.messagesTo(from).filter(({ id }) => !id.startsWith("sorry-"))
    expect(told).toHaveLength(2)
    expect(await stall.audit()).toEqual([])
  })
}

test("what is cancelled while PostgreSQL's word of it is lost is cancelled once, and nothing else with it", async () => {
  const [from = ""] = await stall.welcome(1, 0)
  await stall.peer.ask(shop.url, from, ".buy KOPI 1 qris")
  await stall.peer.ask(shop.url, from, ".deposit 20000")
  await stall.atRest()
  proxy.cutNext(/deposit_cancelled|COMMIT/)
  await say({ id: "lost-cancel", from, text: ".batal" })
  await eventually("the answer was cut off", () => proxy.cuts() > 0)
  await stall.atRest()
  const states = await stall.sql`
    select purpose, payments.state from payments join users on users.id = user_id
     where number = ${from} order by payments.id
  `
  expect(states.map(({ state }) => state)).toEqual(["pending", "cancelled"])
  await stall.peer.ask(shop.url, from, ".batal")
})

test("a price is seen as it was made at once, though PostgreSQL's word of it was lost", async () => {
  const [from = ""] = await stall.welcome(1, 0)
  const list = async () => (await stall.peer.ask(shop.url, from, ".produk")).text
  expect(await list()).toContain("Rp 10.000")
  await stall.peer.ask(shop.url, owner, ".menu")
  await stall.atRest()
  proxy.cutNext(/COMMIT/)
  await say({ id: "lost-price", from: owner, text: ".harga KOPI 11000" })
  await eventually("the answer was cut off", () => proxy.cuts() > 0)
  await stall.atRest()
  expect(await list()).toContain("Rp 11.000")
  await stall.peer.ask(shop.url, owner, ".harga KOPI 10000")
})

test("a shop that was frozen in the middle of its sales leaves nothing lying", async () => {
  const customers = await stall.welcome(8, 50_000)
  const asked = customers.map((from) => stall.peer.tell(shop.url, from, ".buy KOPI 1 saldo"))
  await shop.signal("SIGSTOP")
  await Bun.sleep(1_000)
  await shop.signal("SIGCONT")
  await Promise.allSettled(asked)
  await stall.atRest()
  expect(await stall.audit()).toEqual([])
})
