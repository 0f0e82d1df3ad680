import type { Sql } from "../../src/database/connect.ts"
import { openVault } from "../../src/operations/vault.ts"
import type { ShopProcess } from "./shop-process.ts"
import { stallSecret } from "./stall.ts"

/**
 * What shop processes have printed and should not: numbers and LIDs of customers, what was written to and
 * fro, goods, and the account's private keys. In words that give nothing away.
 */
export async function findSecrets(
  sql: Sql,
  shops: readonly Pick<ShopProcess, "printed" | "written">[],
): Promise<string[]> {
  const printed = shops.map((shop) => shop.printed() + shop.written()).join("\n")
  const secrets = [...(await customersIn(sql)), ...(await keysIn(sql)), "privKey", "-payload-"]
  const found = secrets.filter((secret) => secret.length > 4 && printed.includes(secret))
  return found.map((secret) => `a secret was printed: ${secret.slice(0, 6)} ...`)
}

async function customersIn(sql: Sql): Promise<string[]> {
  const rows = await sql<{ secret: string }[]>`
    select number as secret from users where number is not null
    union
    select split_part(lid, '@', 1) from lids
    union
    select text from inbox where length(text) > 10
    union
    select phone from whatsapp_account where phone is not null
  `
  return rows.map(({ secret }) => secret)
}

/** Every string in the login that looks like a key, as it is and in hexadecimal. */
async function keysIn(sql: Sql): Promise<string[]> {
  const [row] = await sql<{ creds: Uint8Array | null }[]>`select creds from whatsapp_account`
  if (!row?.creds) return []
  const creds = openVault(stallSecret).open(row.creds, "whatsapp:creds")
  const keys = [...creds.matchAll(/"([A-Za-z0-9+/]{43}=)"/g)].map(([, key = ""]) => key)
  if (keys.length < 4) throw new Error("the login has no keys to look for")
  return keys.flatMap((key) => [key, Buffer.from(key, "base64").toString("hex")])
}
