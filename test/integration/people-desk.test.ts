import { afterAll, beforeAll, expect, test } from "bun:test"
import { auditDatabase } from "../../src/database/audit.ts"
import { appointOwners } from "../../src/database/users.ts"
import { auditBooks } from "../support/audit-books.ts"
import { newProduct, orderByQris, refusal } from "../support/selling.ts"
import { openTeamChat, type TeamChat } from "../support/team-chat.ts"

let chat: TeamChat

beforeAll(async () => {
  chat = await openTeamChat()
})
afterAll(async () => {
  expect(await auditBooks(chat.sql)).toEqual([])
  expect((await auditDatabase(chat.database)).ok).toBe(true)
  await chat.close()
})

async function stateOf(number: string) {
  const [user] = await chat.sql<{ balance: number; role: string; blocked: boolean }[]>`
    select balance, role, blocked_at is not null as blocked from users where number = ${number}
  `
  return user
}

test("a balance is credited once it is confirmed, told to the customer without the reason, and on the record", async () => {
  const { ask, told } = chat
  const [admin, number] = [await chat.join("admin"), await chat.join("customer", 10_000)]
  const question = await ask(admin, `.kredit ${number} 50rb Ulang tahun ke-2`)
  expect(question).toContain("Rp 10.000 menjadi Rp 60.000")
  expect(question).toContain("Ulang tahun ke-2")
  expect(question).toContain("*ya*")
  expect(await stateOf(number)).toMatchObject({ balance: 10_000 })

  expect(await ask(admin, "Ya")).toContain("Saldonya sekarang Rp 60.000")
  expect(await stateOf(number)).toMatchObject({ balance: 60_000 })
  expect(await told(number)).toEqual([
    "Penjual menambahkan Rp 50.000 ke saldo Kakak ✅\nSaldo sekarang: *Rp 60.000*",
  ])
  expect(await ask(number, ".saldo")).not.toContain("Ulang tahun")
  expect(await chat.record(number)).toEqual([
    {
      actor: `user:${await chat.idOf(admin)}`,
      action: "adjust_balance",
      details: { amount: 50_000, reason: "Ulang tahun ke-2" },
    },
  ])
  expect(await ask(admin, "ya")).not.toContain("Saldonya")
  expect(await stateOf(number)).toMatchObject({ balance: 60_000 })
})

test("a debit never takes more than there is, also when it went between the question and the yes", async () => {
  const { ask } = chat
  const [owner, number] = [await chat.join("owner"), await chat.join("customer", 10_000)]
  expect(await ask(owner, `.debit ${number} 10001 salah`)).toContain("Tidak ada yang diubah")
  expect(await ask(owner, "ya")).not.toContain("diambil dari")
  await ask(owner, `.debit ${number} 10000 salah`)
  await chat.sql`
    select book('spent:' || ${number}, 'adjustment', '', null,
                'customer', ${await chat.idOf(number)}, 'adjustment', null, 4000)
  `
  expect(await ask(owner, "ya")).toContain("hanya Rp 6.000")
  const { answer } = await chat.confirm(owner, `.debit ${number} 6000 salah`)
  expect(answer).toContain("Saldonya sekarang Rp 0")
  expect(await chat.told(number)).toEqual([
    expect.stringContaining("mengurangi saldo Kakak sebesar Rp 6.000.\nSaldo sekarang: *Rp 0*"),
  ])
})

test("no, another command, and words in between leave everything as it was", async () => {
  const { ask } = chat
  const [admin, number] = [await chat.join("admin"), await chat.join()]
  for (const between of ["batal", ".saldo", ".tim", ".buy TIDAK-ADA", ".kredit", ".menu"]) {
    await ask(admin, `.kredit ${number} 5000 bonus`)
    await ask(admin, between)
    await ask(admin, "ya")
    expect([between, await stateOf(number)]).toEqual([between, expect.objectContaining({ balance: 0 })])
  }
  await ask(admin, `.kredit ${number} 5000 bonus`)
  expect(await ask(admin, "hmm")).toContain("*ya*")
  expect(await ask(admin, "oke")).toContain("Rp 5.000 ditambahkan")
})

