import { formatRupiah } from "../../shop/money.ts"
import type { CatalogueProblem, ProductField } from "../desk/catalogue-asked.ts"
import { join, type Wording } from "./wording.ts"

/** How a product is made, as it can be typed. */
export function newProductForm({ desk }: Wording): string {
  return `${desk("produkbaru")} KOPI-1 | Voucher Kopi | 18000 | Voucher | Satu gelas kopi susu`
}

/** What could not be read, and an example that can be. */
export function catalogueProblem(problem: CatalogueProblem, wording: Wording): string {
  return join(`${explain(problem)} Tidak ada yang diubah.`, ...examples(problem, wording))
}

const fieldNames: Readonly<Record<ProductField | "stock", string>> = {
  name: "Nama",
  price: "Harga",
  category: "Kategori",
  description: "Keterangan",
  warrantyDays: "Garansi (dalam hari)",
  maxQuantity: "Batas pembelian",
  lowStockAt: "Batas stok menipis",
  stock: "Stok",
}

function explain(problem: CatalogueProblem): string {
  switch (problem.kind) {
    case "incomplete":
      return "Produk baru perlu paling sedikit kode, nama dan harga, dipisah garis tegak atau baris baru."
    case "missing_code":
      return "Kode produknya belum disebut."
    case "malformed_code":
      return "Kode produk ditulis tanpa spasi, hanya huruf, angka, titik dan garis, paling panjang 32."
    case "missing_name":
      return "Nama produknya masih kosong."
    case "name_too_long":
      return `Namanya terlalu panjang, maksimal ${problem.max} huruf.`
    case "category_too_long":
      return `Kategorinya terlalu panjang, maksimal ${problem.max} huruf.`
    case "description_too_long":
      return `Keterangannya terlalu panjang, maksimal ${problem.max} huruf.`
    case "missing_price":
      return "Harganya belum disebut."
    case "malformed_price":
      return "Harganya belum terbaca. Tulis dengan angka biasa, misalnya 15000 atau 15rb."
    case "price_out_of_range":
      return `Harganya dari ${formatRupiah(problem.min)} sampai ${formatRupiah(problem.max)}.`
    case "unknown_field":
      return "Yang bisa diubah: nama, harga, kategori, keterangan, garansi, batas, minstok."
    case "missing_value":
      return `${fieldNames[problem.field]} yang baru belum ditulis.`
    case "number_out_of_range":
      return `${fieldNames[problem.field]} ditulis dengan angka dari ${problem.min} sampai ${problem.max}.`
    case "malformed_tier":
      return `Jumlah minimal ditulis seperti 10+, dari 1+ sampai ${problem.max}+, satu saja.`
    case "base_price_stays":
      return "Harga dasar tidak bisa dihapus, hanya diubah. Yang bisa dihapus harga khusus."
    case "malformed_page":
      return "Nomor halamannya harus angka mulai dari 1."
    case "units_beside_code":
      return "Barangnya ditulis di baris berikutnya, satu per baris, tidak di samping kode."
    case "too_many_words":
      return "Perintahnya kepanjangan."
  }
}

function examples(problem: CatalogueProblem, wording: Wording): string[] {
  const { desk } = wording
  switch (problem.command) {
    case "new_product":
      return [`Contoh: ${newProductForm(wording)}`]
    case "change":
      return [
        problem.kind === "missing_value" || problem.kind === "number_out_of_range"
          ? `Contoh: ${desk("ubah")} KOPI-1 ${fieldExamples[problem.field]}`
          : `Contoh: ${desk("ubah")} KOPI-1 nama Kopi Susu Gula Aren`,
      ]
    case "price":
      return [
        `Contoh: ${desk("harga")} KOPI-1 15000`,
        `Harga reseller: ${desk("harga")} KOPI-1 reseller 12000`,
        `Mulai 10 buah: ${desk("harga")} KOPI-1 10+ 14000`,
        `Hapus harga khusus: ${desk("harga")} KOPI-1 reseller hapus`,
      ]
    case "hide":
      return [`Contoh: ${desk("sembunyikan")} KOPI-1`]
    case "unhide":
      return [`Contoh: ${desk("tampilkan")} KOPI-1`]
    case "stock":
      return [
        `Contoh: kirim ${desk("stok")} KOPI-1 saja, lalu barangnya di pesan berikutnya.`,
        `Atau sekaligus, satu barang per baris di bawahnya:\n${desk("stok")} KOPI-1\nKODE-PERTAMA\nKODE-KEDUA`,
        `Barang fisik: ${desk("stok")} KAOS-L +5`,
      ]
  }
}

const fieldExamples: Readonly<Record<ProductField | "stock", string>> = {
  name: "nama Kopi Susu Gula Aren",
  price: "harga 15000",
  category: "kategori Minuman",
  description: "keterangan Satu gelas kopi susu",
  warrantyDays: "garansi 7",
  maxQuantity: "batas 5",
  lowStockAt: "minstok 3",
  stock: "minstok 3",
}
