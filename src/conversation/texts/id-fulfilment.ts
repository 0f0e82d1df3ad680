import type { FulfilmentTexts } from "./fulfilment-texts.ts"
import { carriedBy, whereTo } from "./id-delivery.ts"
import { statusNames } from "./id-orders.ts"
import { receiptBlock } from "./receipt-block.ts"
import { join, oneLine, orderLines, type Wording } from "./wording.ts"

const paidBy = { saldo: "Saldo", qris: "QRIS", online: "Online" } as const

/** More are not read on a phone. */
const namedMax = 10

export function fulfilment(wording: Wording): FulfilmentTexts {
  const { command, desk, time, typed } = wording
  return {
    orderPacking: (order) =>
      join(
        `Pesanan *${order.orderCode}* sedang dikemas 📦`,
        orderLines(order.lines),
        ...whereTo(order, wording),
        "Begitu dikirim, nomor resinya kami kabari.",
      ),
    orderShipped: (order) =>
      join(
        order.isCorrected
          ? `Ralat pengiriman pesanan *${order.orderCode}*. Yang benar:`
          : `Pesanan *${order.orderCode}* sudah dikirim 🚚`,
        ...carriedBy(order.delivery),
        ...whereTo(order, wording),
        `Kalau barangnya sudah sampai, kabari kami: ${command("received")} ${order.orderCode}`,
      ),
    orderCompleted: ({ orderCode }) =>
      join(
        `Pesanan *${orderCode}* selesai ✅ Terima kasih sudah belanja.`,
        `Barangnya belum sampai atau ada masalah? Silakan hubungi penjual: ${command("person")}`,
        `Struknya: ${command("receipt")} ${orderCode}`,
      ),
    addressWanted: (order) =>
      join(
        `Pesanan *${order.orderCode}* siap dikirim, tapi alamatnya belum lengkap 🙏`,
        orderLines(order.lines),
        `Isi nama penerima dan alamatnya di sini: ${typed("alamat")} ${order.orderCode}`,
      ),
    orderReceived: (outcome) => received(outcome, wording),
    receipt: (order) =>
      join(
        `*Struk pesanan ${order.orderCode}*`,
        receiptFigures(order, wording),
        order.note ? oneLine(order.note, 200) : undefined,
        order.deliveredAt ? `Terkirim ${time(order.deliveredAt)}` : undefined,
        ...(order.kind === "physical" ? [...whereTo(order, wording), ...carriedBy(order.delivery)] : []),
        order.status === "delivered" && `Kirim lagi barangnya: ${command("resend")} ${order.orderCode}`,
      ),
    noReceipt: (refusal) => {
      if (refusal.kind === "not_paid")
        return join(
          `Pesanan ${refusal.orderCode} belum punya struk: ${statusNames[refusal.status]}.`,
          `Selengkapnya: ${command("status")} ${refusal.orderCode}`,
        )
      return refusal.asked === undefined
        ? `Belum ada pesanan yang dibayar. Mulai belanja: ${command("catalogue")}`
        : notInHistory(refusal.asked, wording)
    },
    ordersToPack: ({ orders }) =>
      join(
        orders.length === 1
          ? "*Ada pesanan yang perlu dikemas* 📦"
          : `*Ada ${orders.length} pesanan yang perlu dikemas* 📦`,
        ...orders
          .slice(0, namedMax)
          .flatMap(({ orderCode, lines, hasAddress: isKnown }) => [
            "",
            `*${orderCode}*${isKnown ? "" : " (alamat belum ada)"}`,
            ...lines.map(({ quantity, name }) => `${quantity} × ${oneLine(name)}`),
          ]),
        ...(orders.length > namedMax ? ["", `… dan ${orders.length - namedMax} lagi`] : []),
        "",
        `Tandai: ${desk("dikemas")} ${orders[0]?.orderCode ?? "PESANAN"}`,
        `Semua yang menunggu: ${desk("perludikirim")}`,
      ),
  }
}

/** The figures of a receipt, in monospace. */
export function receiptFigures(order: Parameters<FulfilmentTexts["receipt"]>[0], { time }: Wording): string {
  return receiptBlock({
    ...order,
    heading: [oneLine(order.shopName), time(order.paidAt)],
    words: {
      discount: "Diskon",
      total: "Total",
      returned: "Dikembalikan",
      returning: "Sedang dikembalikan",
    },
    footing: [
      ["Cara bayar", paidBy[order.method]],
      ["Status", statusNames[order.status]],
    ],
  })
}

function received(outcome: Parameters<FulfilmentTexts["orderReceived"]>[0], wording: Wording): string {
  const { command, time } = wording
  switch (outcome.kind) {
    case "received":
      return join(
        `Pesanan *${outcome.orderCode}* selesai ✅ Terima kasih sudah mengabari.`,
        `Ada masalah dengan barangnya? Silakan hubungi penjual: ${command("person")}`,
        `Belanja lagi: ${command("catalogue")}`,
      )
    case "received_before":
      return `Pesanan ${outcome.orderCode} sudah selesai sejak ${time(outcome.at)}. Terima kasih!`
    case "nothing_shipped":
      return `Tidak ada pesanan yang sedang dikirim. Lihat pesanan Kakak: ${command("history")}`
    case "which":
      return join(
        "Ada beberapa pesanan yang sedang dikirim. Mana yang sudah sampai?",
        ...outcome.orderCodes.map((orderCode) => `${command("received")} ${orderCode}`),
      )
    case "not_shipped":
      return join(
        outcome.orderKind === "digital"
          ? `Pesanan ${outcome.orderCode} berisi barang digital, jadi tidak perlu dikonfirmasi.`
          : `Pesanan ${outcome.orderCode} belum dalam pengiriman: ${statusNames[outcome.status]}.`,
        `Selengkapnya: ${command("status")} ${outcome.orderCode}`,
      )
    case "not_found":
      return notInHistory(outcome.asked ?? "", wording)
  }
}

function notInHistory(orderCode: string, { command }: Wording): string {
  return `Pesanan ${orderCode} tidak ada di riwayat Kakak. Cek kodenya di ${command("history")}`
}
