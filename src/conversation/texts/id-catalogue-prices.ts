import type { DeskProduct, UnknownProduct } from "../../shop/manage-product.ts"
import { formatRupiah } from "../../shop/money.ts"
import type { SpecialPrice } from "../../shop/prices.ts"
import type { PricePlace } from "../../shop/set-price.ts"
import type { CatalogueDeskTexts } from "./catalogue-desk-texts.ts"
import { yesOrNo } from "./id-desk.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export function prices(wording: Wording): Pick<CatalogueDeskTexts, "productPrices" | "priceToConfirm"> {
  const { desk } = wording
  return {
    productPrices: (outcome) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { product, steps } = outcome
      const { code } = product
      const table = join(`*${oneLine(product.name)}* (${code})`, priceTable(product, steps))
      switch (outcome.kind) {
        case "prices":
          return join(
            table,
            "",
            `Ubah: ${desk("harga")} ${code} 15000`,
            `Khusus reseller: ${desk("harga")} ${code} reseller 12000`,
            `Mulai 10 buah: ${desk("harga")} ${code} 10+ 14000`,
          )
        case "set":
          return join(
            `Harga ${placeName(outcome.place)} sekarang ${formatRupiah(outcome.to)} ✅`,
            outcome.dropped.length > 0 && `Ikut dihapus: ${listed(outcome.dropped)}.`,
            table,
          )
        case "removed":
          return join(`Harga ${placeName(outcome.place)} dihapus ✅`, table)
        case "above_own_price":
          return join(
            `Harga ${placeName(outcome.place)} tidak boleh di atas harga dasar ${formatRupiah(product.price)}. ` +
              "Tidak ada yang diubah.",
            table,
          )
        case "same_price":
          return join(`Harganya memang sudah ${formatRupiah(outcome.to)}.`, table)
        case "not_there":
          return join(`${code} memang tidak punya harga ${placeName(outcome.place)}.`, table)
      }
    },
    priceToConfirm: ({ product, place, from, to, dropped }) =>
      join(
        `Ubah harga ${placeName(place)} *${oneLine(product.name)}* (${product.code}) ` +
          `dari ${formatRupiah(from)} menjadi ${formatRupiah(to)}?`,
        dropped.length > 0 && `Harga khusus yang jadi lebih mahal ikut dihapus: ${listed(dropped)}.`,
        yesOrNo,
      ),
  }
}

/** The prices of a product, a line each. */
export function priceTable(product: DeskProduct, steps: readonly SpecialPrice[]): string {
  return join(
    `Harga: ${formatRupiah(product.price)}`,
    ...steps.map((step) => `- ${placeName(step)}: ${formatRupiah(step.price)}`),
  )
}

/** A code that is no product's, and what may have been meant. It is not repeated: it may be goods. */
export function nearCodes({ suggestions }: UnknownProduct, { desk }: Wording): string {
  return join(
    "Produk dengan kode itu tidak ada.",
    suggestions.length > 0 && `Mungkin maksudnya: ${suggestions.join(", ")}`,
    `Semua produk: ${desk("stok")}`,
    `Buat baru: ${desk("produkbaru")} KODE | Nama | 15000`,
  )
}

function placeName({ role, minQuantity }: PricePlace): string {
  const who = role === "reseller" ? "reseller" : ""
  const many = minQuantity > 1 ? `mulai ${minQuantity} buah` : ""
  return [who, many].filter((part) => part !== "").join(" ") || "dasar"
}

function listed(steps: readonly SpecialPrice[]): string {
  return steps.map((step) => `${placeName(step)} ${formatRupiah(step.price)}`).join(", ")
}
