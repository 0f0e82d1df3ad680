import { expect, test } from "bun:test"
import { openStall } from "../support/stall.ts"

const owner = "6281200000001"

test("an operator's word about a customer holds at once in a running shop, through a restart, and at the shell", async () => {
  await using stall = await openStall({ environment: { OWNER_NUMBERS: owner } })
  const { peer } = stall
  const [number = ""] = await stall.welcome(1, 10_000)
  await stall.sell({ code: "KOPI", price: 4_000, units: 2 })
  let shop = await stall.open({ DEMO: "on" })
  const ask = async (from: string, text: string) => (await peer.ask(shop.url, from, text)).text

  expect(await ask(number, ".saldo")).toContain("Rp 10.000")
  expect(await ask(owner, `.kredit ${number} 5000 bonus`)).toContain("Rp 10.000 menjadi Rp 15.000")
  await shop.signal("SIGKILL")
  shop = await stall.open({ DEMO: "on" })
  expect(await ask(owner, "ya")).toContain("Rp 15.000")
  expect(await ask(number, ".saldo")).toContain("*Rp 15.000*")
  await stall.atRest()
  expect(peer.messagesTo(number).filter(({ text }) => text.includes("menambahkan Rp 5.000"))).toHaveLength(1)

  await ask(number, ".buy KOPI 1 qris")
  await stall.hasFree("KOPI", 1)
  const blocked = await stall.run("customers", "block", number, "--reason", "cheated")
  expect(blocked.exitCode).toBe(0)
  expect(blocked.stdout).toMatch(new RegExp(`is blocked.*lapak customers unblock ${number}`, "s"))
  await stall.hasFree("KOPI", 2)
  expect(await ask(number, ".buy KOPI")).toContain("tidak bisa")
  await stall.sql`insert into settings (key, value) values ('zone', '"Asia/Makassar"')`
  const card = (await stall.run("customers", "show", `+62 ${number.slice(2)}`)).stdout
  expect(card).toMatch(/Blocked since .* WITA/)
  expect(card).not.toContain("WIB")
  expect(await stall.run("customers", "unblock", number)).toMatchObject({ exitCode: 0 })

  expect(await ask(number, ".cs")).toContain("membalas di chat ini")
  await stall.atRest()
  expect(peer.messagesTo(owner).at(-1)?.text).toContain(number)
  expect(await ask(owner, `.lanjutkan ${number}`)).toContain("menjawab lagi")
  expect(await ask(number, ".saldo")).toContain("*Rp 15.000*")

  expect(await stall.run("customers", "role", number, "admin")).toMatchObject({ exitCode: 0 })
  expect(await ask(number, ".admin")).toContain("Menu operator")
  expect((await stall.run("customers", "role", owner, "admin")).stderr).toContain("OWNER_NUMBERS")
  expect(peer.problems()).toEqual([])
  expect(await stall.audit()).toEqual([])
})
