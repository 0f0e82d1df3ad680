import type { CatalogueDeskTexts } from "./catalogue-desk-texts.ts"
import { nearCodes } from "./id-catalogue-prices.ts"
import { yesOrNo } from "./id-desk.ts"
import { join, oneLine, type Wording } from "./wording.ts"

/** What is said where goods were written down wrongly, and how that is put right. */
export function corrections(
  wording: Wording,
): Pick<
  CatalogueDeskTexts,
  "unitsDoubtful" | "unitsToRemove" | "unitsRemoved" | "countUnclear" | "goodsChanged"
> {
  const { desk, time } = wording
  return {
    unitsDoubtful: ({ code }) =>
      join(
        `Itu kelihatannya bukan barang, jadi belum ada yang ditambahkan ke ${code}.`,
        `Kalau memang barang, kirim sekali lagi dengan perintahnya di atas:\n${desk("stok")} ${code}\nBARANGNYA`,
        "Balas batal kalau tidak jadi.",
      ),
    unitsToRemove: ({ product, units, addedAt }) =>
      join(
        `Hapus ${units} barang dari *${oneLine(product.name)}* (${product.code}) yang ditambahkan ${time(addedAt)}?`,
        "Hanya yang masih siap dijual; yang sudah dipesan atau terjual tetap. Yang dihapus tidak bisa dibaca lagi.",
        yesOrNo,
      ),
    unitsRemoved: (outcome) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { code } = outcome.product
      switch (outcome.kind) {
        case "removed":
          return `${outcome.removed} barang dihapus dari ${code} ✅ Siap dijual: ${outcome.free}`
        case "none_free":
          return `${code} tidak punya barang yang siap dijual, jadi tidak ada yang bisa dihapus.`
        case "not_digital":
          return join(
            `${code} barang fisik: stoknya dihitung. Tidak ada yang diubah.`,
            `Barang keluar: ${desk("stok")} ${code} -2`,
            `Jadi persis 0: ${desk("stok")} ${code} =0`,
          )
      }
    },
    countUnclear: ({ code, amount }) =>
      join(
        `${code} barang fisik. Belum ada yang diubah.`,
        `Tambah ${amount}: ${desk("stok")} ${code} +${amount}`,
        `Jadi persis ${amount}: ${desk("stok")} ${code} =${amount}`,
      ),
    goodsChanged: (outcome) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { code, kind, free } = outcome.product
      if (outcome.kind === "in_use")
        return join(
          `${code} sudah pernah dipesan atau diisi stok, jadi tetap ${kind === "physical" ? "barang fisik" : "produk digital"}.`,
          `Buat produk baru dengan kode lain, lalu ${desk("sembunyikan")} ${code}`,
        )
      return kind === "physical"
        ? `${code} sekarang barang fisik, stok ${free} ✅ Ubah dengan ${desk("stok")} ${code} +5`
        : `${code} sekarang produk digital ✅ Isi stoknya: kirim ${desk("stok")} ${code}`
    },
  }
}
