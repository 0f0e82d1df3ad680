import { formatRupiah } from "../../shop/money.ts"
import {
  type AlertTexts,
  alertLinesMax,
  type DailySummary,
  isOfOneDay,
  type OperatorAlert,
} from "./alert-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export function alerts(wording: Wording): AlertTexts {
  const { command, desk, time } = wording
  return {
    operatorAlerts: ({ alerts }) => {
      const lines = alerts.map((alert) => whatHappened(alert, wording))
      if (lines.length === 1) return join(...lines)
      const shown = lines.slice(0, alertLinesMax).map((line) => `• ${line}`)
      const more = lines.length - shown.length
      return join("*Perlu diketahui*", ...shown, more > 0 && `… dan ${more} lagi.`)
    },
    dailySummary: (summary) => {
      const isDay = isOfOneDay(summary)
      const before = isDay ? "sehari sebelumnya" : "sebelumnya, sama lamanya,"
      return join(
        isDay
          ? `*Ringkasan 24 jam sampai ${time(summary.until)}*`
          : `*Ringkasan ${time(summary.since)} sampai ${time(summary.until)}*`,
        `Pesanan: ${summary.orders} (${before} ${summary.before.orders})`,
        `Penjualan: ${formatRupiah(summary.revenue)} (${before} ${formatRupiah(summary.before.revenue)})`,
        summary.refunds > 0 && `Dikembalikan: ${formatRupiah(summary.refunded)}, ${summary.refunds} kali`,
        summary.top.length > 0 && "\n*Terlaris*",
        ...summary.top.map(
          ({ name, quantity, amount }) => `• ${oneLine(name)}: ${quantity} terjual, ${formatRupiah(amount)}`,
        ),
        summary.low.length > 0 && `\n*Hampir habis*: ${lowProducts(summary)}. Tambah: ${desk("stok")} KODE`,
        `\n${whatWaits(summary, command("review"), desk("antre"))}`,
      )
    },
  }
}

function whatHappened(alert: OperatorAlert, { command, desk }: Wording): string {
  switch (alert.kind) {
    case "low_stock": {
      const what = `Stok ${alert.code} (${oneLine(alert.name, 40)})`
      return `${what} ${alert.left > 0 ? `tinggal ${alert.left}` : "habis"}. Tambah: ${desk("stok")} ${alert.code}`
    }
    case "large_order":
      return `Pesanan besar ${alert.orderCode}: ${formatRupiah(alert.total)} sudah dibayar.`
    case "review":
      return `Perlu diputuskan (#${alert.reviewId}). Lihat: ${command("review")} ${alert.reviewId}`
    case "new_address":
      return (
        `Alamat baru untuk pesanan ${alert.orderCode}: ` +
        `${oneLine(alert.recipient, 80)}, ${oneLine(alert.address, 300)}. Mohon paketnya disesuaikan.`
      )
    case "messages_given_up":
      return `${alert.count} pesan hari ini tidak bisa terkirim. Lihat sebabnya di server: lapak outbox`
    case "messages_stuck":
      return `Pesan untuk ${alert.count} pelanggan tertahan lebih dari 10 menit. Periksa di server: lapak doctor`
    case "messages_unanswered":
      return `${alert.count} pesan pelanggan belum terjawab lebih dari 10 menit. Periksa di server: lapak doctor`
    case "messages_failing":
      return (
        "Beberapa pesan pelanggan gagal dijawab karena kesalahan di toko ini. " +
        "Sebabnya ada di log server; tidak ada yang ditagih dua kali."
      )
    case "redis_away":
      return (
        "Redis tidak menjawab lebih dari 10 menit. Toko tetap berjualan, hanya lebih lambat. " +
        "Periksa di server: lapak doctor"
      )
  }
}

function lowProducts({ low, lowCount }: DailySummary): string {
  const more = lowCount - low.length
  return low.map(({ code, left }) => `${code} (${left})`).join(", ") + (more > 0 ? ` dan ${more} lagi` : "")
}

function whatWaits({ waits }: DailySummary, review: string, queue: string): string {
  const waiting = [
    ...(waits.reviews > 0 ? [`• ${waits.reviews} untuk diputuskan: ${review}`] : []),
    ...(waits.toPack > 0 ? [`• ${waits.toPack} pesanan untuk dikirim`] : []),
    ...(waits.customers > 0 ? [`• ${waits.customers} pelanggan minta dijawab orang: ${queue}`] : []),
  ]
  return waiting.length > 0 ? join("*Menunggu*", ...waiting) : "Tidak ada yang menunggu ✅"
}
