import type { RefusedLine } from "../../shop/add-pasted-units.ts"
import type { StockLevel } from "../../shop/manage-product.ts"
import type { CatalogueDeskTexts } from "./catalogue-desk-texts.ts"
import { nearCodes } from "./id-catalogue-prices.ts"
import { join, oneLine, type Wording } from "./wording.ts"

const shownLines = 20

export function stock(
  wording: Wording,
): Pick<CatalogueDeskTexts, "stockList" | "stockOf" | "unitsPasted" | "unitsNotSent" | "goodsCounted"> {
  const { desk } = wording
  return {
    stockList: ({ levels, page, pages }) =>
      join(
        `*Stok* (halaman ${page} dari ${pages})`,
        "",
        ...levels.map(levelLine),
        "",
        `Tambah: ${desk("stok")} KODE`,
        page < pages && `Berikutnya: ${desk("stok")} ${page + 1}`,
      ),
    stockOf: ({ product, level }) =>
      product.kind === "physical"
        ? join(
            `*${oneLine(product.name)}* (${product.code}): ${figures(level)}`,
            `Barang datang: ${desk("stok")} ${product.code} +5`,
            `Barang keluar: ${desk("stok")} ${product.code} -2`,
            `Hitung ulang: ${desk("stok")} ${product.code} =10`,
          )
        : join(
            `*${oneLine(product.name)}* (${product.code}): ${figures(level)}`,
            "Kirim stok barunya sekarang: satu barang per baris, paling banyak 1.000, atau sebagai file .txt.",
            "Balas batal kalau tidak jadi.",
          ),
    unitsPasted: (outcome) => {
      switch (outcome.kind) {
        case "unknown_product":
          return join("Belum ada stok yang ditambahkan.", nearCodes(outcome, wording))
        case "too_many_lines":
          return `Ada ${outcome.lines} baris, paling banyak ${outcome.max} sekali kirim. Pecah jadi beberapa pesan. Belum ada stok yang ditambahkan.`
        case "not_digital":
          return join(
            `${outcome.product.code} barang fisik: stoknya dihitung, tidak ditulis satu per satu. Belum ada yang ditambahkan.`,
            `Barang datang: ${desk("stok")} ${outcome.product.code} +5`,
          )
        case "demo_product":
          return join(
            `${outcome.product.code} produk contoh, jadi tidak bisa diisi barang sungguhan. Belum ada stok yang ditambahkan.`,
            `Buat produk sendiri dulu: ${desk("produkbaru")} ${outcome.product.code} | Nama | 15000`,
          )
        case "no_units":
          return join(
            "Tidak ada barang yang bisa ditambahkan.",
            ...refusedLines(outcome.refused),
            `Coba lagi: ${desk("stok")} ${outcome.product.code}`,
          )
        case "added":
          return join(
            outcome.added > 0
              ? `${outcome.added} barang ditambahkan ke ${outcome.product.code} ✅`
              : `Tidak ada barang baru untuk ${outcome.product.code}.`,
            outcome.known > 0 && `${outcome.known} sudah pernah ada, dilewati.`,
            outcome.repeated > 0 && `${outcome.repeated} tertulis dua kali, dilewati.`,
            ...refusedLines(outcome.refused),
            `Siap dijual: ${outcome.free}${outcome.product.isHidden ? " (produknya sedang disembunyikan)" : ""}`,
          )
      }
    },
    unitsNotSent: () => "Oke, tidak ada stok yang ditambahkan.",
    goodsCounted: (outcome) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { code } = outcome.product
      switch (outcome.kind) {
        case "counted":
          return `Stok ${code} sekarang ${outcome.free} (tadinya ${outcome.before}) ✅`
        case "below_zero":
          return `Stok ${code} tinggal ${outcome.free}, tidak bisa dikurangi sebanyak itu. Tidak ada yang diubah.`
        case "beyond_limit":
          return `Stok paling banyak ${outcome.max}. Tidak ada yang diubah.`
        case "not_physical":
          return join(
            `${code} produk digital: stoknya barangnya sendiri, satu per baris. Tidak ada yang diubah.`,
            `Tambah: kirim ${desk("stok")} ${code}, lalu barangnya di pesan berikutnya.`,
          )
      }
    },
  }
}

function levelLine(level: StockLevel): string {
  const marks = [level.isLow && "⚠️ menipis", level.isHidden && "disembunyikan"].filter((mark) => mark)
  return join(
    `*${level.code}* ${oneLine(level.name, 40)}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`,
    figures(level),
  )
}

function figures({ free, held, sold }: StockLevel): string {
  return `siap dijual ${free}, dipesan ${held}, terjual ${sold}`
}

function refusedLines(refused: readonly RefusedLine[]): string[] {
  const linesOf = (problem: RefusedLine["problem"]) => {
    const lines = refused.filter((one) => one.problem === problem).map(({ line }) => line)
    const more = lines.length - shownLines
    return `${lines.slice(0, shownLines).join(", ")}${more > 0 ? ` dan ${more} lagi` : ""}`
  }
  const has = (problem: RefusedLine["problem"]) => refused.some((one) => one.problem === problem)
  return [
    ...(has("too_long") ? [`Ditolak karena lebih dari 500 huruf: baris ${linesOf("too_long")}`] : []),
    ...(has("control_character")
      ? [`Ditolak karena ada huruf yang tidak terlihat: baris ${linesOf("control_character")}`]
      : []),
  ]
}