test("two admins who credit the same customer at once are both booked", async () => {
  const number = await chat.join()
  const admins = await Promise.all(Array.from({ length: 6 }, () => chat.join("admin")))
  for (const admin of admins) await chat.ask(admin, `.kredit ${number} 1000 bonus`)
  await Promise.all(admins.map((admin) => chat.ask(admin, "ya")))
  expect(await stateOf(number)).toMatchObject({ balance: 6_000 })
  expect(await chat.told(number)).toHaveLength(6)
  expect(await chat.record(number)).toHaveLength(6)
})

test("a confirmed message that is handled twice is booked once", async () => {
  const [admin, number] = [await chat.join("admin"), await chat.join()]
  await chat.ask(admin, `.kredit ${number} 1000 bonus`)
  const { message } = await chat.accept(admin, "ya")
  const twice = [chat.handle(message), chat.handle(message)]
  const refusals = await Promise.all(twice.map((handled) => refusal(handled).catch(() => "handled")))
  expect(refusals.sort()).toEqual(["LP001", "handled"])
  expect(await stateOf(number)).toMatchObject({ balance: 1_000 })
  expect(await chat.told(number)).toHaveLength(1)
})

test("who loses admin between the question and the yes changes nothing", async () => {
  const [admin, number] = [await chat.join("admin"), await chat.join()]
  await chat.ask(admin, `.kredit ${number} 1000 bonus`)
  await chat.sql`update users set role = 'customer' where number = ${admin}`
  await chat.ask(admin, "ya")
  expect(await stateOf(number)).toMatchObject({ balance: 0 })
})

test("what is another thing by the time of the yes is asked about again, and not done", async () => {
  const [owner, other, number] = [await chat.join("owner"), await chat.join("owner"), await chat.join()]
  expect(await chat.ask(owner, `.peran ${number} admin`)).toContain("*ya*")
  await chat.confirm(other, `.peran ${number} reseller`)
  const again = await chat.ask(owner, "ya")
  expect(again).toContain("sudah berubah sejak ditanya")
  expect(again).toContain("reseller")
  expect(await stateOf(number)).toMatchObject({ role: "reseller" })
  await chat.ask(owner, "ya")
  expect(await stateOf(number)).toMatchObject({ role: "admin" })
})

test("a yes outlives a change of the prefix, and what is no command any more is said to have done nothing", async () => {
  const [admin, number] = [await chat.join("admin"), await chat.join()]
  await chat.ask(admin, `.kredit ${number} 1000 bonus`)
  await chat.sql`insert into settings (key, value) values ('prefix', '"#"')`
  expect(await chat.ask(admin, "ya")).toContain("Rp 1.000 ditambahkan")
  await chat.ask(admin, `#kredit ${number} 1000 bonus`)
  await chat.sql`delete from settings where key = 'prefix'`
  await chat.sql`update users set role = 'customer' where number = ${admin}`
  expect(await chat.ask(admin, "ya")).toContain("tidak ada yang dijalankan")
  expect(await stateOf(number)).toMatchObject({ balance: 1_000 })
})

test("what is pasted below a command of one line is refused, and kept nowhere", async () => {
  const [admin, number] = [await chat.join("admin"), await chat.join()]
  const answer = await chat.ask(admin, `.kredit ${number} 1000 bonus\nUSER:PASS`)
  expect(answer).toContain(".kredit ditulis dalam satu baris saja")
  await chat.ask(admin, "ya")
  expect(await stateOf(number)).toMatchObject({ balance: 0 })
  expect(await chat.sql`select from conversations where data::text like '%USER:PASS%'`).toHaveLength(0)
})

