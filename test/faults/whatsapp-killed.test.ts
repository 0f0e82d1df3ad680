import { expect, test } from "bun:test"
import { whatsappIdOf } from "../../src/channels/whatsapp/write-message.ts"
import type { Customer } from "../simulators/whatsapp/customer.ts"
import { eventually } from "../support/eventually.ts"
import { writeFigure } from "../support/figures.ts"
import type { ShopProcess } from "../support/shop-process.ts"
import { openWhatsAppStall, type WhatsAppStall } from "../support/whatsapp-stall.ts"

const kills = Number(process.env.LAPAK_KILLS ?? 5)
const messagesCount = Number(process.env.LAPAK_MESSAGES ?? 150)
const seed = Number(process.env.LAPAK_SEED ?? 1)
const customersCount = 50
const price = 10_000

/** What a customer says, one after the other: with two purchases, even counted twice in a minute. */
const script = [
  ".menu",
  ".buy KOPI 1",
  ".saldo",
  ".buy KOPI 1",
  ".produk",
  ".riwayat",
  ".bantuan",
  ".detail KOPI",
  ".saldo",
  ".menu",
]

test(`killed ${kills} times during ${messagesCount} messages: all are answered, all purchases made once`, async () => {
  await using stall = await openWhatsAppStall()
  const random = chance(seed)
  let shop = await stall.openPaired()
  const customers = await stall.welcome(customersCount, 2 * price)
  const said = Array.from({ length: messagesCount }, (_, place) => ({
    customer: at(customers, place % customersCount),
    text: at(script, Math.floor(place / customersCount) % script.length),
  }))
  const purchases = said.filter(({ text }) => text.startsWith(".buy")).length
  // More than is bought: what the dead had held comes back only later.
  const payloads = await stall.sell({ units: 2 * purchases, price })
  const answers = () => customers.reduce((sum, { received }) => sum + received.length, 0)

  const ids: string[] = []
  const startedAt = performance.now()
  const perRound = Math.ceil(messagesCount / (kills + 1))
  for (let round = 0; round <= kills; round += 1) {
    const before = answers()
    const now = said.slice(round * perRound, (round + 1) * perRound)
    for (const { customer, text } of now) ids.push(await customer.say(text))
    if (round === kills) break
    const enough = before + Math.floor(random() * now.length)
    await eventually("some are answered", () => answers() >= enough)
    await Bun.sleep(random() * 20)
    shop = await killAndReopen(stall, shop)
  }
  await eventually("all are confirmed", () => stall.whatsapp.waiting() === 0)
  await stall.atRest()
  const figures = { seed, ...repeats(customers), ms: performance.now() - startedAt }
  await writeFigure(`killed ${kills} times during ${messagesCount} messages`, figures)

  expect(stall.whatsapp.problems()).toEqual([])
  await expectEachAnswered(stall, ids)
  await expectSentIsReceived(stall, customers)
  const goods = customers.flatMap((customer) => goodsOf(customer, payloads))
  expect(goods.toSorted()).toEqual([...new Set(goods)].toSorted())
  const refused = customers.flatMap(({ received }) => received.filter(({ text }) => isInProgress(text)))
  expect(goods.length + refused.length).toBe(purchases)
  expect(await stall.freeUnits()).toBe(payloads.length - goods.length)
  for (const customer of customers) {
    const bought = goodsOf(customer, payloads).length
    expect(await stall.balanceOf(customer.number)).toBe(2 * price - bought * price)
  }
  expect(await stall.faults()).toEqual([])
})

const goodsOf = ({ received }: Customer, payloads: readonly string[]) =>
  received.flatMap(({ text }) => payloads.filter((payload) => text.includes(payload)))

/** Redis still has the lock of a purchase whose process died when it was made: an honest answer, too. */
const isInProgress = (text: string) => text.includes("sedang diproses")

async function killAndReopen(stall: WhatsAppStall, shop: ShopProcess): Promise<ShopProcess> {
  await shop.signal("SIGKILL")
  // Nobody waits here for the time after which a process that is not heard of has lost the account.
  await stall.sql`update whatsapp_account set held_until = clock_timestamp() where holder is not null`
  return await stall.open()
}

async function expectEachAnswered({ sql }: WhatsAppStall, ids: readonly string[]): Promise<void> {
  const rows = await sql<{ id: string; answers: number }[]>`
    select split_part(inbox.message_id, '/', 1) as id, count(outbox.id)::integer as answers
      from inbox
      left join outbox
        on outbox.in_reply_to = inbox.message_id
       and outbox.user_id = inbox.user_id
       and outbox.state = 'sent'
     group by inbox.id
  `
  expect(rows.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
  expect(rows.filter(({ answers }) => answers < 1)).toEqual([])
}

/** Everything under the id it was promised under, and nothing else: what came twice came under one id. */
async function expectSentIsReceived({ sql }: WhatsAppStall, customers: readonly Customer[]): Promise<void> {
  const rows = await sql<{ number: string; id: string }[]>`
    select number, message_id as id from outbox join users on users.id = user_id
  `
  const promised = rows.map(({ number, id }) => `${number} ${whatsappIdOf(id)}`)
  const received = customers.flatMap((customer) =>
    customer.received.map(({ id }) => `${customer.number} ${id}`),
  )
  expect(received.toSorted()).toEqual(promised.toSorted())
}

function repeats(customers: readonly Customer[]) {
  const times = customers.flatMap(({ received }) => received.map((message) => message.times))
  return { received: times.length, receivedAgain: times.filter((one) => one > 1).length }
}

/** Repeatable chance. */
function chance(from: number): () => number {
  let state = from
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

function at<Item>(items: readonly Item[], place: number): Item {
  const item = items[place]
  if (item === undefined) throw new Error("there are not so many")
  return item
}
