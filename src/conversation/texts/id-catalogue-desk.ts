import { formatRupiah } from "../../shop/money.ts"
import type { CatalogueDeskTexts, DocumentProblem } from "./catalogue-desk-texts.ts"
import { corrections } from "./id-catalogue-corrections.ts"
import { nearCodes, prices, priceTable } from "./id-catalogue-prices.ts"
import { catalogueProblem, newProductForm } from "./id-catalogue-problems.ts"
import { stock } from "./id-catalogue-stock.ts"
import { yesOrNo } from "./id-desk.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export function catalogueDesk(wording: Wording): CatalogueDeskTexts {
  const { desk } = wording
  return {
    ...prices(wording),
    ...stock(wording),
    ...corrections(wording),
    catalogueHelp: () =>
      join(
        `${newProductForm(wording)}: produk baru`,
        `${desk("produkbaru")} KAOS-L | Kaos ukuran L | 95000 | Pakaian | Katun | fisik 10: barang fisik`,
        `${desk("ubah")} KOPI-1 nama Kopi Susu Gula Aren: ubah nama, harga, kategori, keterangan, garansi, batas, minstok`,
        `${desk("harga")} KOPI-1 15000: ubah harga`,
        `${desk("harga")} KOPI-1 reseller 12000, atau 10+ 14000: harga khusus`,
        `${desk("stok")}: semua stok, yang menipis paling atas`,
        `${desk("stok")} KOPI-1, lalu barangnya di baris berikutnya: tambah stok`,
        `${desk("stok")} KOPI-1 hapus: tarik lagi stok yang terakhir ditambahkan`,
        `${desk("stok")} KAOS-L +5: tambah stok barang fisik`,
        `${desk("sembunyikan")} KOPI-1, ${desk("tampilkan")} KOPI-1: berhenti menjual, jual lagi`,
      ),
    catalogueProblem: (problem) => catalogueProblem(problem, wording),
    firstProduct: () =>
      join(
        "Toko ini belum punya produk. Buat yang pertama dengan satu pesan, isinya dipisah garis tegak:",
        newProductForm(wording),
        "",
        "Kategori dan keterangan boleh dikosongkan. Untuk barang fisik tambahkan | fisik 10 di akhir.",
      ),
    productAdded: (outcome) => {
      const { product } = outcome
      const { code } = product
      if (outcome.kind === "exists")
        return join(
          `Kode ${code} sudah dipakai, jadi tidak ada yang diubah: *${oneLine(product.name)}*, ` +
            `${formatRupiah(product.price)}, stok ${product.free}${product.isHidden ? ", disembunyikan" : ""}.`,
          `Ubah: ${desk("ubah")} ${code} nama Nama baru`,
          product.isHidden
            ? `Jual lagi: ${desk("tampilkan")} ${code}`
            : `Tambah stok: ${desk("stok")} ${code}`,
          "Atau pakai kode lain untuk produk yang baru.",
        )
      return join(
        `Produk *${oneLine(product.name)}* (${code}) sudah dijual ✅`,
        priceTable(product, []),
        product.category !== "" && `Kategori: ${oneLine(product.category)}`,
        product.kind === "digital"
          ? join(
              `Produk digital: isi stoknya dengan kode, satu per baris. Kirim ${desk("stok")} ${code}`,
              `Barang fisik? ${desk("ubah")} ${code} fisik 10`,
            )
          : `Barang fisik. Stok: ${product.free}. Ubah dengan ${desk("stok")} ${code} +5`,
        outcome.retired.length > 0 && `Produk contoh tidak dijual lagi: ${outcome.retired.join(", ")}.`,
      )
    },
    productChanged: (outcome, { field }) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { product } = outcome
      if (outcome.kind === "no_warranty")
        return join(
          `${product.code} barang fisik, jadi tidak punya garansi otomatis. Tidak ada yang diubah.`,
          `Tulis janji garansinya di keterangan: ${desk("ubah")} ${product.code} keterangan Garansi toko 7 hari`,
        )
      const said = {
        name: `Nama ${product.code} sekarang *${oneLine(product.name)}*`,
        category: product.category
          ? `Kategori ${product.code} sekarang ${oneLine(product.category)}`
          : `${product.code} sekarang tanpa kategori`,
        description: product.description
          ? `Keterangan ${product.code} sekarang:\n${product.description}\n\nTersimpan`
          : `${product.code} sekarang tanpa keterangan`,
        warrantyDays:
          product.warrantyDays > 0
            ? `Garansi ${product.code} sekarang ${product.warrantyDays} hari`
            : `${product.code} sekarang tanpa garansi`,
        maxQuantity: `${product.code} sekarang bisa dibeli paling banyak ${product.maxQuantity} sekali pesan`,
        lowStockAt: `Stok ${product.code} sekarang dianggap menipis mulai ${product.lowStockAt}`,
      }
      return `${said[field]} ✅`
    },
    productVisibility: (outcome) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { code, name } = outcome.product
      switch (outcome.kind) {
        case "hidden":
          return `${oneLine(name)} (${code}) tidak dijual lagi ✅ Jual lagi kapan saja: ${desk("tampilkan")} ${code}`
        case "unhidden":
          return `${oneLine(name)} (${code}) dijual lagi ✅`
        case "already_hidden":
          return `${code} memang sedang disembunyikan. Jual lagi: ${desk("tampilkan")} ${code}`
        case "already_shown":
          return `${code} memang sedang dijual. Berhenti menjual: ${desk("sembunyikan")} ${code}`
      }
    },
    hidingToConfirm: ({ product, openOrders }) =>
      join(
        `Berhenti menjual *${oneLine(product.name)}* (${product.code})? Pelanggan tidak melihatnya lagi.`,
        openOrders > 0 && `${openOrders} pesanan yang sedang jalan tetap diselesaikan.`,
        yesOrNo,
      ),
    documentForWhat: () =>
      join(
        "File ini untuk produk apa? Kirim sekali lagi dengan keterangan seperti ini:",
        `${desk("stok")} KOPI-1`,
      ),
    messageCut: () =>
      join(
        "Pesannya terlalu panjang untuk dibaca sampai akhir, jadi tidak ada yang dikerjakan dan tidak ada stok yang ditambahkan.",
        "Kirim sebagai file .txt, paling banyak 1.000 baris, atau pecah jadi beberapa pesan.",
      ),
    deskSlowDown: ({ seconds }) =>
      join(
        "Pelan-pelan ya Kak 🙏 Pesan ini belum dikerjakan: tidak ada yang diubah, dan tidak ada stok yang ditambahkan.",
        `Silakan kirim lagi seluruhnya dalam ${seconds} detik.`,
      ),
    documentNotRead: ({ problem }) => join(documentProblems[problem], "Belum ada stok yang ditambahkan."),
  }
}

const documentProblems: Readonly<Record<DocumentProblem, string>> = {
  failed: "Filenya belum berhasil diambil dari WhatsApp. Silakan kirim sekali lagi.",
  too_large: "Filenya terlalu besar, maksimal 1 MB. Pecah jadi beberapa file, paling banyak 1.000 baris.",
  not_text: "Filenya bukan daftar teks. Kirim file .txt atau .csv, satu barang per baris.",
  beside_lines: "Barangnya ada di file dan juga di pesannya. Kirim salah satu saja.",
  not_utf8: "Hurufnya tidak terbaca. Simpan filenya sebagai UTF-8, lalu kirim lagi.",
}
