import { formatRupiah, type Rupiah } from "../../shop/money.ts"
import type { Command, InvalidReason } from "../intent.ts"
import { depositLimits } from "../limits.ts"
import { topUp } from "./id-paying.ts"
import type { RefusalTexts } from "./texts.ts"
import { join, nameWithCode, type Wording } from "./wording.ts"

export function refusals(wording: Wording): RefusalTexts {
  const { command, time, offersQris } = wording
  const quantityOutOfRange: RefusalTexts["quantityOutOfRange"] = ({ min, max }) =>
    `Jumlahnya harus ${min} sampai ${max}. Contoh: ${command("buy")} KODE 2`
  const amountOutOfRange: RefusalTexts["amountOutOfRange"] = ({ min, max }) =>
    `Isi saldo dari ${formatRupiah(min)} sampai ${formatRupiah(max)}. Contoh: ${command("deposit")} 50000`
  return {
    quantityOutOfRange,
    amountOutOfRange,
    soldOut: ({ code, name, left, wanted }) =>
      left > 0
        ? join(
            `Stok ${nameWithCode({ code, name })} tinggal ${left}, belum cukup untuk ${wanted}.`,
            "Tidak ada yang ditagih.",
            `Mau ambil yang ada? ${command("buy")} ${code} ${left}`,
          )
        : join(
            `Maaf, ${nameWithCode({ code, name })} sedang habis. Tidak ada yang ditagih.`,
            `Mau dikabari kalau ada lagi? ${command("restock")} ${code}`,
            `Lihat produk lain: ${command("catalogue")}`,
          ),
    insufficientBalance: ({ balance, total, missing, code, quantity = 1 }) =>
      join(
        `Saldo belum cukup: ada ${formatRupiah(balance)}, totalnya ${formatRupiah(total)}.`,
        `Kurang ${formatRupiah(missing)}. Tidak ada yang ditagih.`,
        topUp(wording, Math.max(missing, depositLimits.min)),
        offersQris && `Atau bayar lewat QRIS: ${command("buy")} ${code ?? "KODE"} ${quantity} qris`,
      ),
    rateLimited: ({ seconds }) =>
      `Pembeliannya terlalu cepat, maksimal 3 kali per menit. Silakan coba lagi dalam ${seconds} detik.`,
    slowDown: ({ seconds }) => `Pelan-pelan ya Kak 🙏 Silakan kirim lagi dalam ${seconds} detik.`,
    transactionInProgress: ({ seconds }) =>
      join(
        "Masih ada transaksi Kakak yang sedang diproses. Yang ini belum dijalankan dan tidak ditagih.",
        seconds === undefined
          ? `Tunggu balasannya, lalu coba lagi. Cek: ${command("status")}`
          : `Tunggu balasannya, atau coba lagi dalam ${seconds} detik. Cek: ${command("status")}`,
      ),
    unpaidOrderExists: ({ orderCode, total, payUrl, expiresAt }) =>
      join(
        `Pesanan ${orderCode} (${formatRupiah(total)}) masih menunggu pembayaran sampai ${time(expiresAt)}.`,
        whereToPay(payUrl),
        `Atau batalkan dulu: ${command("cancel")} ${orderCode}`,
      ),
    invalid: (name, reason) => {
      if (name === "deposit" && !offersQris)
        return join("Toko ini belum menerima QRIS. Tidak ada yang ditagih.", topUp(wording))
      if (reason.kind === "quantity_out_of_range") return quantityOutOfRange(reason)
      if (reason.kind === "amount_out_of_range") return amountOutOfRange(reason)
      if (reason.kind === "refund_how_much")
        return join(
          "Mau dikembalikan berapa? Belum ada yang dikembalikan. Tulis nominalnya, atau kata semua.",
          `Sebagian: ${command("refund")} ${reason.orderCode} 10000 saldo barang rusak`,
          `Semua yang tersisa: ${command("refund")} ${reason.orderCode} semua saldo barang rusak`,
        )
      if (reason.kind === "malformed_review") return reviewForms(command("review"))
      return `${explain(reason)} Contoh: ${command(name)}${example(name, reason)}`
    },
    priceChanged: ({ code, price, discount, total, quantity }) =>
      join(
        `Harga ${code} baru saja berubah, jadi belum ada yang dibeli dan tidak ada yang ditagih.`,
        `Sekarang ${sum({ quantity, price, discount, total })}.`,
        `Masih mau? ${command("buy")} ${code} ${quantity}`,
      ),
    shareHeld: ({ code, left, wanted }) =>
      join(
        `${code} sedang banyak ditahan pesanan yang belum dibayar. Tidak ada yang ditagih.`,
        left > 0 && `Lewat QRIS sekarang paling banyak ${left}.`,
        `Bayar dari saldo bisa langsung: ${command("buy")} ${code} ${wanted} saldo`,
        "Atau coba lagi beberapa menit lagi.",
      ),
    holdsPaused: ({ until, code, quantity }) =>
      join(
        "Beberapa pesanan terakhir Kakak tidak jadi dibayar, jadi bayar lewat QRIS kami jeda dulu.",
        `QRIS bisa dipakai lagi mulai ${time(until)}. Tidak ada yang ditagih.`,
        `Bayar dari saldo tetap bisa: ${command("buy")} ${code} ${quantity} saldo`,
      ),
    blocked: () =>
      "Maaf, nomor ini tidak bisa bertransaksi di sini. Kalau ini keliru, silakan hubungi penjual.",
    tooLong: ({ max }) =>
      join(
        `Pesannya terlalu panjang, maksimal ${max} karakter.`,
        `Silakan kirim yang lebih singkat, atau balas ${command("menu")}`,
      ),
    empty: () => `Pesannya kosong. Balas ${command("menu")} untuk melihat pilihan.`,
    noWords: () => `Saya baru bisa membaca tulisan 😊 Balas ${command("menu")} untuk melihat pilihan.`,
    unknown: ({ suggestion }) =>
      join(
        "Maaf, saya belum paham maksudnya.",
        suggestion && `Mungkin maksudnya: ${command(suggestion)}${usage[suggestion]}`,
        `Balas ${command("menu")} untuk melihat pilihan, atau ${command("help")} untuk bantuan.`,
      ),
    busy: () => "Toko sedang ramai dan pesan ini belum diproses. Silakan kirim ulang sebentar lagi 🙏",
    delayed: () =>
      "Toko sedang gangguan sebentar. Pesan Kakak sudah kami simpan dan dijawab begitu pulih, jadi tidak perlu dikirim ulang.",
    unavailable: () =>
      "Maaf, toko sedang gangguan sebentar. Tidak ada yang ditagih. Pesan ini dicoba lagi otomatis; " +
      "kalau beberapa menit belum ada balasan, silakan kirim ulang.",
    failed: ({ reference }) =>
      join(
        "Maaf, ada kesalahan di sisi kami.",
        `Silakan coba lagi. Kalau masih terjadi, sebutkan nomor ini ke penjual: ${reference}`,
      ),
  }
}

