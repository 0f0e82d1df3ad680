import type { StepRefusal } from "../../shop/fulfil-order.ts"
import type { OrderStatus } from "../../shop/order-states.ts"
import { hasAddress } from "./fulfilment-texts.ts"
import { addressLines, carriedBy } from "./id-delivery.ts"
import { statusNames } from "./id-orders.ts"
import type { OrderStepTexts } from "./orders-desk-texts.ts"
import { join, type Wording } from "./wording.ts"

type Sent = Parameters<OrderStepTexts["orderSent"]>[0]

/** What is done next to an order in each state. */
const nextSteps: Partial<Readonly<Record<OrderStatus, readonly [word: string, words: string]>>> = {
  paid: ["dikemas", ""],
  packing: ["resi", " KURIR RESI"],
  shipped: ["selesai", ""],
}

export function orderSteps(wording: Wording): OrderStepTexts {
  const { time, desk } = wording
  const before = (what: string, at: Date) => `${what} sejak ${time(at)}. Tidak ada yang dikabari lagi.`
  return {
    orderPacked: ({ orderCode, ...outcome }) => {
      if (outcome.kind === "moved")
        return join(
          `Pesanan ${orderCode} sedang dikemas. Pelanggan dikabari.`,
          ...addressLines(outcome.delivery),
          !hasAddress(outcome.delivery) && "Alamatnya belum ada; pelanggan diminta mengisinya.",
          `Setelah dikirim: ${desk("resi")} ${orderCode} KURIR RESI`,
        )
      if (outcome.kind === "moved_before")
        return before(`Pesanan ${orderCode} sudah ditandai dikemas`, outcome.at)
      return refused(orderCode, outcome, wording)
    },
    orderSent: (outcome) => sent(outcome, wording, before),
    orderEnded: ({ orderCode, ...outcome }) => {
      if (outcome.kind === "moved") return `Pesanan ${orderCode} selesai ✅ Pelanggan dikabari.`
      if (outcome.kind === "moved_before") return before(`Pesanan ${orderCode} sudah selesai`, outcome.at)
      return refused(orderCode, outcome, wording)
    },
    noSuchOrder: () => noSuchOrder(wording),
    goodsResent: ({ orderCode, ...outcome }) => {
      switch (outcome.kind) {
        case "resent":
          return `Barang pesanan ${orderCode} dikirim lagi ke pelanggan, persis yang dulu.`
        case "being_sent":
          return `Barang pesanan ${orderCode} masih menunggu terkirim, jadi tidak dikirim dua kali.`
        case "unknown_order":
          return noSuchOrder(wording)
        case "nothing_to_resend":
          return outcome.orderKind === "physical"
            ? `Pesanan ${orderCode} berisi barang fisik, jadi tidak bisa dikirim lewat chat.`
            : `Pesanan ${orderCode} tidak punya barang untuk dikirim ulang: ${statusNames[outcome.status]}.`
      }
    },
  }
}

function sent(
  { orderCode, ...outcome }: Sent,
  wording: Wording,
  before: (what: string, at: Date) => string,
): string {
  const { desk } = wording
  switch (outcome.kind) {
    case "moved":
    case "corrected":
      return join(
        outcome.kind === "moved"
          ? `Pesanan ${orderCode} ditandai dikirim. Pelanggan dikabari.`
          : `Resi pesanan ${orderCode} diralat. Pelanggan dikabari yang benar.`,
        ...carriedBy(outcome.delivery),
        `Salah ketik? Kirim lagi perintahnya. Sudah sampai? ${desk("selesai")} ${orderCode}`,
      )
    case "moved_before":
      return join(before(`Pesanan ${orderCode} sudah dikirim`, outcome.at), ...carriedBy(outcome.delivery))
    case "no_address":
      return join(
        `Pesanan ${orderCode} belum bisa dikirim: nama penerima dan alamatnya belum lengkap.`,
        outcome.isAskedNow
          ? "Pelanggan baru saja diminta mengisinya."
          : "Pelanggan sudah diminta mengisinya kurang dari sehari yang lalu.",
        `Lihat lagi nanti: ${desk("perludikirim")}`,
      )
    default:
      return refused(orderCode, outcome, wording)
  }
}

function refused(orderCode: string, refusal: StepRefusal, wording: Wording): string {
  const { desk } = wording
  switch (refusal.kind) {
    case "unknown_order":
      return noSuchOrder(wording)
    case "not_physical":
      return `Pesanan ${orderCode} berisi barang digital, jadi tidak dikemas atau dikirim.`
    case "money_goes_back":
      return join(
        `Dana pesanan ${orderCode} sedang dikembalikan, jadi barangnya jangan dikirim.`,
        `Selengkapnya: ${desk("pesanan")} ${orderCode}`,
      )
    case "wrong_status": {
      const [word, words] = nextSteps[refusal.status] ?? ["pesanan", ""]
      return join(
        `Tidak ada yang diubah. Status pesanan ${orderCode}: ${statusNames[refusal.status]}.`,
        `${nextSteps[refusal.status] ? "Langkah berikutnya" : "Selengkapnya"}: ${desk(word)} ${orderCode}${words}`,
      )
    }
  }
}

/** What was typed is not repeated: it may be goods. */
function noSuchOrder({ desk }: Wording): string {
  return join("Pesanan dengan kode itu tidak ada.", `Cari dulu: ${desk("cari")} 081234567890`)
}
