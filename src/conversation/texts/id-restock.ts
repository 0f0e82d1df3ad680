import { formatRupiah } from "../../shop/money.ts"
import type { RestockTexts } from "./restock-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export function restock({ command }: Wording): RestockTexts {
  return {
    restockNoted: ({ code, name, before }) =>
      join(
        before
          ? `${oneLine(name)} (${code}) sudah ada di daftar tunggu Kakak 👍`
          : `Siap 👍 Kakak dikabari begitu ${oneLine(name)} (${code}) ada lagi.`,
        `Daftar tunggu: ${command("restock")}`,
        `Tidak jadi: ${command("restock")} ${code} batal`,
      ),
    restockInStock: ({ code, name, left }) =>
      join(
        `${oneLine(name)} sedang ada, sisa ${left}, jadi tidak perlu menunggu 😊`,
        `Beli: ${command("buy")} ${code}`,
      ),
    restockTooMany: ({ max }) =>
      join(
        `Daftar tunggu Kakak sudah penuh, paling banyak ${max} produk.`,
        `Kurangi dulu: ${command("restock")} untuk melihat daftarnya.`,
      ),
    restockList: ({ products }) =>
      products.length === 0
        ? join(
            "Belum ada produk yang Kakak tunggu.",
            `Mau dikabari saat produk yang habis ada lagi? ${command("restock")} KODE`,
          )
        : join(
            "*Kakak dikabari begitu ini ada lagi:*",
            ...products.map(({ code, name }) => `*${code}* ${oneLine(name)}`),
            "",
            `Tidak jadi: ${command("restock")} ${products[0]?.code ?? "KODE"} batal`,
          ),
    restockEnded: ({ code }) =>
      `Baik, ${code} tidak ditunggu lagi. Mau menunggu lagi? ${command("restock")} ${code}`,
    restockNotAwaited: ({ code }) =>
      join(`${code} tidak ada di daftar tunggu Kakak.`, `Lihat daftarnya: ${command("restock")}`),
    backInStock: ({ code, name, price }) =>
      join(
        `*${oneLine(name)}* sudah ada lagi 🎉 Harga ${formatRupiah(price)}.`,
        "Jumlahnya terbatas, siapa cepat dia dapat.",
        `Beli: ${command("buy")} ${code}`,
      ),
  }
}
