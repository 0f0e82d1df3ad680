import type { Database } from "../database/connect.ts"
import { countProducts, type NewProduct, saveProducts } from "../database/products.ts"
import { addStock } from "../shop/add-stock.ts"
import { rupiah } from "../shop/money.ts"
import type { Vault } from "./vault.ts"

const unitsPerProduct = 25

const catalogue: readonly NewProduct[] = [
  digital("KOPI-1", "Voucher Kopi Susu", 18_000, "Voucher", "Satu gelas kopi susu di gerai mana saja.", 7),
  digital("KOPI-5", "Voucher Kopi Susu isi 5", 80_000, "Voucher", "Lima gelas, lebih hemat Rp 10.000."),
  digital("FILM-1", "Akun Film 1 bulan", 45_000, "Akun", "Akun pribadi, langsung aktif.", 30),
  digital(
    "MUSIK-3",
    "Akun Musik 3 bulan",
    60_000,
    "Akun",
    "Tanpa iklan, bisa dipakai di ponsel dan komputer.",
    30,
  ),
  digital("GAME-50", "Kode Game 50 permata", 12_500, "Kode", "Tukarkan di menu hadiah di dalam game."),
  digital("GAME-250", "Kode Game 250 permata", 55_000, "Kode", "Tukarkan di menu hadiah di dalam game."),
  {
    code: "KAOS-L",
    name: "Kaos Lapak ukuran L",
    price: rupiah(95_000),
    category: "Barang",
    description: "Katun, dikirim dari Bandung.",
    kind: "physical",
    stock: 12,
    demo: true,
  },
]

/**
 * Puts a small catalogue of made-up goods into a shop that has no product at all. Idempotent. Returns whether
 * it did.
 */
export async function stockDemoCatalog(database: Database, vault: Vault): Promise<boolean> {
  if ((await countProducts(database)) > 0) return false
  await saveProducts(database, catalogue)
  for (const { code, kind } of catalogue) {
    if (kind !== "digital") continue
    const units = Array.from(
      { length: unitsPerProduct },
      (_, place) => `DEMO-${code}-${String(place + 1).padStart(3, "0")}`,
    )
    await addStock(database, vault, { code, units })
  }
  return true
}

function digital(
  code: string,
  name: string,
  price: number,
  category: string,
  description: string,
  warrantyDays = 0,
): NewProduct {
  const words = { code, name, category, description }
  return { ...words, price: rupiah(price), kind: "digital", stock: 0, demo: true, warrantyDays }
}
