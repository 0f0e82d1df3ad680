import { formatRupiah } from "../../shop/money.ts"
import {
  type GuidedTexts,
  type NumberedProduct,
  type QuantityQuestion,
  type RecipientQuestion,
  type SummaryQuestion,
  wholeAddress,
} from "./guided-texts.ts"
import { statusNames } from "./id-orders.ts"
import { join, nameWithCode, oneLine, type Wording } from "./wording.ts"

const wayOut = "Balas 0 untuk kembali, atau batal untuk berhenti."

export function guided({ command }: Wording): GuidedTexts {
  return {
    askProduct: ({ products, hasMore }) =>
      join(
        "*Mau pesan apa, Kak?*",
        productLines(products),
        "",
        "Balas dengan nomor, kode, atau nama produknya.",
        hasMore && "Belum ketemu? Balas lagi untuk melihat yang berikutnya.",
        wayOut,
      ),
    askWhich: ({ products, isCut }) =>
      join(
        "*Yang mana, Kak?*",
        productLines(products),
        "",
        isCut && "Masih ada yang lain; tulis namanya lebih lengkap kalau belum ketemu.",
        "Balas dengan nomornya.",
        wayOut,
      ),
    askQuantity: ({ code, name, price, steps, left, max }) =>
      join(
        `*${oneLine(name)}* (${code})`,
        `Harga ${formatRupiah(price)}, sisa ${left}`,
        stepLines(steps),
        "",
        max > 1
          ? `Mau berapa? Balas dengan angka 1 sampai ${max}.`
          : "Mau berapa? Balas 1 untuk memesan satu.",
        wayOut,
      ),
    askRecipient: (question) =>
      join(
        question.orderCode === undefined
          ? "Barangnya dikirim ke alamat Kakak. *Siapa nama penerimanya?*"
          : `Pesanan ${question.orderCode} akan dikirim. *Siapa nama penerimanya?*`,
        question.remembered && `\n${rememberedRecipient(question)}`,
        orderWayOut(question),
      ),
    askAddress: (question) =>
      join(
        `*Alamat lengkap untuk ${oneLine(question.recipient)}?*`,
        "Tulis jalan, nomor rumah, kelurahan, kota dan kode pos.",
        question.remembered && `\n${rememberedAddress(question)}`,
        orderWayOut(question),
      ),
    orderSummary: (order) =>
      join(
        "*Ringkasan pesanan*",
        `${order.quantity} × ${oneLine(order.name)} (${order.code}), ${formatRupiah(order.price)} per buah`,
        order.discount > 0 && discountOf(order),
        `Total: *${formatRupiah(order.total)}*`,
        order.delivery && `Dikirim ke: ${wholeAddress(order.delivery)}`,
        howPaid(order, command("person")),
        "",
        "Sudah benar?",
        order.way === "none" ? "1. Ya, saldonya sudah cukup" : "1. Ya, pesan",
        "2. Ubah",
        wayOut,
      ),
    askMethod: ({ total, balance }) =>
      join(
        `*Mau bayar ${formatRupiah(total)} lewat apa?*`,
        `1. Saldo (ada ${formatRupiah(balance)})`,
        "2. QRIS",
        "",
        wayOut,
      ),
    productNotKnown: () => "Produk itu belum ketemu. Coba pilih dari daftar ini ya Kak:",
    numberNotShown: () => "Nomor itu tidak ada di daftar.",
    productGone: () => "Maaf Kak, produk itu baru saja tidak dijual lagi. Belum ada yang ditagih.",
    chosenSoldOut: ({ code, name }) =>
      join(
        `Maaf Kak, ${nameWithCode({ code, name })} sedang habis. Belum ada yang ditagih.`,
        `Mau dikabari kalau sudah ada? Balas ${command("restock")} ${code}`,
      ),
    onlyLeft: ({ name, left }) => `Stok ${oneLine(name)} tinggal ${left}. Belum ada yang ditagih.`,
    quantityInvalid: ({ max }) =>
      max > 1 ? `Jumlahnya ditulis dengan angka, 1 sampai ${max}.` : "Jumlahnya hanya bisa 1.",
    recipientInvalid: ({ min, max }) =>
      `Nama penerimanya belum terbaca. Tulis ${min} sampai ${max} karakter, dengan huruf.`,
    addressInvalid: ({ min, max }) =>
      `Alamatnya belum terbaca. Tulis ${min} sampai ${max} karakter, lengkap dengan jalan dan kotanya.`,
    notAChoice: () => "Maaf, saya belum paham jawabannya.",
    priceIsNew: () => "Totalnya sekarang lain dari yang tadi. Belum ada yang ditagih; silakan cek lagi:",
    wayToPayChanged: () => "Cara bayarnya berubah karena saldo Kakak berubah. Silakan cek lagi:",
    wayNotChosen: () => "Cara bayar pesanan ini tidak bisa dipilih; cara bayarnya ada di ringkasan:",
    answerTooLong: ({ max }) => `Pesannya terlalu panjang, maksimal ${max} karakter.`,
    answerUnreadable: () => "Saya baru bisa membaca tulisan 😊",
    stillOpen: () => "Pesanan Kakak masih menunggu jawaban:",
    orderLeft: () =>
      `Baik, pesanannya tidak dilanjutkan dan tidak ada yang ditagih. Mau mulai lagi? ${command("menu")}`,
    addressLeft: ({ orderCode }) =>
      join(
        `Baik. Pesanan ${orderCode} tetap ada; hanya alamatnya yang belum diubah.`,
        `Isi alamat: ${command("address")} ${orderCode}`,
        `Mau membatalkan? Selama belum dibayar: ${command("cancel")} ${orderCode}`,
      ),
    addressKept: ({ orderCode, recipient, address }) =>
      join(
        `Alamat pesanan ${orderCode} sudah dicatat ✅`,
        wholeAddress({ recipient, address }),
        `Lacak: ${command("status")} ${orderCode}`,
      ),
    addressRefused: ({ orderCode, status, isDigital }) =>
      isDigital
        ? `Pesanan ${orderCode} dikirim lewat chat ini, jadi tidak perlu alamat.`
        : join(
            `Alamat pesanan ${orderCode} tidak bisa diubah lagi: ${statusNames[status]}.`,
            `Keterangan: ${command("status")} ${orderCode}`,
          ),
    noOrderToAddress: () =>
      join(
        "Tidak ada pesanan Kakak yang masih menunggu dikirim.",
        `Lihat pesanan: ${command("history")}. Mau pesan? ${command("catalogue")}`,
      ),
    conversationEnded: ({ orderCode }) =>
      orderCode === undefined
        ? `Pesanannya saya tutup dulu ya Kak, karena lama tidak ada jawaban. Tidak ada yang ditagih; mulai lagi kapan saja: ${command("menu")}`
        : `Alamat pesanan ${orderCode} belum diisi ya Kak. Isi kapan saja: ${command("address")} ${orderCode}`,
  }
}

