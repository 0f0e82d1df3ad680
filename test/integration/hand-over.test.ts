import { afterAll, beforeAll, expect, test } from "bun:test"
import { pauseChat } from "../../src/database/quiet-chats.ts"
import { refusal } from "../support/selling.ts"
import { openTeamChat, type TeamChat } from "../support/team-chat.ts"

let chat: TeamChat

beforeAll(async () => {
  chat = await openTeamChat()
})
afterAll(() => chat.close())

/** Word of this customer alone: the team is the same in all tests. */
const toldOf = async (operator: string, customer: string) =>
  (await chat.told(operator)).filter((text) => text.includes(customer))

test("a customer who asks for a person hears so, the team is told, and the shop is silent until resumed", async () => {
  const { ask, sql } = chat
  const [owner, admin] = [await chat.join("owner"), await chat.join("admin")]
  const [number, other] = [await chat.join(), await chat.join("reseller")]
  await sql`update users set name = 'Budi*' where number = ${number}`
  await sql`update users set language = 'en' where number = ${admin}`

  expect(await ask(number, "bantuan admin kak")).toMatch(/orangnya akan membalas.*sampai .* WIB/s)
  expect(await toldOf(owner, number)).toEqual([
    expect.stringMatching(
      new RegExp(`Budi minta dibalas orang.*wa.me/${number}.*\\.lanjutkan ${number}`, "s"),
    ),
  ])
  expect(await toldOf(admin, number)).toEqual([expect.stringContaining("Budi asks for a person")])
  expect(await toldOf(other, number)).toEqual([])

  for (const text of [".menu", ".cs", ".bot"]) expect(await ask(number, text)).toBeUndefined()
  expect(await toldOf(owner, number)).toHaveLength(1)
  expect(await ask(other, ".menu")).toBeDefined()

  expect(await ask(admin, ".antre")).toContain(`Budi (${number}): waiting since`)
  expect(await ask(owner, `.lanjutkan ${number.slice(-6)}`)).toContain("Bot menjawab lagi")
  expect(await ask(owner, `.lanjutkan ${number}`)).toContain("memang sedang menjawab")
  expect(await ask(number, ".menu")).toContain("Selamat datang")
  expect(await chat.record(number)).toEqual([
    { actor: `user:${await chat.idOf(owner)}`, action: "resume_chat", details: {} },
  ])
})

test("twelve hours later the shop answers by itself, and asking again tells the team again", async () => {
  const { ask, sql } = chat
  const [owner, number] = [await chat.join("owner"), await chat.join()]
  await ask(number, ".cs")
  await sql`update users set quiet_until = quiet_until - interval '11 hours 59 minutes' where number = ${number}`
  expect(await ask(number, ".saldo")).toBeUndefined()
  await sql`update users set quiet_until = quiet_until - interval '1 minute' where number = ${number}`
  expect(await ask(number, ".saldo")).toContain("Saldo")
  expect(await ask(owner, ".antre")).not.toContain(number)
  await sql`update outbox set state = 'sent' where kind = 'person_wanted'`
  await ask(number, ".cs")
  expect(await toldOf(owner, number)).toHaveLength(2)
})

test("the handover and its answer are one: who lost the message changes nothing", async () => {
  const number = await chat.join()
  const { id, message } = await chat.accept(number, ".cs")
  await chat.sql`update inbox set claimed_by = 999 where message_id = ${id}`
  expect(await refusal(chat.handle(message))).toBe("LP001")
  expect(await chat.sql`select from users where number = ${number} and quiet_until is not null`).toHaveLength(
    0,
  )
  expect(await chat.sql`select from outbox where data ->> 'number' = ${number}`).toHaveLength(0)
})

test("what a customer wrote behind their wish for a person gets no answer, either", async () => {
  const number = await chat.join()
  const first = await chat.accept(number, ".cs")
  await chat.sql`
    insert into inbox (channel, message_id, user_id, text, state)
    values ('gateway', 'behind', ${await chat.idOf(number)}, '.menu', 'waiting')
  `
  const next = await chat.handle(first.message)
  expect(next).toMatchObject({ text: ".menu", quiet: true })
  if (next) await chat.handle(next)
  expect(await chat.replyTo("behind")).toBeUndefined()
})

