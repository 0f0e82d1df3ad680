import type {
  ChangedVoucher,
  ClosedVoucher,
  CreatedVoucher,
  VoucherDiscount,
  VoucherList,
  VoucherReport,
} from "../../shop/voucher-desk.ts"
import type { VouchersProblem } from "../desk/vouchers.ts"

/** What an operator is told of vouchers. */
export interface VouchersDeskTexts {
  /** The lines of the operator's menu. */
  vouchersHelp(): string
  /** Why a command could not be read, with an example. */
  vouchersProblem(reading: Readonly<{ problem: VouchersProblem }>): string
  voucherCreated(made: CreatedVoucher): string
  voucherChanged(change: ChangedVoucher & Readonly<{ voucherCode: string }>): string
  /** Asks before a voucher is ended. */
  /** Asks before a voucher that may have been meant another way. */
  voucherToCreate(
    meant: Readonly<{ code: string; discount: VoucherDiscount; isTiny: boolean; isUnlimited: boolean }>,
  ): string
  voucherToClose(report: VoucherReport): string
  voucherClosed(closed: ClosedVoucher & Readonly<{ voucherCode: string }>): string
  voucherList(list: VoucherList): string
  voucherReport(report: VoucherReport & Readonly<{ at: Date }>): string
  noSuchVoucher(): string
}
