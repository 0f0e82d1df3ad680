import { formatRupiah } from "../../shop/money.ts"
import type { DeskOrder } from "../../shop/orders-desk.ts"
import { hasAddress } from "./fulfilment-texts.ts"
import { carriedBy, stepsMade, whereTo } from "./id-delivery.ts"
import { statusNames } from "./id-orders.ts"
import { join, oneLine, orderLines, type Wording } from "./wording.ts"

const methodNames = { saldo: "saldo", qris: "QRIS", online: "online" } as const

const refundStates = { requested: "belum pasti", done: "sudah", failed: "gagal" } as const

/** Everything an operator needs of one order. */
export function deskOrder(order: DeskOrder, wording: Wording): string {
  const { time, desk } = wording
  const { orderCode, status, payment, discount } = order
  return join(
    `Pesanan *${orderCode}*: ${statusNames[status]}`,
    `Pelanggan: ${order.number ?? "nomor belum diketahui"}${order.name ? ` (${oneLine(order.name, 40)})` : ""}`,
    orderLines(order.lines),
    discount ? `Potongan ${formatRupiah(discount)}` : undefined,
    `Total ${formatRupiah(order.total)}, cara bayar ${methodNames[order.method]}`,
    payment ? `Pembayaran ${payment.reference} lewat ${payment.provider}: ${payment.state}` : undefined,
    `Dibuat ${time(order.createdAt)}`,
    order.expiresAt && status === "awaiting_payment" ? `Berlaku sampai ${time(order.expiresAt)}` : undefined,
    ...stepsMade(order, wording),
    ...(order.kind === "physical" ? sentTo(order, wording) : []),
    order.endedAt && isUnpaid(status) ? `Berakhir ${time(order.endedAt)}` : undefined,
    order.returned > 0 && `Sudah dikembalikan: ${formatRupiah(order.returned)}`,
    order.returning > 0 && `Sedang dikembalikan: ${formatRupiah(order.returning)}`,
    ...order.refunds.map(
      ({ amount, state, destination, at }) =>
        `- ${formatRupiah(amount)} ke ${destination === "saldo" ? "saldo" : "penyedia pembayaran"}, ` +
        `${refundStates[state]}, ${time(at)}`,
    ),
    ...whatToDo(order).map(([label, word, words]) => `${label}: ${desk(word)} ${orderCode}${words}`),
  )
}

function isUnpaid(status: DeskOrder["status"]): boolean {
  return status === "expired" || status === "cancelled"
}

function sentTo(order: DeskOrder, wording: Wording): readonly string[] {
  if (!hasAddress(order.delivery)) return ["Alamat pengirimannya belum ada."]
  return [...whereTo(order, wording), ...carriedBy(order.delivery)]
}

function whatToDo({
  kind,
  status,
}: DeskOrder): ReadonlyArray<readonly [label: string, word: string, words: string]> {
  if (kind === "digital") return status === "delivered" ? [["Kirim ulang", "kirimulang", ""]] : []
  if (status === "paid") return [["Berikutnya", "dikemas", ""]]
  if (status === "packing") return [["Berikutnya", "resi", " KURIR RESI"]]
  return status === "shipped" ? [["Berikutnya", "selesai", ""]] : []
}
