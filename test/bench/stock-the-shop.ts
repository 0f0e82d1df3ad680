import { saveProducts } from "../../src/database/products.ts"
import { addCustomers } from "../../src/database/users.ts"
import type { Foundation } from "../../src/foundation.ts"
import { addStock } from "../../src/shop/add-stock.ts"
import { rupiah } from "../../src/shop/money.ts"

const customersAtATime = 1_000
const unitsAtATime = 1_000
const price = rupiah(10_000)
const openingBalance = rupiah(100_000)

/** What a bought unit looks like in a reply, its own text caught. */
export const goodsPattern = "(UNIT-[A-Z0-9-]+)"

/** Puts digital products on sale with the units spread evenly, and returns their codes. */
export async function stockProducts(
  { database, vault }: Foundation,
  given: { prefix: string; products: number; units: number },
): Promise<string[]> {
  const codes = Array.from({ length: given.products }, (_, place) => `${given.prefix}-${place + 1}`)
  await saveProducts(
    database,
    codes.map((code) => ({
      code,
      name: `Voucher ${code}`,
      price,
      category: "Voucher",
      description: "Kode voucher, langsung dikirim.",
      kind: "digital" as const,
      stock: 0,
    })),
  )
  const each = Math.ceil(given.units / given.products)
  for (const code of codes) {
    for (let first = 0; first < each; first += unitsAtATime) {
      const units = Array.from(
        { length: Math.min(unitsAtATime, each - first) },
        (_, place) => `UNIT-${code}-${first + place}`,
      )
      await addStock(database, vault, { code, units })
    }
  }
  return codes
}

/** Registers customers with consecutive numbers, their balances booked through the ledger. */
export async function registerCustomers(
  { database }: Foundation,
  given: { firstNumber: number; customers: number },
): Promise<void> {
  for (let first = 0; first < given.customers; first += customersAtATime) {
    const count = Math.min(customersAtATime, given.customers - first)
    await addCustomers(
      database,
      Array.from({ length: count }, (_, place) => ({
        number: String(given.firstNumber + first + place),
        name: "Pembeli",
        balance: openingBalance,
      })),
    )
  }
}
