import { expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { eventually } from "../support/eventually.ts"
import { openStall, type Stall } from "../support/stall.ts"

const price = 10_000
const units = 40
const wave = 15
const soldOut = textsFor("id").soldOut({ code: "KOPI", name: "Voucher KOPI", left: 0, wanted: 1 })

/** What happens to Redis between two waves of customers, and how it is mended if it does not mend itself. */
type Disturbance = Readonly<{
  happen: (stall: Stall) => Promise<unknown>
  mend?: (stall: Stall) => Promise<unknown>
}>

test("Redis killed: sales go on, exact, and the shop says that it is degraded until it is back", () =>
  sellThrough({
    happen: ({ redis }) => redis.signal("SIGKILL"),
    mend: ({ redis }) => redis.start(),
  }))

test("Redis frozen: sales go on, exact, and the shop says that it is degraded until it is back", () =>
  sellThrough({
    happen: ({ redis }) => redis.signal("SIGSTOP"),
    mend: ({ redis }) => redis.signal("SIGCONT"),
  }))

test("Redis flushed: sales go on, exact", () =>
  sellThrough({ happen: ({ redis }) => redis.command("FLUSHALL") }))

test("Redis without its scripts: sales go on, exact", () =>
  sellThrough({ happen: ({ redis }) => redis.command("SCRIPT", "FLUSH") }))

async function sellThrough({ happen, mend }: Disturbance): Promise<void> {
  await using stall = await openStall()
  const { peer } = stall
  const { url } = await stall.open()
  const payloads = await stall.sell({ units, price })
  const customers = await stall.welcome(3 * wave, price)
  const come = (first: number) =>
    customers.slice(first, first + wave).map((from) => peer.tell(url, from, ".buy KOPI 1"))
  const status = async () => {
    const answer = (await (await fetch(`${url}/readyz`)).json()) as { status?: unknown }
    return answer.status
  }
  await eventually("Redis is there", async () => (await status()) === "ready")

  const early = come(0)
  await happen(stall)
  for (const id of await Promise.all([...early, ...come(wave)])) await peer.replyTo(id)
  if (mend) {
    await eventually("it is degraded", async () => (await status()) === "degraded")
    await mend(stall)
  }
  await eventually("it is ready again", async () => (await status()) === "ready")
  await Promise.all(come(2 * wave))
  await stall.atRest()

  const said = peer.messages().map(({ text }) => text)
  const goods = said.flatMap((text) => payloads.filter((payload) => text.includes(payload)))
  expect(goods.toSorted()).toEqual(payloads.toSorted())
  expect(said.filter((text) => text === soldOut)).toHaveLength(3 * wave - units)
  await stall.hasFree("KOPI", 0)
  expect(await stall.audit()).toEqual([])
  expect(peer.problems()).toEqual([])
}
