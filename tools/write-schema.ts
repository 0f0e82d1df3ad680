import { join } from "node:path"
import { connectTo } from "../src/database/connect.ts"
import { describeSchema } from "../src/database/describe-schema.ts"
import { freshDatabase, stopTestEngines, testShop } from "../test/support/engines.ts"

/** Writes sql/schema.sql: what the migrations make, on one page, to be read and to show in each change. */
try {
  const { address } = await freshDatabase()
  const sql = connectTo(address, testShop, 1)
  await Bun.write(join(import.meta.dir, "../sql/schema.sql"), await describeSchema(sql))
  await sql.end({ timeout: 5 })
} finally {
  await stopTestEngines()
}
