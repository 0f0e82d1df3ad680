import { formatRupiah, type Rupiah, rupiah } from "../../shop/money.ts"
import type { Voucher, VoucherRefusal } from "../../shop/vouchers.ts"
import type { RefusedVoucher, VoucherTexts } from "./voucher-texts.ts"
import { isAfter, join, lastMoment, oneLine, type Wording } from "./wording.ts"

export function vouchers(wording: Wording): VoucherTexts {
  const { command, time } = wording
  return {
    voucherChosen: ({ voucher }) =>
      join(
        `Voucher *${voucher.code}* dipakai untuk pembelian berikutnya ✅`,
        voucherGives(voucher),
        ...conditions(voucher, wording),
        "",
        `Mulai belanja: ${command("catalogue")}`,
        `Tidak jadi pakai: ${command("voucher")} hapus`,
      ),
    voucherKept: ({ voucher, reason }) =>
      join(
        `Voucher untuk pembelian berikutnya: *${voucher.code}*`,
        voucherGives(voucher),
        ...conditions(voucher, wording),
        reason !== null && `Sekarang belum bisa dipakai: ${whyNot(reason, voucher, wording)}`,
        "",
        `Ganti: ${command("voucher")} KODE`,
        `Tidak jadi pakai: ${command("voucher")} hapus`,
      ),
    noVoucher: () => join("Belum ada voucher yang dipilih.", `Punya kodenya? ${command("voucher")} KODE`),
    voucherDropped: ({ voucherCode }) =>
      join(
        `Voucher ${voucherCode} tidak dipakai untuk pembelian berikutnya.`,
        `Mau pakai lagi? ${command("voucher")} ${voucherCode}`,
      ),
    voucherUnknown: ({ voucherCode, pausedUntil }) =>
      join(
        `Voucher ${voucherCode} tidak ada. Cek lagi kodenya, huruf demi huruf.`,
        pausedUntil &&
          `Sudah terlalu banyak kode yang keliru. Kode berikutnya bisa dicoba mulai ${time(pausedUntil)}.`,
      ),
    voucherPaused: ({ until }) =>
      join(
        "Sudah terlalu banyak kode voucher yang keliru, jadi yang ini belum dicek.",
        `Silakan coba lagi mulai ${time(until)}. Belanja tanpa voucher tetap bisa: ${command("catalogue")}`,
      ),
    voucherNotChosen: ({ reason, voucher }) =>
      join(
        `Voucher ${voucher.code} tidak bisa dipakai: ${whyNot(reason, voucher, wording)}`,
        `Belanja tanpa voucher tetap bisa: ${command("catalogue")}`,
      ),
    voucherRefused: ({ reason, voucherCode, minTotal, total, code, quantity, method }) => {
      const again = [command("buy"), code, quantity, method].filter((word) => word !== undefined).join(" ")
      const isKept = reason === "below_minimum" || reason === "not_for_product"
      return join(
        `Voucher ${voucherCode} tidak bisa dipakai untuk pembelian ini: ${whyRefused({ reason, minTotal, total })}`,
        "Belum ada yang dibeli dan tidak ada yang ditagih.",
        isKept && "Vouchernya masih tersimpan untuk pembelian lain.",
        `Tetap beli tanpa voucher, ${formatRupiah(total)}? Kirim lagi: ${again}`,
      )
    },
  }
}

/** What a voucher took off an order; undefined where none did. */
export function discountLine({ discount }: Readonly<{ discount?: Rupiah | undefined }>): string | undefined {
  return discount ? `Potongan voucher: -${formatRupiah(discount)}` : undefined
}

/** What a voucher takes off, in one line. */
export function voucherGives({ percent, amount, maxDiscount }: Voucher): string {
  if (percent === null) return `Potongan ${formatRupiah(amount ?? rupiah(0))}`
  return `Potongan ${percent}%${maxDiscount === null ? "" : `, paling banyak ${formatRupiah(maxDiscount)}`}`
}

/** For what and for whom it is, a line each. */
export function conditions(voucher: Voucher, { time }: Wording): readonly string[] {
  const { minTotal, productCodes, category, role, usesPerCustomer, startsAt, endsAt, createdAt } = voucher
  return [
    minTotal > 0 && `Belanja minimal ${formatRupiah(minTotal)}`,
    productCodes && `Hanya untuk ${productCodes.join(", ")}`,
    category && `Hanya untuk kategori ${oneLine(category)}`,
    role && "Hanya untuk reseller",
    usesPerCustomer !== null && `Paling banyak ${usesPerCustomer} kali per pelanggan`,
    isAfter(startsAt, createdAt) && `Mulai ${time(new Date(startsAt))}`,
    endsAt && `Sampai ${time(lastMoment(endsAt))}`,
  ].filter((line) => typeof line === "string")
}

const reasons: Readonly<Record<VoucherRefusal, string>> = {
  closed: "sudah ditutup penjual.",
  not_begun: "belum mulai berlaku.",
  ended: "masa berlakunya sudah lewat.",
  for_others: "voucher ini bukan untuk akun Kakak.",
  used_up: "kuotanya sudah habis terpakai.",
  used_before: "sudah Kakak pakai sebanyak yang dibolehkan.",
  not_for_product: "voucher ini bukan untuk produk itu.",
  below_minimum: "belanjanya belum mencapai minimal.",
}

/** Why a voucher gives nothing now, whatever is bought. */
export function whyNot(reason: VoucherRefusal, { startsAt, endsAt }: Voucher, { time }: Wording): string {
  if (reason === "not_begun") return `baru berlaku mulai ${time(new Date(startsAt))}.`
  if (reason === "ended" && endsAt) return `masa berlakunya habis ${time(lastMoment(endsAt))}.`
  return reasons[reason]
}

/** Why the chosen voucher gives nothing for a purchase. */
export function whyRefused({ reason, minTotal, total }: RefusedVoucher): string {
  return reason === "below_minimum"
    ? `belanjanya minimal ${formatRupiah(minTotal ?? rupiah(0))}, sedangkan ini ${formatRupiah(total)}.`
    : reasons[reason]
}