test("a customer takes their wish for a person back; a silence that an operator made stays", async () => {
  const { ask, database } = chat
  const [owner, number] = [await chat.join("owner"), await chat.join()]
  expect(await ask(number, ".lanjut")).toContain("Bot kembali menjawab")
  expect(await ask(number, ".cs")).toContain("Mau dibantu bot lagi? Balas .lanjut")
  expect(await ask(number, "lanjut")).toBeUndefined()
  expect(await ask(number, ".lanjut")).toContain("Bot kembali menjawab")
  expect(await ask(number, ".menu")).toContain("Selamat datang")
  expect(await ask(owner, ".antre")).not.toContain(number)

  await ask(owner, `.jeda ${number} 2`)
  expect(await ask(number, ".lanjut")).toBeUndefined()
  await ask(owner, `.lanjutkan ${number}`)
  await ask(number, ".cs")
  await pauseChat(database, { from: number, hours: 12 })
  expect(await ask(number, ".resume")).toBeUndefined()
})

test("a customer is told in a sentence that an operator gave the chat back, once", async () => {
  const { ask } = chat
  const [owner, number] = [await chat.join("owner"), await chat.join()]
  await ask(number, ".cs")
  await ask(owner, `.lanjutkan ${number}`)
  await ask(owner, `.lanjutkan ${number}`)
  expect(await chat.told(number)).toEqual(["Bot kembali menjawab di chat ini, Kak. Untuk mulai, balas .menu"])
})

test("a shop without anybody to answer says so, and goes on answering", async () => {
  const { ask, sql } = chat
  const number = await chat.join()
  const operators = await sql`
    update users set role = 'customer' where role in ('owner', 'admin') returning id
  `
  try {
    expect(await ask(number, ".cs")).toContain("belum ada orang")
    expect(await ask(number, ".saldo")).toContain("Saldo")
  } finally {
    await sql`update users set role = 'owner' where id in ${sql(operators.map(({ id }) => Number(id)))}`
  }
})

test("an operator who asks for a person is not shut out of the desk", async () => {
  const admin = await chat.join("admin")
  expect(await chat.ask(admin, ".cs")).toContain(".antre")
  expect(await chat.ask(admin, ".tim")).toContain("Tim toko")
})

test("an operator takes a chat over for as long as they say, and nobody waits in it any more", async () => {
  const { ask, sql } = chat
  const [admin, number] = [await chat.join("admin"), await chat.join()]
  await ask(number, ".cs")
  await sql`update users set quiet_until = now() where number = ${number}`
  expect(await ask(admin, `.jeda ${number} 2`)).toContain(`Bot diam di chat ${number} sampai`)
  expect(await ask(number, ".menu")).toBeUndefined()
  expect(await ask(admin, ".antre")).toContain(`${number}: bot diam sampai`)
  const [row] = await sql<{ hours: number }[]>`
    select extract(epoch from quiet_until - now()) / 3600 as hours from users where number = ${number}
  `
  expect(Math.round(Number(row?.hours))).toBe(2)
  expect(await chat.record(number)).toMatchObject([{ action: "pause_chat", details: { hours: 2 } }])
  // Set anew, it is as long as was asked for.
  await ask(admin, `.jeda ${number} 1`)
  const [anew] = await sql<{ isShorter: boolean }[]>`
    select quiet_until < now() + interval '61 minutes' as "isShorter" from users where number = ${number}
  `
  expect(anew).toEqual({ isShorter: true })
  expect(await ask(admin, `.jeda ${await chat.join("owner")}`)).toContain("operator toko")
})

test("a reply from the shop's own phone is a person who came: the customer waits no more", async () => {
  const { ask, database } = chat
  const [admin, number] = [await chat.join("admin"), await chat.join()]
  await ask(number, ".cs")
  expect(await ask(admin, ".antre")).toContain(`${number}: menunggu sejak`)
  await pauseChat(database, { from: number, hours: 12 })
  expect(await ask(admin, ".antre")).toContain(`${number}: bot diam sampai`)
})

test("a customer known by a LID alone waits, is resumed by it, and still waits once their number is known", async () => {
  const { ask, sql, database } = chat
  const admin = await chat.join("admin")
  await pauseChat(database, { from: "700000000077777@lid", hours: 1 })
  await sql`
    update users set waits_for_person_since = now()
     where id = (select user_id from lids where lid = '700000000077777@lid')
  `
  expect(await ask(admin, ".antre")).toContain("700000000077777@lid: menunggu sejak")
  const number = await chat.join()
  await sql`select customer_at(${number}, '700000000077777@lid', '')`
  expect(await ask(admin, ".antre")).toContain(`${number}: menunggu sejak`)
  expect(await ask(admin, ".lanjutkan 77777")).toContain(`Bot menjawab lagi di chat ${number}`)
})
