import { formatRupiah, type Rupiah, rupiah } from "../../shop/money.ts"
import type { Voucher, VoucherRefusal } from "../../shop/vouchers.ts"
import type { RefusedVoucher, VoucherTexts } from "./voucher-texts.ts"
import { isAfter, join, lastMoment, oneLine, type Wording } from "./wording.ts"

export function vouchers(wording: Wording): VoucherTexts {
  const { command, time } = wording
  return {
    voucherChosen: ({ voucher }) =>
      join(
        `Voucher *${voucher.code}* will be used for your next purchase ✅`,
        voucherGives(voucher),
        ...conditions(voucher, wording),
        "",
        `Start shopping: ${command("catalogue")}`,
        `Changed your mind? ${command("voucher")} remove`,
      ),
    voucherKept: ({ voucher, reason }) =>
      join(
        `The voucher for your next purchase: *${voucher.code}*`,
        voucherGives(voucher),
        ...conditions(voucher, wording),
        reason !== null && `It can't be used now: ${whyNot(reason, voucher, wording)}`,
        "",
        `Another one: ${command("voucher")} CODE`,
        `Changed your mind? ${command("voucher")} remove`,
      ),
    noVoucher: () => join("No voucher is chosen.", `Do you have a code? ${command("voucher")} CODE`),
    voucherDropped: ({ voucherCode }) =>
      join(
        `Voucher ${voucherCode} will not be used for your next purchase.`,
        `Use it after all? ${command("voucher")} ${voucherCode}`,
      ),
    voucherUnknown: ({ voucherCode, pausedUntil }) =>
      join(
        `There is no voucher ${voucherCode}. Please check the code, letter by letter.`,
        pausedUntil &&
          `That were too many wrong codes. The next one can be tried from ${time(pausedUntil)} on.`,
      ),
    voucherPaused: ({ until }) =>
      join(
        "There were too many wrong voucher codes, so this one was not checked.",
        `Please try again from ${time(until)} on. You can shop without a voucher: ${command("catalogue")}`,
      ),
    voucherNotChosen: ({ reason, voucher }) =>
      join(
        `Voucher ${voucher.code} can't be used: ${whyNot(reason, voucher, wording)}`,
        `You can shop without a voucher: ${command("catalogue")}`,
      ),
    voucherRefused: ({ reason, voucherCode, minTotal, total, code, quantity, method }) => {
      const again = [command("buy"), code, quantity, method].filter((word) => word !== undefined).join(" ")
      const isKept = reason === "below_minimum" || reason === "not_for_product"
      return join(
        `Voucher ${voucherCode} can't be used for this purchase: ${whyRefused({ reason, minTotal, total })}`,
        "Nothing was bought and nothing was charged.",
        isKept && "The voucher is kept for another purchase.",
        `Buy without it, for ${formatRupiah(total)}? Send again: ${again}`,
      )
    },
  }
}

/** What a voucher took off an order; undefined where none did. */
export function discountLine({ discount }: Readonly<{ discount?: Rupiah | undefined }>): string | undefined {
  return discount ? `Voucher: -${formatRupiah(discount)}` : undefined
}

/** What a voucher takes off, in one line. */
export function voucherGives({ percent, amount, maxDiscount }: Voucher): string {
  if (percent === null) return `${formatRupiah(amount ?? rupiah(0))} off`
  return `${percent}% off${maxDiscount === null ? "" : `, ${formatRupiah(maxDiscount)} at most`}`
}

/** For what and for whom it is, a line each. */
export function conditions(voucher: Voucher, { time }: Wording): readonly string[] {
  const { minTotal, productCodes, category, role, usesPerCustomer, startsAt, endsAt, createdAt } = voucher
  return [
    minTotal > 0 && `For purchases of at least ${formatRupiah(minTotal)}`,
    productCodes && `Only for ${productCodes.join(", ")}`,
    category && `Only for the category ${oneLine(category)}`,
    role && "Only for resellers",
    usesPerCustomer !== null && `At most ${times(usesPerCustomer)} for each customer`,
    isAfter(startsAt, createdAt) && `From ${time(new Date(startsAt))}`,
    endsAt && `Until ${time(lastMoment(endsAt))}`,
  ].filter((line) => typeof line === "string")
}

const reasons: Readonly<Record<VoucherRefusal, string>> = {
  closed: "the seller has closed it.",
  not_begun: "it has not begun yet.",
  ended: "its time is over.",
  for_others: "it is not for your account.",
  used_up: "it has been used up.",
  used_before: "you have used it as often as you may.",
  not_for_product: "it is not for that product.",
  below_minimum: "the purchase is too small for it.",
}

/** Why a voucher gives nothing now, whatever is bought. */
export function whyNot(reason: VoucherRefusal, { startsAt, endsAt }: Voucher, { time }: Wording): string {
  if (reason === "not_begun") return `it begins ${time(new Date(startsAt))}.`
  if (reason === "ended" && endsAt) return `it ended ${time(lastMoment(endsAt))}.`
  return reasons[reason]
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`
}

/** Why the chosen voucher gives nothing for a purchase. */
export function whyRefused({ reason, minTotal, total }: RefusedVoucher): string {
  return reason === "below_minimum"
    ? `it is for at least ${formatRupiah(minTotal ?? rupiah(0))}, and this comes to ${formatRupiah(total)}.`
    : reasons[reason]
}
