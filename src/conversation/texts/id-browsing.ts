import { formatRupiah } from "../../shop/money.ts"
import type { PriceStep } from "../../shop/prices.ts"
import { topUp } from "./id-paying.ts"
import type { BrowsingTexts, CataloguePage, Movement, ProductDetail, ProductFigures } from "./texts.ts"
import { categoryNames, cut, join, oneLine, type Wording } from "./wording.ts"

const movementNames: ReadonlyMap<string, string> = new Map([
  ["deposit", "isi saldo"],
  ["sale", "pembelian"],
  ["surplus", "kelebihan bayar"],
  ["underpaid", "kurang bayar"],
  ["paid_twice", "dibayar dua kali"],
  ["late_payment", "pembayaran terlambat"],
  ["refund", "pengembalian"],
  ["warranty", "garansi"],
  ["sent_back", "dikembalikan ke cara bayarnya"],
  ["reversal", "ditarik bank"],
  ["found_payment", "diperiksa penjual"],
  ["adjustment", "penyesuaian"],
  ["opening", "saldo awal"],
  ["union", "saldo digabung"],
])

/** What is in no category. */
const others = "Lainnya"

export function browsing(wording: Wording): BrowsingTexts {
  const { command, time, offersQris } = wording
  return {
    menu: ({ shopName, customerName }) =>
      join(
        `Halo${` ${oneLine(customerName ?? "", 40)}`.trimEnd()}! Selamat datang di *${oneLine(shopName)}* 👋`,
        "",
        "1. Pesan sekarang",
        "2. Lihat produk",
        "3. Cek saldo",
        offersQris ? "4. Isi saldo" : `4. ${topUp(wording)}`,
        "5. Status pesanan",
        "6. Riwayat pesanan",
        "7. Bantuan",
        "",
        `Balas dengan angkanya, atau langsung beli: ${command("buy")} KODE`,
        `English: ${command("language")} en`,
      ),
    help: () =>
      join(
        "*Cara belanja*",
        "Balas pesan: memesan langkah demi langkah, tanpa perintah",
        `${command("catalogue")}: daftar produk dan harganya`,
        `${command("categories")}: kategori yang ada`,
        `${command("detail")} KODE: keterangan satu produk`,
        ...(offersQris
          ? [
              `${command("buy")} KODE 2: beli 2 buah. Dibayar dari saldo kalau cukup, kalau tidak lewat QRIS`,
              `${command("buy")} KODE 2 saldo, atau ${command("buy")} KODE 2 qris: pilih sendiri cara bayarnya`,
            ]
          : [`${command("buy")} KODE 2: beli 2 buah, dibayar dari saldo`]),
        `${command("balance")}: saldo dan mutasi terakhir`,
        offersQris ? `${command("deposit")} 50000: isi saldo lewat QRIS` : topUp(wording),
        `${command("address")} PESANAN: alamat kirim pesanan yang belum dikirim`,
        `${command("status")}: pesanan terakhir`,
        `${command("history")}: pesanan yang lalu`,
        `${command("resend")} PESANAN: kirim lagi barang yang sudah dibeli`,
        `${command("warranty")} PESANAN: klaim garansi barang yang bermasalah`,
        `${command("receipt")} PESANAN: struk pesanan yang sudah dibayar`,
        `${command("received")} PESANAN: kabari kalau barang kiriman sudah sampai`,
        `${command("cancel")}: batalkan pesanan yang belum dibayar`,
        `${command("voucher")} KODE: pakai voucher untuk pembelian berikutnya`,
        `${command("restock")} KODE: dikabari kalau produk yang habis sudah ada lagi`,
        `${command("person")}: bicara dengan penjual`,
        `${command("language")} en: English`,
        "",
        `Bingung mulai dari mana? Balas ${command("menu")}`,
      ),
    catalogue: (page) =>
      join(
        `*${oneLine(`Produk ${page.category ?? ""}`)}* (halaman ${page.page} dari ${page.pages})`,
        "",
        productLines(page),
        "",
        `Beli: ${command("buy")} KODE`,
        `Keterangan: ${command("detail")} KODE`,
        page.page < page.pages && `Berikutnya: ${command("catalogue")} ${nextPage(page)}`,
        page.categories.length > 1 &&
          `Per kategori: ${command("catalogue")} KATEGORI (${categoryNames(page.categories)})`,
      ),
    categoryList: ({ categories: counted }) =>
      counted.length === 0
        ? `Belum ada kategori. Lihat semua produk: ${command("catalogue")}`
        : join("*Kategori*", categoryLines(counted), "", `Lihat isinya: ${command("catalogue")} KATEGORI`),
    catalogueEmpty: ({ category, categories: all }) => {
      if (all.length === 0)
        return `Belum ada produk saat ini. Silakan cek lagi nanti dengan ${command("catalogue")}`
      const nothing = category ? "Tidak ada produk di kategori itu." : "Tidak ada produk di halaman itu."
      return join(nothing, `Kategori yang ada: ${categoryNames(all)}`, `Lihat semua: ${command("catalogue")}`)
    },
    detail: (product) =>
      join(
        `*${oneLine(product.name)}* (${product.code})`,
        `Harga: ${formatRupiah(product.price)}`,
        stepsLine(product.steps),
        `Stok: ${stockLeft(product)}`,
        product.category !== "" && `Kategori: ${oneLine(product.category)}`,
        howDelivered(product.kind),
        product.warrantyDays ? `Garansi ${product.warrantyDays} hari` : undefined,
        product.description.trim() !== "" && `\n${product.description.trim()}`,
        "",
        product.left > 0
          ? `Beli: ${command("buy")} ${product.code}`
          : join(
              `Mau dikabari kalau ada lagi? ${command("restock")} ${product.code}`,
              `Lihat produk lain: ${command("catalogue")}`,
            ),
      ),
    productNotFound: ({ code, suggestions }) =>
      join(
        `Produk dengan kode ${code} tidak ada.`,
        suggestions.length > 0 && `Mungkin maksudnya: ${suggestions.join(", ")}`,
        `Lihat semua produk: ${command("catalogue")}`,
      ),
    balance: ({ balance, movements }) =>
      join(
        `Saldo: *${formatRupiah(balance)}*`,
        movements.length > 0 && `\n${movementLines(movements, time)}`,
        "",
        topUp(wording),
      ),
    youAreWelcome: () => join("Sama-sama, Kak 🙏", `Mau pesan lagi? Balas ${command("menu")}`),
    languageChanged: () =>
      `Siap, mulai sekarang pakai Bahasa Indonesia. Balas ${command("menu")} untuk mulai.`,
    languageChoice: () =>
      join(
        "Pilih bahasa / choose a language:",
        `${command("language")} id: Bahasa Indonesia`,
        `${command("language")} en: English`,
      ),
  }
}