test("an operator's own order is asked on below what is done at the desk, or said to be over", async () => {
  const admin = await chat.join("admin", 50_000)
  const number = await chat.join()
  const code = await newProduct(chat.tables, { units: 3 })
  const question = (await chat.ask(admin, code)) ?? ""
  for (const text of [".tim", ".penjualan", `.jeda ${number}`, ".kredit 99999 1 x", `.blokir ${admin} x`])
    expect([text, await chat.ask(admin, text)]).toEqual([text, expect.stringContaining(question)])
  const asked = await chat.ask(admin, `.kredit ${number} 1000 bonus`)
  expect(asked).toStartWith("Baik, pesanannya tidak dilanjutkan")
  expect(asked).not.toContain(question)
  expect(await chat.ask(admin, "ya")).toContain("Rp 1.000 ditambahkan")
})

test("a customer is found by the end of their number when only one fits, else the candidates are listed", async () => {
  const { ask, sql } = chat
  const admin = await chat.join("admin")
  await sql`
    insert into users (number, name)
    values ('6285711110001', 'Sari'), ('6285722220001', ''), ('6285733339876', 'Tono')
  `
  expect(await ask(admin, ".pelanggan 9876")).toContain("*Tono* (6285733339876)")
  expect(await ask(admin, ".pelanggan 0857 3333 9876")).toContain("*Tono* (6285733339876)")
  const several = await ask(admin, ".kredit 0001 5000 bonus")
  expect(several).toContain("Sari (6285711110001)")
  expect(several).toContain("6285722220001")
  expect(await ask(admin, "ya")).not.toContain("ditambahkan")
  expect(await ask(admin, ".kredit 0899999999 5000 bonus")).toContain("Tidak ada pelanggan")
  expect(await sql`select from users where number = '62899999999'`).toHaveLength(0)
})

test("an operator sees everything of one customer, in their own language", async () => {
  const { ask, sql, tables } = chat
  const [admin, owner] = [await chat.join("admin"), await chat.join("owner")]
  const number = await chat.join("reseller", 25_000)
  await sql`update users set language = 'en' where number = ${admin}`
  await sql`update users set name = 'Rina' where number = ${number}`
  const productCode = await newProduct(tables, { units: 1 }, 7_000)
  const placed = await orderByQris(tables, { productCode, number })
  const card = await ask(admin, `.customer ${number}`)
  for (const part of [
    ...[`*Rina* (${number})`, "Balance: Rp 25.000", "Role: reseller", "Language: Indonesian"],
    ...["Paid orders: 0", `Unpaid: ${placed.order.orderCode}, Rp 7.000`, "Last wrote:", `wa.me/${number}`],
  ])
    expect(card).toContain(part)
  expect(card).not.toMatch(/Blocked|silent/)
  expect(await ask(owner, `.pelanggan ${number}`)).toContain("Peran: reseller")
})

test("a blocked customer's unpaid order ends and frees its goods, and they hear kindly when they write", async () => {
  const { ask, sql, tables } = chat
  const [admin, number] = [await chat.join("admin"), await chat.join()]
  const productCode = await newProduct(tables, { units: 1 })
  const placed = await orderByQris(tables, { productCode, number })
  await sql`update inbox set state = 'done', claimed_by = null where user_id = ${await chat.idOf(number)}`
  const { question, answer } = await chat.confirm(admin, `.blokir ${number} menipu`)
  expect(question).toContain(placed.order.orderCode)
  expect(answer).toContain(`${placed.order.orderCode} dibatalkan`)
  expect(await stateOf(number)).toMatchObject({ blocked: true })
  expect(
    await sql`
      select orders.status, stock_units.state
        from orders
        join order_lines on order_lines.order_id = orders.id
        join stock_units on stock_units.product_id = order_lines.product_id
       where orders.code = ${placed.order.orderCode}
    `,
  ).toMatchObject([{ status: "cancelled", state: "available" }])
  expect(await chat.told(number)).toEqual([])
  expect(await ask(number, ".menu")).toContain("hubungi penjual")
  expect(await ask(admin, `.blokir ${number} lagi`)).toContain("memang sudah diblokir")

  await chat.confirm(admin, `.bukablokir ${number}`)
  expect(await ask(number, ".menu")).toContain("Selamat datang")
  expect(await ask(admin, `.bukablokir ${number}`)).toContain("memang tidak diblokir")
  expect(await chat.record(number)).toMatchObject([
    { action: "block_customer", details: { reason: "menipu", cancelledOrder: placed.order.orderCode } },
    { action: "unblock_customer" },
  ])
})

