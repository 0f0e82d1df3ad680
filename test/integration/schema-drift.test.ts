import { expect, test } from "bun:test"
import { connectTo, type DatabaseAddress } from "../../src/database/connect.ts"
import { describeSchema } from "../../src/database/describe-schema.ts"
import { migrate } from "../../src/database/migrate.ts"
import { emptyDatabase, freshDatabase, testShop } from "../support/engines.ts"

const written = await Bun.file(`${import.meta.dir}/../../sql/schema.sql`).text()

async function described(address: DatabaseAddress, shop: string, before?: string): Promise<string> {
  const sql = connectTo(address, shop, 1)
  try {
    if (before !== undefined) await sql.unsafe(before)
    return await describeSchema(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

test("sql/schema.sql is what the migrations make", async () => {
  const { address, drop } = await freshDatabase()
  const made = await described(address, testShop)
  await drop()
  if (made !== written) throw new Error("sql/schema.sql is out of date. To write it anew: npm run schema")
})

test("sql/schema.sql leaves nothing out: it makes the same schema in an empty one", async () => {
  const { address, drop } = await emptyDatabase()
  const made = await described(address, "other_shop", `create schema other_shop; ${written}`)
  await drop()
  expect(made).toBe(written)
})

test("a shop of another name has the same schema", async () => {
  const { address, drop } = await emptyDatabase()
  await migrate(address, "warung_2")
  const made = await described(address, "warung_2")
  await drop()
  expect(made).toBe(written)
})
