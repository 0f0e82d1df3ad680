import { afterAll, beforeAll, expect, test } from "bun:test"
import { openDatabase } from "../../src/database/connect.ts"
import { createMetrics } from "../../src/operations/metrics.ts"
import { freshDatabase, type TestDatabase, testShop } from "../support/engines.ts"

let fresh: TestDatabase

beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.drop())

const figure = (text: string, name: string) =>
  text
    .split("\n")
    .find((line) => line.startsWith(`${name} `))
    ?.slice(name.length + 1)

test("statements are counted by how they ended, and the pool by what is under way", async () => {
  const metrics = createMetrics()
  const database = openDatabase({
    address: fresh.address,
    shop: testShop,
    metrics: metrics.database,
    connectionsMax: 2,
  })
  const lock = await database.sql.reserve()
  await lock`select pg_advisory_lock(7)`
  const held = database.ask("wait", () => database.sql`select pg_advisory_lock(7)`)
  const during = await metrics.text()
  await lock`select pg_advisory_unlock(7)`
  lock.release()
  await held
  await expect(database.ask("break", async () => await database.sql`select 1 / 0`)).rejects.toThrow()
  const after = await metrics.text()
  await database.close()
  expect(figure(during, "lapak_postgres_pool_used_connections")).toBe("1")
  expect(figure(during, "lapak_postgres_pool_size_connections")).toBe("2")
  expect(figure(after, "lapak_postgres_pool_used_connections")).toBe("0")
  expect(figure(after, 'lapak_postgres_transactions_total{outcome="committed"}')).toBe("1")
  expect(figure(after, 'lapak_postgres_transactions_total{outcome="failed"}')).toBe("1")
})