test("nobody blocks themself or an owner, and only an owner blocks an admin", async () => {
  const { ask } = chat
  const [owner, admin, other] = [await chat.join("owner"), await chat.join("admin"), await chat.join("admin")]
  expect(await ask(admin, `.blokir ${admin} coba`)).toContain("sendiri")
  expect(await ask(admin, `.blokir ${owner} coba`)).toContain("Pemilik toko tidak bisa")
  expect(await ask(admin, `.blokir ${other} coba`)).toContain("oleh pemilik toko")
  for (const number of [owner, admin, other]) expect(await stateOf(number)).toMatchObject({ blocked: false })
  await chat.confirm(owner, `.blokir ${other} keluar`)
  expect(await ask(admin, `.bukablokir ${other}`)).toContain("oleh pemilik toko")
  expect(await ask(other, ".tim")).toContain("tidak bisa")
  expect(await ask(owner, ".tim")).toContain(`${other}: admin, diblokir`)
})

test("an owner gives roles, which hold through the next start; owners are named by the configuration", async () => {
  const { ask, database } = chat
  const [owner, number] = [await chat.join("owner"), await chat.join()]
  expect(await ask(number, ".admin")).toContain("belum paham")
  expect(await ask(owner, `.peran ${owner} admin`)).toContain("OWNER_NUMBERS")
  const { question, answer } = await chat.confirm(owner, `.peran ${number} admin`)
  expect(question).toContain("dari pelanggan menjadi admin")
  expect(answer).toContain(".admin")
  await appointOwners(database, [owner])
  expect(await stateOf(number)).toMatchObject({ role: "admin" })
  expect(await stateOf(owner)).toMatchObject({ role: "owner" })
  expect(await ask(number, ".admin")).toContain("Menu operator")
  expect(await ask(number, `.peran ${number} customer`)).not.toContain("Ubah peran")
  await chat.confirm(owner, `.peran ${number} reseller`)
  expect(await stateOf(number)).toMatchObject({ role: "reseller" })
  expect(await chat.record(number)).toMatchObject([
    { action: "change_role", details: { before: "customer", role: "admin" } },
    { action: "change_role", details: { before: "admin", role: "reseller" } },
  ])
})

test("the operator's menu opens its rooms by number until it is closed, and shows admins what they may do", async () => {
  const { ask, sql } = chat
  const [owner, admin, customer] = [await chat.join("owner"), await chat.join("admin"), await chat.join()]
  await sql`update users set language = 'en' where number = ${admin}`
  const menus = { [owner]: await ask(owner, ".toko"), [admin]: await ask(admin, ".admin") }
  expect(menus[owner]).toContain("Menu operator")
  expect(menus[admin]).toContain("The operator's menu")
  const place = (operator: string, room: string) =>
    new RegExp(`^(\\d)\\. ${room}`, "m").exec(menus[operator] ?? "")?.[1] ?? "none"

  expect(await ask(owner, place(owner, "Pelanggan"))).toMatch(/\.kredit .*\n(.*\n)*\.peran/)
  expect(await ask(owner, place(owner, "Pengembalian"))).toContain(".tinjau")
  const room = await ask(admin, place(admin, "Customers"))
  expect(room).toContain(".credit")
  expect(room).not.toContain(".role")
  expect(await ask(admin, "0")).toBe(menus[admin])
  expect(await ask(admin, "9")).toContain("Choose 1 to 5")
  expect(await ask(admin, "cancel")).toContain(".admin")
  expect(await ask(admin, "3")).not.toContain("operator")

  await ask(owner, ".admin")
  await ask(owner, ".menu")
  expect(await ask(owner, "1")).not.toContain("batal* untuk selesai")
  expect(await ask(owner, ".help")).toContain(".admin")
  expect(await ask(customer, ".help")).not.toContain(".admin")
})
