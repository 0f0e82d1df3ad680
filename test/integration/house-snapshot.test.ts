import { afterAll, beforeAll, expect, test } from "bun:test"
import { houseTexts } from "../../src/conversation/texts/house-texts.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import type { Database } from "../../src/database/connect.ts"
import { DatabaseUnavailable } from "../../src/database/connect.ts"
import { announceChange, changeSetting, changeText } from "../../src/shop/change-house.ts"
import { createHouse } from "../../src/shop/house.ts"
import { defaultSettings } from "../../src/shop/house-settings.ts"
import { quietLog } from "../support/gate.ts"
import { openTables, ownConnection, type TestTables } from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

const open = (database: Database = tables.database) =>
  createHouse({ database, log: quietLog, write: houseTexts })

const shopNamed = (value: string) => ({ name: "shopName", value, actor: "shell" }) as const

async function version(): Promise<number> {
  const [row] = await tables.sql<{ version: number }[]>`select last_value as version from house_versions`
  return row?.version ?? 0
}

test("the very first change of a shop is a new version", async () => {
  const before = await version()
  await tables.sql.begin((statements) => changeSetting(statements, shopNamed("Pertama")))
  expect(await version()).toBeGreaterThan(before)
})

test("what was read while a change was not committed yet is read again once it is", async () => {
  const house = open()
  const own = ownConnection(tables)
  try {
    await own.begin(async (statements) => {
      await changeSetting(statements, shopNamed("Kedua"))
      expect((await house.at(await version())).settings.shopName).toBe("Pertama")
    })
    await announceChange({ database: tables.database, log: quietLog })
    expect((await house.at(await version())).settings.shopName).toBe("Kedua")
  } finally {
    await own.end()
  }
})

test("while PostgreSQL is away, the shop speaks as it did last", async () => {
  let isAway = false
  const database: Database = {
    ...tables.database,
    ask: (operation, query) =>
      isAway ? Promise.reject(new DatabaseUnavailable("away")) : tables.database.ask(operation, query),
  }
  const house = open(database)
  expect(house.current().settings).toEqual(defaultSettings)
  await house.refresh()
  isAway = true
  expect((await house.at((await version()) + 1)).settings.shopName).toBe("Kedua")
  await expect(house.refresh()).rejects.toThrow(DatabaseUnavailable)
  isAway = false
  await tables.sql.begin((statements) => changeSetting(statements, shopNamed("Ketiga")))
  await house.refresh()
  expect(house.current().settings.shopName).toBe("Ketiga")
})

test("rows that make no sense spoil nothing, and texts are kept while nothing changes", async () => {
  await tables.sql`
    insert into settings (key, value) values ('prefix', '"ab"'), ('quiet_hours', '[1]'), ('zone', '"Nowhere/At"')
  `
  await tables.sql`
    insert into changed_texts (language, key, template)
    values ('id', 'noOrders', '{unknown}'), ('id', 'noSuchText', 'x'), ('en', 'noOrders', 'None, {shop}')
  `
  const house = open()
  await house.refresh()
  const { settings, texts } = house.current()
  expect(settings).toEqual({ ...defaultSettings, shopName: "Ketiga" })
  expect(texts.id.noOrders()).toBe(textsFor("id").noOrders())
  expect(texts.en.noOrders()).toBe("None, Ketiga")
  await house.refresh()
  expect(house.current().texts).toBe(texts)
  await tables.sql.begin((statements) =>
    changeText(statements, { language: "id", key: "noOrders", template: "Belum ada.", actor: "shell" }),
  )
  expect((await house.at(await version())).texts.id.noOrders()).toBe("Belum ada.")
})