/** How a total comes about. */
export function sum(order: { quantity: number; price: Rupiah; discount: Rupiah; total: Rupiah }): string {
  const less = order.discount > 0 ? `, potongan ${formatRupiah(order.discount)}` : ""
  return `${order.quantity} × ${formatRupiah(order.price)}${less}: ${formatRupiah(order.total)}`
}

export const usage: Readonly<Record<Command, string>> = {
  person: "",
  bot: "",
  menu: "",
  help: "",
  catalogue: "",
  categories: "",
  detail: " KODE",
  buy: " KODE 2",
  balance: "",
  deposit: " 50000",
  status: "",
  history: "",
  cancel: "",
  language: " id",
  pay_demo: "",
  resend: " PESANAN",
  warranty: " PESANAN",
  address: " PESANAN",
  voucher: " KODE",
  restock: " KODE",
  receipt: "",
  received: "",
  stop_broadcasts: "",
  start_broadcasts: "",
  refund: " PESANAN 10000 saldo barang rusak",
  review: " 1 abaikan sudah dicek",
}

type Explained = Exclude<
  InvalidReason["kind"],
  "quantity_out_of_range" | "amount_out_of_range" | "refund_how_much" | "malformed_review"
>

const explanations: Readonly<Record<Explained, string>> = {
  missing_code: "Kode produknya belum disebut.",
  malformed_code: "Kode produk ditulis tanpa spasi, hanya huruf, angka, titik dan garis.",
  missing_order_code: "Kode pesanannya belum disebut.",
  malformed_order_code: "Kode pesanan ditulis tanpa spasi, hanya huruf, angka dan garis.",
  malformed_voucher: "Kode voucher ditulis tanpa spasi, hanya huruf, angka, titik dan garis.",
  quantity_not_a_number: "Jumlahnya harus ditulis dengan angka biasa, 1 sampai 100.",
  quantity_not_whole: "Jumlahnya harus bilangan bulat, tanpa koma.",
  place_invalid: "Barang ke berapa ditulis dengan angka, mulai dari 1.",
  unknown_method: "Cara bayarnya saldo atau qris.",
  missing_amount: "Mau isi saldo berapa? Balas dengan perintah dan nominalnya.",
  amount_not_a_number: "Nominalnya belum terbaca. Tulis dengan angka biasa, misalnya 50000 atau 50rb.",
  page_invalid: "Nomor halamannya harus angka mulai dari 1.",
  unknown_language: "Bahasa yang ada: id dan en.",
  too_many_words: "Perintahnya kepanjangan.",
  missing_reason: "Alasannya belum ditulis.",
  reason_too_long: "Alasannya terlalu panjang, maksimal 200 karakter.",
}

/** Where an order that waits for its money is paid: on its page, or by the QR that was sent with it. */
export function whereToPay(payUrl: string | undefined): string {
  return payUrl === undefined
    ? "Bayar lewat tautan atau QR yang dikirim bersama pesanannya."
    : `Bayar di sini: ${payUrl}`
}

function reviewForms(name: string): string {
  return join(
    "Perintahnya belum terbaca. Belum ada yang diputuskan. Bentuknya:",
    `${name}: yang perlu diputuskan`,
    `${name} 5: lihat nomor 5`,
    `${name} 5 saldo NOMOR alasan: uangnya masuk saldo pelanggan itu`,
    `${name} 5 pesanan KODE alasan: uangnya dijadikan pembayaran pesanan itu`,
    `${name} 5 ditarik 10000 alasan: sebanyak itu ditarik kembali`,
    `${name} 5 berhasil alasan, atau ${name} 5 gagal alasan: hasil pengembalian yang belum pasti`,
    `${name} 5 abaikan alasan: tidak ada yang perlu dilakukan`,
    `Contoh: ${name} 5 abaikan sudah dicek`,
  )
}

function explain(reason: Readonly<{ kind: Explained }>): string {
  return explanations[reason.kind]
}

export function example(name: Command, reason: Readonly<{ kind: InvalidReason["kind"] }>): string {
  if (reason.kind === "unknown_method") return " KODE 2 qris"
  if (reason.kind === "page_invalid") return " 2"
  if (reason.kind === "place_invalid") return " PESANAN 2"
  if (reason.kind === "malformed_order_code" && name !== "refund") return " PESANAN"
  return usage[name]
}
