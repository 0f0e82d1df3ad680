import { formatRupiah } from "../../shop/money.ts"
import type { SalesFigures } from "../../shop/orders-desk.ts"
import { type OrdersCommand, type OrdersProblem, parcelLimits } from "../desk/orders.ts"
import { deskOrder } from "./id-desk-order.ts"
import { orderSteps } from "./id-order-steps.ts"
import { statusNames } from "./id-orders.ts"
import type { OrdersDeskTexts } from "./orders-desk-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

const forms: Readonly<Record<OrdersCommand, readonly [word: string, example: string]>> = {
  sales: ["penjualan", "minggu"],
  find: ["cari", "081234567890"],
  show: ["pesanan", "LPK-7K2M9Q3"],
  to_ship: ["perludikirim", ""],
  pack: ["dikemas", "LPK-7K2M9Q3"],
  ship: ["resi", "LPK-7K2M9Q3 JNE JP1234567890"],
  complete: ["selesai", "LPK-7K2M9Q3"],
  resend: ["kirimulang", "LPK-7K2M9Q3"],
}

const problems: Readonly<Record<OrdersProblem["kind"], string>> = {
  missing_order_code: "Kode pesanannya belum ada.",
  malformed_order_code: "Kode pesanannya tidak terbaca.",
  unknown_period: "Pilihannya hari, minggu, atau bulan.",
  missing_text: "Yang dicari belum ada: kode pesanan, nomor pelanggan, atau kode produk.",
  text_too_short: "Yang dicari terlalu pendek, paling sedikit 3 huruf atau angka.",
  missing_parcel: "Kurir dan nomor resinya belum lengkap.",
  courier_malformed: "Nama kurirnya tidak terbaca. Pakai huruf dan angka saja.",
  courier_too_long: `Nama kurirnya terlalu panjang, paling banyak ${parcelLimits.courier} huruf.`,
  tracking_malformed: "Nomor resinya tidak terbaca. Tulis tanpa spasi, dan harus ada angkanya.",
  tracking_too_long: `Nomor resinya terlalu panjang, paling banyak ${parcelLimits.tracking} huruf.`,
  too_many_words: "Ada kata yang berlebih.",
}

/** As many as are looked for at most. */
const foundMax = 10

const periods = { day: "hari ini", week: "minggu ini", month: "bulan ini" } as const

export function ordersDesk(wording: Wording): OrdersDeskTexts {
  const form = (name: OrdersCommand) => wording.desk(forms[name].join(" ").trimEnd())
  return {
    ordersHelp: () =>
      join(
        `${form("sales")}: penjualan; tanpa kata lain: hari ini`,
        `${form("find")}: cari pesanan dari nomor pelanggan, kode pesanan, atau kode produk`,
        `${form("show")}: semua tentang satu pesanan`,
        `${form("to_ship")}: yang perlu dikemas atau dikirim`,
        `${form("pack")}: pesanan sedang dikemas`,
        `${form("ship")}: pesanan dikirim, dengan kurir dan nomor resi; ulangi untuk meralat`,
        `${form("complete")}: barangnya sudah sampai`,
        `${form("resend")}: kirim lagi barang digitalnya ke pelanggan`,
      ),
    ordersProblem: ({ command, kind }) =>
      join(problems[kind], "Belum ada yang diubah.", `Contoh: ${form(command)}`),
    sales: (figures) => sales(figures, wording),
    ordersFound: (found) => ordersFound(found, wording),
    deskOrder: (order) => deskOrder(order, wording),
    unshipped: (list) => unshipped(list, wording),
    ...orderSteps(wording),
  }
}

function sales(figures: SalesFigures, { time }: Wording): string {
  const { period, since, orders, revenue, refunded, top } = figures
  return join(
    `*Penjualan ${periods[period]}*`,
    `Sejak ${time(since)}`,
    "",
    orders === 0 ? "Belum ada pesanan yang dibayar." : `${orders} pesanan dibayar, ${formatRupiah(revenue)}`,
    refunded > 0 && `Dikembalikan: ${formatRupiah(refunded)}`,
    ...(top.length > 0 ? ["", "Terlaris:"] : []),
    ...top.map(
      ({ code, name, quantity, amount }, place) =>
        `${place + 1}. ${oneLine(name)} (${code}): ${quantity} terjual, ${formatRupiah(amount)}`,
    ),
  )
}

function ordersFound(
  { orders }: Parameters<OrdersDeskTexts["ordersFound"]>[0],
  { time, desk }: Wording,
): string {
  const [newest] = orders
  if (!newest)
    return join(
      "Tidak ada pesanan yang cocok.",
      "Coba kode pesanan, akhir nomor pelanggan, atau kode produk.",
    )
  return join(
    `*Pesanan yang cocok* (${orders.length === foundMax ? `${foundMax} terbaru` : orders.length})`,
    ...orders.flatMap((order) => [
      "",
      `*${order.orderCode}* ${statusNames[order.status]}`,
      `${oneLine(order.summary)}, ${formatRupiah(order.total)}`,
      `${order.number ?? "nomor belum diketahui"}, ${time(order.at)}`,
    ]),
    "",
    `Selengkapnya: ${desk("pesanan")} ${newest.orderCode}`,
  )
}

function unshipped(
  { orders, count }: Parameters<OrdersDeskTexts["unshipped"]>[0],
  { time, desk }: Wording,
): string {
  if (orders.length === 0) return "Tidak ada yang perlu dikemas atau dikirim ✅"
  return join(
    `*Perlu dikirim* (${count} pesanan, yang terlama dulu)`,
    ...orders.flatMap((order) => [
      "",
      `*${order.orderCode}* ${statusNames[order.status]}${order.hasAddress ? "" : ", alamat belum ada"}`,
      `${oneLine(order.summary)}, dibayar ${time(order.paidAt)}`,
    ]),
    ...(count > orders.length ? ["", `… dan ${count - orders.length} lagi`] : []),
    "",
    `Alamat dan isinya: ${desk("pesanan")} KODE`,
    `Dikemas: ${desk("dikemas")} KODE`,
    `Dikirim: ${desk("resi")} KODE KURIR RESI`,
  )
}