export function productLines(page: CataloguePage): string {
  return page.products
    .map((product, place) =>
      join(
        categoryHeading(page, place),
        `*${product.code}* ${oneLine(product.name)}`,
        `${formatRupiah(product.price)}, ${stockLeft(product)}`,
        stepsLine(product.steps),
      ),
    )
    .join("\n")
}

export function categoryLines(counted: readonly Readonly<{ name: string; count: number }>[]): string {
  return cut(counted.map(({ name, count }) => `${oneLine(name || others, 60)}: ${count} produk`)).join("\n")
}

/** The lower prices for more of a product, if there are any. */
export function stepsLine(steps: readonly PriceStep[] = []): string | undefined {
  const told = steps.map(({ minQuantity, price }) => `mulai ${minQuantity} buah ${formatRupiah(price)}`)
  return told.length === 0 ? undefined : `Lebih murah: ${told.join(", ")} per buah`
}

/** What is left, what was sold, and whether it is new. */
export function stockLeft(product: ProductFigures & Readonly<{ left: number }>): string {
  const { left } = product
  return `${left > 0 ? `sisa ${left}` : "habis"}${figures(product)}`
}

export function howDelivered(kind: ProductDetail["kind"]): string {
  return kind === "digital"
    ? "Dikirim otomatis di chat ini setelah dibayar."
    : "Barang fisik, dikirim ke alamat."
}

export function movementLines(movements: readonly Movement[], time: Wording["time"]): string {
  return join(
    "Mutasi terakhir:",
    ...movements.map((movement) => `${time(movement.at)}: ${movementLine(movement)}`),
  )
}

function movementLine({ amount, kind, reason }: Movement): string {
  const sign = amount > 0 ? "+" : ""
  const name = movementNames.get(kind) ?? "mutasi"
  return `${sign}${formatRupiah(amount)} ${name}${reason ? ` (${oneLine(reason)})` : ""}`
}

/** Stands above the first product of each category, where more than one is shown. */
function categoryHeading(
  { products, category, categories }: CataloguePage,
  place: number,
): string | undefined {
  const nameOf = (product: CataloguePage["products"][number] | undefined) => product?.category ?? ""
  const name = nameOf(products[place])
  if (category !== undefined || categories.length === 0) return undefined
  if (place > 0 && nameOf(products[place - 1]) === name) return undefined
  return `${place > 0 ? "\n" : ""}— ${oneLine(name || others, 60)} —`
}

function figures({ sold = 0, isNew = false }: ProductFigures): string {
  return `${sold > 0 ? `, terjual ${sold}` : ""}${isNew ? ", baru" : ""}`
}

function nextPage({ category, page }: CataloguePage): string {
  return category ? `${oneLine(category)} ${page + 1}` : String(page + 1)
}
