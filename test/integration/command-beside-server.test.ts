import { afterAll, expect, test } from "bun:test"
import { type Ended, lapak, newFolder } from "../support/lapak-command.ts"
import { startShop } from "../support/shop-process.ts"

const number = "6281299900001"
const folder = newFolder()
const environment = { DATA_DIR: folder.dataDir, PORT: "0" }
afterAll(() => folder[Symbol.dispose]())

const run = (...words: string[]) => lapak(words, environment)
const chat = async (...lines: string[]) => {
  const { stdout } = await lapak(["chat", "--from", number], environment, `${lines.join("\n")}\n`)
  return stdout
}
const done = (ended: Ended) => ({ exitCode: ended.exitCode, stderr: ended.stderr })
const quietly = { exitCode: 0, stderr: "" }

test("every command works beside a running shop, which shows what they changed at once, and without it", async () => {
  const shop = await startShop(environment)
  try {
    expect(await chat(".saldo", ".detail KOPI-1")).toContain("Voucher Kopi Susu")

    const credit = await run("balance", "credit", "081299900001", "50000", "--reason", "moved in")
    expect(credit).toMatchObject(quietly)
    expect(credit.stdout).toContain("New balance: Rp 50.000")
    expect(await chat(".saldo")).toContain("Rp 50.000")

    const catalog = folder.file(
      "catalog.csv",
      "code;name;price;kind;stock\r\nKOPI-1;Kopi asli;20000;digital;\r\nTOPI;Topi;30000;physical;2\r\n",
    )
    const imported = await run("import", "catalog", catalog)
    expect(done(imported)).toEqual(quietly)
    expect(imported.stdout).toContain("2 products added, 0 changed.")
    expect(imported.stdout).toContain("no longer on sale")
    expect(await chat(".detail KOPI-1")).toContain("Kopi asli")
    expect(await chat(".produk")).not.toContain("FILM-1")

    const units = folder.file("units.txt", "REAL-UNIT-1\nREAL-UNIT-2\nREAL-UNIT-1\n")
    const stock = await run("import", "stock", "kopi-1", units)
    expect(done(stock)).toEqual(quietly)
    expect(stock.stdout).toBe("KOPI-1: 2 units added, 1 duplicate skipped.\n")
    expect(stock.stdout).not.toContain("REAL-UNIT")
    const bought = await chat(".buy KOPI-1 2")
    expect(bought).toContain("REAL-UNIT-1")
    expect(bought).toContain("REAL-UNIT-2")
    expect(await chat(".saldo")).toContain("Rp 10.000")

    const stats = await run("stats")
    expect(done(stats)).toEqual(quietly)
    expect(stats.stdout).toContain("1 of 1 paid: 100%.")

    const doctor = await run("doctor")
    expect(done(doctor)).toEqual(quietly)
    expect(doctor.stdout).toContain("The shop can sell.")
    const withWhatsApp = await lapak(["doctor"], { ...environment, WHATSAPP: "on" })
    expect(withWhatsApp.stdout).toContain("The shop can sell, but not over WhatsApp yet.")
    const { port } = new URL(shop.url)
    const beside = await lapak(["doctor"], { ...environment, PORT: port, WHATSAPP: "on" })
    expect(beside.stdout).toContain("put PUBLIC_URL=https://… into .env and restart the shop")
    expect(beside.stdout).not.toContain("lapak serve")
    expect(doctor.stdout).toContain("KOPI-1 is sold out")
    expect(doctor.stdout).toContain("lapak import stock KOPI-1 FILE")
    expect(shop.written()).not.toMatch(/81299900001|REAL-UNIT/)
  } finally {
    expect(await shop.close()).toBe(0)
  }

  const json = await run("audit", "--json")
  expect(done(json)).toEqual(quietly)
  expect(JSON.parse(json.stdout)).toMatchObject({
    ok: true,
    totals: { orders: 1, units: { available: 150, held: 0, sold: 2 }, balances: 10_000, revenue: 40_000 },
  })
  const human = await run("audit")
  expect(human.exitCode).toBe(0)
  expect(human.stdout).toContain("✓ the whole ledger sums to zero (4)")
  expect(human.stdout).toContain("The books are right")

  const customers = folder.file(
    "customers.csv",
    `number,name,balance\n${number},Ani,1\n08777000111,Budi,2500\n`,
  )
  const joined = await run("import", "customers", customers)
  expect(done(joined)).toEqual(quietly)
  expect(joined.stdout).toBe(
    `line 2: ${number} is a customer already and was left as it is\n1 customer added, 1 known already.\n`,
  )
})