export function productLines(products: readonly NumberedProduct[]): string {
  return products.map(productLine).join("\n")
}

/** Lower prices from a quantity on; undefined where there are none. */
export function stepLines(steps: QuantityQuestion["steps"]): string | undefined {
  if (steps.length === 0) return undefined
  return steps
    .map((step) => `Mulai ${step.minQuantity} buah: ${formatRupiah(step.price)} per buah`)
    .join("\n")
}

/** Offers the recipient and the address of before. */
export function rememberedRecipient({ remembered }: RecipientQuestion): string {
  if (!remembered) return ""
  return join(
    `1. ${wholeAddress(remembered)}`,
    "Balas 1 untuk alamat itu, atau tulis nama penerima yang lain.",
  )
}

/** Offers the address of before. */
export function rememberedAddress({ remembered }: RecipientQuestion): string {
  if (!remembered) return ""
  return join(
    `1. ${oneLine(remembered.address, 300)}`,
    "Balas 1 untuk alamat itu, atau tulis alamat yang lain.",
  )
}

/** What comes off, and by which voucher. */
export function discountOf({ discount, voucherCode }: SummaryQuestion): string {
  return `Potongan${voucherCode ? ` voucher ${voucherCode}` : ""}: ${formatRupiah(discount)}`
}

function productLine({ number, code, name, price, left }: NumberedProduct): string {
  return `${number}. ${oneLine(name)} (${code}): ${formatRupiah(price)}, ${left > 0 ? `sisa ${left}` : "habis"}`
}

/** `batal` never touches an order that exists; nobody should fear that it does, or hope it. */
function orderWayOut({ orderCode }: RecipientQuestion): string {
  if (orderCode === undefined) return wayOut
  return `Nanti saja? Balas batal; pesanan ${orderCode} tetap ada.`
}

export function howPaid({ way, balance, missing }: SummaryQuestion, person: string): string {
  switch (way) {
    case "saldo":
      return `Dibayar dari saldo (ada ${formatRupiah(balance)}).`
    case "qris":
      return `Dibayar lewat QRIS. Saldo ${formatRupiah(balance)}, kurang ${formatRupiah(missing)}.`
    case "choose":
      return `Dibayar dari saldo (ada ${formatRupiah(balance)}) atau lewat QRIS, dipilih setelah ini.`
    case "none":
      return join(
        `Saldo ${formatRupiah(balance)}, kurang ${formatRupiah(missing)}.`,
        `Isi saldo lewat penjual: ${person}. Kalau sudah, balas 1.`,
      )
  }
}
