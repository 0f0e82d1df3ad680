export type {
  ChangedVoucher,
  ClosedVoucher,
  CreatedVoucher,
  RulesRefusal,
  VoucherDiscount,
  VoucherList,
  VoucherReport,
  VoucherRules,
  VoucherUse,
} from "../database/voucher-desk.ts"
