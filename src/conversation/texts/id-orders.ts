import { formatRupiah } from "../../shop/money.ts"
import { hasAddress } from "./fulfilment-texts.ts"
import { journey, whereTo } from "./id-delivery.ts"
import {
  by,
  demoElsewhere,
  ended,
  exactDeposit,
  exactTotal,
  howToPay,
  paidFor,
  paidLine,
  topUp,
  whyOnline,
} from "./id-paying.ts"
import { whereToPay } from "./id-refusals.ts"
import { discountLine } from "./id-vouchers.ts"
import type { HistoryPage, OrderStatus, OrderTexts, PaidBy } from "./texts.ts"
import { join, oneLine, orderLines, unitBlock, type Wording } from "./wording.ts"

const demoMark = "DEMO – bukan uang sungguhan"

export const statusNames: Readonly<Record<OrderStatus, string>> = {
  awaiting_payment: "menunggu pembayaran",
  paid: "sudah dibayar",
  delivered: "terkirim",
  packing: "sedang dikemas",
  shipped: "dalam pengiriman",
  completed: "selesai",
  expired: "lewat batas waktu",
  cancelled: "dibatalkan",
  refunded: "dananya dikembalikan",
}

export const methodNames: Readonly<Record<PaidBy, string>> = {
  saldo: "saldo",
  qris: "QRIS",
  online: "online",
}

