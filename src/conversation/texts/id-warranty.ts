import { formatRupiah } from "../../shop/money.ts"
import type { OrderUnit, OrderUnits, WarrantyRefusal, WarrantyTexts } from "./warranty-texts.ts"
import { join, oneLine, unitBlock, type Wording } from "./wording.ts"

export function warranty(wording: Wording): WarrantyTexts {
  const { command } = wording
  return {
    warrantyReplaced: ({ orderCode, units, ...unit }) =>
      join(
        `*Garansi pesanan ${orderCode}: barangnya diganti* ✅`,
        unitName(unit) || undefined,
        "",
        "Ini penggantinya:",
        unitBlock(units),
        "",
        "Simpan baik-baik. Barang pengganti tidak bergaransi lagi.",
        `Perlu lagi? ${command("resend")} ${orderCode}`,
      ),
    warrantyRefunded: ({ orderCode, amount, balance, isSoldOut, ...unit }) =>
      join(
        `*Garansi pesanan ${orderCode}: uangnya kembali* ✅`,
        unitName(unit) || undefined,
        "",
        `${isSoldOut ? "Penggantinya sedang habis, jadi " : ""}${formatRupiah(amount)} sudah masuk saldo.`,
        `Saldo sekarang: *${formatRupiah(balance)}*`,
        `Pilih yang lain: ${command("catalogue")}`,
      ),
    warrantyWhich: ({ orderCode, units }) =>
      join(
        `Pesanan ${orderCode} berisi ${units.length} barang. Barang ke berapa yang bermasalah?`,
        "",
        unitList(units),
        "",
        "Urutannya sama dengan di pesan pengirimannya.",
        `Untuk barang pertama, balas: ${command("warranty")} ${orderCode} 1`,
      ),
    warrantyRefused: (refusal) => refuse(refusal, wording),
    warrantyNotGranted: ({ orderCode, ...unit }) =>
      join(
        `Penjual sudah memeriksa klaim garansi pesanan ${orderCode} 🙏`,
        unitName(unit) || undefined,
        "Maaf, klaim yang ini belum bisa dikabulkan.",
        `Ada yang mau ditanyakan? Silakan hubungi penjual: ${command("person")}`,
      ),
  }
}

function refuse(refusal: WarrantyRefusal, { command, time }: Wording): string {
  const { orderCode } = refusal
  switch (refusal.kind) {
    case "physical":
      return join(
        `Pesanan ${orderCode} berisi barang fisik, jadi garansinya diperiksa langsung oleh penjual.`,
        `Ceritakan masalahnya ke penjual: ${command("person")}`,
      )
    case "not_delivered":
      return join(
        `Pesanan ${orderCode} belum terkirim, jadi garansinya belum berlaku.`,
        `Cek dulu: ${command("status")} ${orderCode}`,
      )
    case "no_warranty":
      return `Barang di pesanan ${orderCode} dijual tanpa garansi. Ada masalah? Silakan hubungi penjual: ${command("person")}`
    case "over":
      return join(
        `Maaf, garansi pesanan ${orderCode} sudah berakhir ${time(refusal.endedAt)}.`,
        `Masih ada masalah? Silakan hubungi penjual: ${command("person")}`,
      )
    case "refunded_before":
      return join(
        `Dana pesanan ${orderCode} sudah dikembalikan, jadi tidak ada lagi yang digaransi.`,
        `Ada yang tidak cocok? Cek ${command("balance")}, atau hubungi penjual: ${command("person")}`,
      )
    case "made_good_before":
      return join(
        `Dari pesanan ${orderCode}, ${formatRupiah(refusal.returned)} sudah dikembalikan dan ` +
          `${refusal.replaced} barang sudah diganti, jadi tidak ada lagi yang digaransi.`,
        `Ada yang tidak cocok? Cek ${command("status")} ${orderCode}, atau hubungi penjual: ${command("person")}`,
      )
    case "no_such_unit":
      return join(
        `Pesanan ${orderCode} hanya berisi ${refusal.count} barang.`,
        `Contoh: ${command("warranty")} ${orderCode} ${refusal.count}`,
      )
    case "claimed_before":
      return join(
        `${claimedUnit(refusal)} ${orderCode} ` +
          `sudah pernah diklaim dan ${refusal.wasReplaced ? "diganti" : "uangnya sudah kembali"}. ` +
          "Garansi berlaku sekali untuk setiap barang.",
        refusal.wasReplaced
          ? `Perlu dikirim lagi? ${command("resend")} ${orderCode}`
          : `Cek saldo: ${command("balance")}`,
      )
    case "in_review":
      return join(
        `Klaim garansi pesanan ${orderCode} sudah dicatat 🙏`,
        "Penjual memeriksanya dulu dan segera mengabari Kakak.",
        "Tidak perlu dikirim ulang.",
      )
    case "other_in_review":
      return join(
        `Klaim garansi Kakak untuk pesanan ${refusal.otherOrderCode} masih diperiksa penjual.`,
        `Begitu selesai, silakan klaim lagi: ${command("warranty")} ${orderCode}`,
      )
    case "reviewed":
      return join(
        `Klaim garansi untuk barang di pesanan ${orderCode} ini sudah diperiksa penjual.`,
        `Ada yang belum jelas? Silakan hubungi penjual: ${command("person")}`,
      )
  }
}

/** Ends before the order's code. */
export function claimedUnit({ place, count }: Readonly<{ place: number; count: number }>): string {
  return count > 1 ? `Barang ke-${place} di pesanan` : "Barang pesanan"
}

export function unitList(units: OrderUnits): string {
  return units
    .map(
      ({ name, isClaimed }, place) =>
        `${place + 1}. ${oneLine(name)}${isClaimed ? " (sudah pernah diklaim)" : ""}`,
    )
    .join("\n")
}

export function unitName({ name, place, count }: Omit<OrderUnit, "orderCode">): string {
  return count > 1 ? `Barang ke-${place}: ${oneLine(name)}` : oneLine(name)
}
