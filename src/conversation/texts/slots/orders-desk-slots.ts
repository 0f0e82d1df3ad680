import { rupiah } from "../../../shop/money.ts"
import type { DeskOrder } from "../../../shop/orders-desk.ts"
import type { OrdersDeskTexts } from "../orders-desk-texts.ts"
import type { VouchersDeskTexts } from "../vouchers-desk-texts.ts"
import { example } from "./samples.ts"
import { fixed, framed, type SlotTable } from "./slot.ts"
import { voucher } from "./voucher-slots.ts"

const { orderCode, total, at, number } = example

const step = { kind: "moved", orderCode, at, delivery: {} } as const

const order: DeskOrder = {
  orderCode,
  kind: "digital",
  lines: example.lines,
  total,
  method: "saldo",
  status: "delivered",
  number,
  name: example.customerName,
  payment: null,
  createdAt: at,
  expiresAt: null,
  paidAt: at,
  deliveredAt: at,
  packedAt: null,
  shippedAt: null,
  completedAt: null,
  endedAt: null,
  returned: rupiah(0),
  returning: rupiah(0),
  refunds: [],
}

/** Said to operators about orders and vouchers. */
export const ordersDeskSlots: SlotTable<OrdersDeskTexts & VouchersDeskTexts> = {
  orderPacked: framed(step),
  orderSent: framed(step),
  orderEnded: framed(step),
  noSuchOrder: fixed,
  goodsResent: framed({ kind: "resent", orderCode }),
  ordersHelp: fixed,
  ordersProblem: framed({ command: "find", kind: "missing_text" }),
  sales: framed({ period: "day", since: at, orders: 13, revenue: total, refunded: rupiah(0), top: [] }),
  ordersFound: framed({
    orders: [{ orderCode, status: "delivered", total, at, number, summary: example.productName }],
  }),
  deskOrder: framed(order),
  unshipped: framed({
    orders: [{ orderCode, status: "paid", paidAt: at, summary: example.productName, hasAddress: true }],
    count: 1,
  }),
  vouchersHelp: fixed,
  vouchersProblem: framed({ problem: { room: "vouchers", kind: "missing_code" } }),
  voucherCreated: framed({ kind: "created", voucher }),
  voucherChanged: framed({ kind: "changed", voucher, voucherCode: voucher.code }),
  voucherToCreate: framed({ code: "HEMAT", discount: { percent: 15 }, isTiny: false, isUnlimited: true }),
  voucherToClose: framed({ voucher, held: 0, given: total, lastUses: [] }),
  voucherClosed: framed({ kind: "closed", voucher, voucherCode: voucher.code }),
  voucherList: framed({ vouchers: [voucher], left: 0 }),
  voucherReport: framed({ voucher, held: 0, given: total, lastUses: [], at }),
  noSuchVoucher: fixed,
}