export function orders(wording: Wording): OrderTexts {
  const { command, time } = wording
  return {
    demoMark,
    demo,
    goods: (order) =>
      join(
        order.resent
          ? `*Pesanan ${order.orderCode}, dikirim ulang*`
          : `*Pesanan ${order.orderCode} berhasil* ✅`,
        orderLines(order.lines, discountLine(order)),
        paidLine(order),
        "",
        "Ini barangnya:",
        unitBlock(order.units),
        "",
        `Simpan baik-baik. Perlu lagi? ${command("resend")} ${order.orderCode}`,
      ),
    physicalPaid: (order) =>
      join(
        `*Pesanan ${order.orderCode} berhasil* ✅`,
        orderLines(order.lines, discountLine(order)),
        paidLine(order),
        "",
        ...(order.isAskedWhere ? [] : whereTo(order, wording)),
        hasAddress(order.delivery) && "Barangnya segera dikemas dan dikirim.",
        `Cek perkembangannya: ${command("status")} ${order.orderCode}`,
      ),
    paymentRequest: (request) => {
      const text = join(
        `*Bayar ${formatRupiah(request.total)} ${by(request)}*`,
        `Pesanan ${request.orderCode}`,
        request.lines && request.lines.length > 0 && orderLines(request.lines, discountLine(request)),
        whyOnline(request),
        "",
        howToPay(request),
        exactTotal(request),
        "",
        `Berlaku sampai ${time(request.expiresAt)}. Begitu lunas, pesanan langsung diproses.`,
        `Tidak jadi? ${command("cancel")}`,
        request.canPretend && `Coba bayar pura-pura: ${command("pay_demo")}`,
      )
      return request.isDemo ? demo(text) : text
    },
    paymentUnavailable: ({ orderCode }) =>
      join(
        "Maaf, pembayaran online sedang gangguan.",
        `${orderCode ? `Pesanan ${orderCode}` : "Pesanan"} tidak dilanjutkan dan tidak ada yang ditagih.`,
        `Coba lagi beberapa menit lagi, atau bayar dari saldo: ${command("buy")} KODE saldo`,
      ),
    depositUnavailable: () =>
      join(
        "Maaf, pembayaran online sedang tidak bisa dibuat. Tidak ada yang ditagih.",
        `Coba lagi beberapa menit lagi: ${command("deposit")} 50000`,
      ),
    qrisNotOffered: () =>
      join(
        "Toko ini belum menerima QRIS. Tidak ada yang ditagih.",
        `Pembelian dibayar dari saldo: ${command("buy")} KODE saldo`,
        topUp({ ...wording, offersQris: false }),
      ),
    noFreeAmount: () =>
      join(
        "Maaf, sedang terlalu banyak yang membayar jumlah ini. Tidak ada yang ditagih.",
        `Coba lagi nanti, pilih jumlah lain, atau bayar dari saldo: ${command("buy")} KODE saldo`,
      ),
    depositRequest: (request) => {
      const text = join(
        `*Isi saldo ${formatRupiah(request.amount)} ${by(request)}*`,
        `Saldo sekarang: ${formatRupiah(request.balance)}`,
        "",
        howToPay(request),
        exactDeposit(request),
        "",
        `Berlaku sampai ${time(request.expiresAt)}. Begitu lunas, saldo langsung bertambah.`,
        `Tidak jadi? ${command("cancel")}`,
        request.canPretend && `Coba bayar pura-pura: ${command("pay_demo")}`,
      )
      return request.isDemo ? demo(text) : text
    },
    depositPaid: ({ amount, balance }) =>
      join(
        `Saldo bertambah ${formatRupiah(amount)} ✅`,
        `Saldo sekarang: *${formatRupiah(balance)}*`,
        `Mulai belanja: ${command("catalogue")}`,
      ),
    orderStatus: (order) =>
      join(
        `Pesanan *${order.orderCode}*: ${statusNames[order.status]}`,
        orderLines(order.lines, discountLine(order)),
        `Total ${formatRupiah(order.total)}, cara bayar ${methodNames[order.method]}`,
        `Dibuat ${time(order.createdAt)}`,
        ...journey(order, wording),
        ...(order.status === "awaiting_payment"
          ? [
              order.exactAmount !== undefined && `Bayar tepat *${formatRupiah(order.exactAmount)}*`,
              order.expiresAt && `Bayar sebelum ${time(order.expiresAt)}`,
              whereToPay(order.payUrl),
              `Tidak jadi? ${command("cancel")} ${order.orderCode}`,
            ]
          : []),
        order.returned ? `Sudah dikembalikan: ${formatRupiah(order.returned)}` : undefined,
        order.returning ? `Sedang dikembalikan: ${formatRupiah(order.returning)}` : undefined,
        order.status === "delivered" && `Kirim lagi barangnya: ${command("resend")} ${order.orderCode}`,
        (order.status === "expired" || order.status === "cancelled") &&
          `Mau pesan lagi? ${command("catalogue")}`,
      ),
    noOrders: () => `Belum ada pesanan. Lihat produknya: ${command("catalogue")}`,
    orderNotFound: ({ orderCode }) =>
      `Pesanan ${orderCode} tidak ada di riwayat Kakak. Cek kodenya di ${command("history")}`,
    history: (page) =>
      join(
        `*Riwayat pesanan* (halaman ${page.page} dari ${page.pages})`,
        "",
        pastOrders(page.orders, wording),
        page.page < page.pages && `\nBerikutnya: ${command("history")} ${page.page + 1}`,
      ),
    cancelled: ({ orderCode }) =>
      `Pesanan ${orderCode} dibatalkan, tidak ada yang ditagih. Mau pilih yang lain? ${command("catalogue")}`,
    depositCancelled: () =>
      `Isi saldo dibatalkan. Tidak ada yang ditagih. Isi lagi: ${command("deposit")} 50000`,
    nothingToCancel: () =>
      `Tidak ada pesanan yang menunggu pembayaran. Lihat pesanan yang lalu: ${command("history")}`,
    cannotCancel: ({ orderCode, status }) =>
      join(
        `Pesanan ${orderCode} tidak bisa dibatalkan: ${statusNames[status]}.`,
        `Selengkapnya: ${command("status")} ${orderCode}`,
      ),
    demoPaid: () => "Pembayaran demo diterima ✅",
    demoElsewhere: () => demoElsewhere,
    nothingToPay: () => `Tidak ada yang menunggu pembayaran. Mulai belanja: ${command("catalogue")}`,
    nothingToResend: ({ orderCode, status }) =>
      join(
        `Pesanan ${orderCode} tidak punya barang untuk dikirim ulang: ${statusNames[status]}.`,
        `Selengkapnya: ${command("status")} ${orderCode}`,
      ),
    expired: ({ orderCode }) =>
      join(
        `Batas waktu pesanan ${orderCode} sudah lewat, jadi pesanannya ditutup. Tidak ada yang ditagih.`,
        `Mau pesan lagi? ${command("catalogue")}`,
        "Kalau sudah telanjur membayar, tenang: uangnya tidak hilang dan segera kami kabari.",
      ),
    latePaymentGoods: ({ orderCode, endedAs }) =>
      join(
        `Pembayaran pesanan ${orderCode} masuk setelah ${ended(endedAs)}.`,
        "Barangnya masih ada, jadi tetap dikirim.",
      ),
    latePaymentToBalance: ({ orderCode, amount, balance, endedAs }) =>
      join(
        `Pembayaran pesanan ${orderCode} masuk setelah ${ended(endedAs)}, ` +
          "dan barangnya sudah tidak tersedia dengan harga itu.",
        `${formatRupiah(amount)} sudah dimasukkan ke saldo. Saldo sekarang: *${formatRupiah(balance)}*`,
        `Pilih yang lain: ${command("catalogue")}`,
      ),
    paymentReview: ({ orderCode, amount, received }) =>
      join(
        `Uang ${formatRupiah(received)} untuk ${paidFor(orderCode)} sudah masuk.`,
        `Jumlahnya berbeda dari yang diminta (${formatRupiah(amount)}), jadi penjual sedang memeriksanya.`,
        "Kakak tidak perlu bayar lagi; uangnya tidak hilang.",
      ),
  }
}

function demo(text: string): string {
  return text.startsWith(demoMark) ? text : `${demoMark}\n\n${text}`
}

/** A page of past orders, a few lines each. */
export function pastOrders(orders: HistoryPage["orders"], { command, time }: Wording): string {
  return orders
    .map((order) =>
      join(
        `*${order.orderCode}* ${oneLine(order.summary)}`,
        `${formatRupiah(order.total)}, ${statusNames[order.status]}, ${time(order.at)}`,
        order.status === "delivered" && `Kirim lagi: ${command("resend")} ${order.orderCode}`,
      ),
    )
    .join("\n")
}
