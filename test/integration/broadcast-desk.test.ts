import { expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { openStall, type Stall } from "../support/stall.ts"

const owner = "6285550000001"
const environment = { OWNER_NUMBERS: owner }
const promo = "Promo akhir pekan!\n\n*Semua* voucher 10% lebih murah."
const footer = "Tidak mau info seperti ini lagi? Balas .berhenti"

const broadcastsTo = ({ peer }: Stall, number: string) =>
  peer.messagesTo(number).filter(({ text }) => text.includes("Promo akhir pekan"))

async function actions({ sql }: Stall): Promise<readonly string[]> {
  const rows = await sql<{ action: string }[]>`
    select action
      from audit_log
     where actor = (select 'user:' || id from users where number = ${owner})
     order by id
  `
  return rows.map(({ action }) => action)
}

test("an owner sees a broadcast before it goes out, starts it by saying yes, and stops it at a word", async () => {
  await using stall = await openStall({ environment })
  const { peer } = stall
  const shop = await stall.open()
  const ask = async (text: string, from = owner) => (await peer.ask(shop.url, from, text)).text
  const customers = await stall.welcome(3, 0)
  expect(await ask(`.siaran\n${promo}`)).toContain("Belum ada yang bisa menerima siaran")
  for (const customer of customers) await ask("halo", customer)
  expect(await ask(".siaran hari 31 Promo")).toContain("1 sampai 30")
  expect(await ask(".siaran hari 14")).toContain("Teks siarannya belum ada")

  const preview = await ask(`.siaran\n${promo}`)
  for (const part of [promo, footer, "3 orang", "30 hari terakhir", "1 menit", "*ya*"])
    expect(preview).toContain(part)
  expect(await ask("batal")).toContain("tidak jadi")
  expect(await ask(".siaran status")).toContain("Tidak ada siaran")
  await ask(`.siaran\n${promo}`)
  expect(await ask("ya")).toContain("Siaran ke 3 orang dimulai")
  const [first] = await eventually("the first one has it", () => {
    const sent = customers.flatMap((customer) => broadcastsTo(stall, customer))
    return sent.length > 0 && sent
  })
  expect(first?.text).toBe(`${promo}\n\n${footer}`)
  expect(await ask(".siaran Promo lain")).toContain("Siaran lain belum selesai")
  expect(await ask(".siaran stop")).toContain("Siaran dihentikan")
  await stall.atRest()
  const reached = customers.flatMap((customer) => broadcastsTo(stall, customer)).length
  expect(await ask(".siaran status")).toContain(`Terkirim: ${reached} dari 3`)
  const unsent = await stall.sql`select from broadcast_recipients where state in ('waiting', 'promised')`
  expect(unsent).toHaveLength(0)
  expect(await ask(`.siaran\n${promo}`)).toContain(`dalam 24 jam: ${reached}`)
  expect(await actions(stall)).toEqual(["start_broadcast", "stop_broadcast"])
  expect(peer.problems()).toEqual([])
})

test("customers say stop and start again in a word, also while a person answers them; the desk is the owner's", async () => {
  await using stall = await openStall({ environment })
  const { peer, sql } = stall
  const shop = await stall.open()
  const ask = async (text: string, from = owner) => (await peer.ask(shop.url, from, text)).text
  const [budi = "", sari = "", admin = ""] = await stall.welcome(3, 0)
  await sql`update users set role = 'admin' where number = ${admin}`
  for (const someone of [budi, sari]) await ask("halo", someone)
  for (const other of [admin, budi]) expect(await ask(`.siaran\n${promo}`, other)).not.toContain("Siaran")
  expect(await ask("Stop", budi)).toContain("tidak akan menerima info promo")
  await sql`update users set quiet_until = now() + interval '1 hour' where number = ${sari}`
  await peer.tell(shop.url, sari, ".berhenti")
  await stall.atRest()
  await sql`update users set quiet_until = null`
  expect(await ask(`.siaran\n${promo}`)).toContain("Tidak ikut karena tidak mau: 2")
  expect(await ask(".mulai", budi)).toContain("info promo dari kami lagi")
  expect(await ask(".mulai", budi)).toContain("Selamat datang")
  await ask(".bahasa en")
  expect(await ask(`.broadcast ${promo}`)).toContain("To *1 person*")
  expect(await ask("yes")).toContain("to 1 person has begun")
  const [got] = await eventually("it is sent", () => {
    const sent = broadcastsTo(stall, budi)
    return sent.length > 0 && sent
  })
  expect(got?.text).toContain(footer)
  await eventually("the owner hears of its end", () =>
    peer.messagesTo(owner).some(({ text }) => text.startsWith("*The broadcast is done*")),
  )
  expect(broadcastsTo(stall, sari)).toEqual([])
  expect(peer.problems()).toEqual([])
})
