import type { DatabaseAddress } from "../../src/database/connect.ts"
import { migrate } from "../../src/database/migrate.ts"

// A process that migrates when it is told to, and prints what it applied; for tests that start many.
const [socketFolder = "", user = "", database = "", shop = ""] = process.argv.slice(2)
const address: DatabaseAddress = { kind: "socket", folder: socketFolder, user, database }
process.stdout.write("ready\n")
for await (const _line of console) break
process.stdout.write(`${JSON.stringify(await migrate(address, shop))}\n`)
