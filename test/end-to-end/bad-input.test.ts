import { expect, test } from "bun:test"
import type { Command, InvalidReason } from "../../src/conversation/intent.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { openStall } from "../support/stall.ts"
import { gatewaySecret, signedByGateway } from "../support/web.ts"

const texts = textsFor("id", { offersQris: false })
const invalid = (command: Command, reason: InvalidReason) => texts.invalid(command, reason)
const outOfRange = invalid("buy", { kind: "quantity_out_of_range", min: 1, max: 100 })
const malformedCode = invalid("buy", { kind: "malformed_code" })
const notANumber = invalid("buy", { kind: "quantity_not_a_number" })
const menu = (customerName?: string) => texts.menu({ shopName: "Lapak", customerName })

/** What customers send by mistake or by malice, and the help each of it gets. */
const nonsense: ReadonlyArray<readonly [what: string, text: string, reply: string]> = [
  ["more than 500 characters", "a".repeat(501), texts.tooLong({ max: 500 })],
  ["a huge text", ".buy KOPI ".repeat(4_000), texts.tooLong({ max: 500 })],
  ["nothing", "", texts.empty()],
  ["blanks only", " \t\n ", texts.empty()],
  ["control characters only", "\u0001\u0007\u001b\u007f\u200e", texts.empty()],
  ["a NUL", "\u0000", texts.noWords()],
  ["emoji only", "😀👍🏽🇮🇩", texts.noWords()],
  ["half an emoji", "\ud83d", texts.noWords()],
  ["a quantity of 0", ".buy KOPI 0", outOfRange],
  ["a quantity of -1", ".buy KOPI -1", outOfRange],
  ["a quantity of 1.5", ".buy KOPI 1.5", invalid("buy", { kind: "quantity_not_whole" })],
  ["a quantity of 1e9", ".buy KOPI 1e9", notANumber],
  ["a quantity beyond every number", `.buy KOPI ${"9".repeat(400)}`, outOfRange],
  ["a quantity in circled digits", ".buy KOPI ②", notANumber],
  ["an unknown code", ".buy TIDAKADA", texts.productNotFound({ code: "TIDAKADA", suggestions: [] })],
  ["SQL", ".buy KOPI';drop/**/table/**/users;--", malformedCode],
  ["SQL after the code", ".buy KOPI 1;delete from orders", notANumber],
  ["SQL as an order", ".status ' or 1=1 --", invalid("status", { kind: "malformed_order_code" })],
  ["Redis syntax", ".detail *1\r\n$8\r\nFLUSHALL\r\n", invalid("detail", { kind: "malformed_code" })],
  ["a Redis key", ".buy {lapak}:stock:KOPI", malformedCode],
  ["a property every object has", ".detail __proto__", invalid("detail", { kind: "malformed_code" })],
  ["a text that looks like a template", "$(cat secret) {{secret}} %s", texts.unknown({})],
]

test("whatever a customer sends gets a helpful reply, breaks nothing, and leaves no trace in the log", async () => {
  await using stall = await openStall({ environment: { LOG_LEVEL: "debug" } })
  const { peer } = stall
  const shop = await stall.open()
  const payloads = await stall.sell({ units: 2 })
  const customers = await stall.welcome(nonsense.length + 1, 10_000)
  const stockBefore = await stall.freeUnits()

  for (const [place, [what, text, reply]] of nonsense.entries()) {
    const answer = await peer.ask(shop.url, customers[place] ?? "", text)
    expect({ what, reply: answer.text }).toEqual({ what, reply })
  }
  expect(await stall.freeUnits()).toBe(stockBefore)

  const buyer = customers.at(-1) ?? ""
  const goods = await peer.ask(shop.url, buyer, ".buy KOPI 1")
  expect(goods.text).toContain(payloads[0] ?? "there is a payload")
  await stall.atRest()
  expect(await stall.audit()).toEqual([])
  expect(peer.problems()).toEqual([])

  expect(await shop.close()).toBe(0)
  const log = shop.written()
  expect(log).toContain('"level":"debug"')
  for (const line of log.split("\n").filter((line) => line.startsWith("{"))) {
    expect(line).not.toMatch(/"level":"(warn|error|fatal)"/)
  }
  const secrets = [...customers, ...payloads, "5e5e5e5e", gatewaySecret, "FLUSHALL", "KOPI';", "aaaaaaaa"]
  for (const secret of secrets) expect(log).not.toContain(secret)
})

test("a name is shown as it is, shortened, whatever characters it is made of", async () => {
  await using stall = await openStall()
  const { peer } = stall
  const { url } = await stall.open()
  const names = [
    ["𝕭𝖚𝖉𝖎 🧕🏽", "𝕭𝖚𝖉𝖎 🧕🏽"],
    ["😀".repeat(120), "😀".repeat(100)],
    ["Siti\ud83d\u0000\u202eX", undefined],
  ] as const
  for (const [place, [name, shown]] of names.entries()) {
    const message = { id: `named-${place}`, from: `62899000000${place}`, text: "halo", name }
    expect(await peer.send(url, message)).toMatchObject({ status: 202 })
    const { text } = await peer.replyTo(message.id)
    if (shown !== undefined) expect(text).toBe(menu(shown))
    else expect(text).toContain("Siti")
    expect(text.isWellFormed()).toBe(true)
  }
})

test("a gateway that is forged, stale, malformed or too large is refused, and nothing of it is stored", async () => {
  await using stall = await openStall()
  const { url } = await stall.open()
  const body = JSON.stringify({ id: "one", from: "6281234567890", text: ".menu" })
  const at = new Date()
  const post = async (request: RequestInit) => (await fetch(`${url}/webhooks/gateway`, request)).status
  const signed = (text: string, changes: { at?: Date; secret?: string } = {}) =>
    signedByGateway(text, { at, secret: gatewaySecret, ...changes })
  const minutesAway = (minutes: number) => new Date(at.getTime() + minutes * 60_000)

  expect(await post(signed(body, { secret: "another secret, also long" }))).toBe(401)
  expect(await post({ ...signed(body), body: body.replace("menu", "buy KOPI") })).toBe(401)
  expect(await post({ method: "POST", body })).toBe(401)
  expect(await post(signed(body, { at: minutesAway(-6) }))).toBe(401)
  expect(await post(signed(body, { at: minutesAway(6) }))).toBe(401)
  for (const malformed of ["", "[]", "{", '{"id":1}', '{"id":"a","from":"+62812","text":"x"}'])
    expect(await post(signed(malformed))).toBe(422)
  expect(await post(signed("x".repeat(70_000)))).toBe(413)
  expect(await stall.sql`select from inbox`).toHaveLength(0)
  expect(await post(signed(body))).toBe(202)
})
