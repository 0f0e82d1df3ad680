import { formatRupiah, rupiah } from "../../../shop/money.ts"
import type { Voucher } from "../../../shop/vouchers.ts"
import type { RestockTexts } from "../restock-texts.ts"
import type { VoucherTexts } from "../voucher-texts.ts"
import { oneLine } from "../wording.ts"
import { example } from "./samples.ts"
import {
  block,
  fixed,
  type GivenTo,
  line,
  needed,
  once,
  type SlotTable,
  slot,
  type TextSlots,
} from "./slot.ts"

const { productCode: code, productName: name, total } = example

export const voucher: Voucher = {
  code: "HEMAT-10",
  percent: 10,
  amount: null,
  maxDiscount: rupiah(20_000),
  minTotal: rupiah(50_000),
  usesMax: 50,
  usesPerCustomer: 1,
  startsAt: example.at.toISOString(),
  endsAt: example.later.toISOString(),
  productCodes: null,
  category: null,
  role: null,
  uses: 8,
  createdAt: example.at.toISOString(),
  closedAt: null,
}

const named = slot<Readonly<{ voucherCode: string }>>(({ voucherCode }) => voucherCode)

const refused: TextSlots<GivenTo<VoucherTexts["voucherRefused"]>>["slots"] = {
  voucher: named,
  why: needed((refusal, words) => words.whyRefused(refusal)),
  total: needed(({ total }) => formatRupiah(total)),
  again: needed(({ code, quantity, method }, { command }) =>
    [command("buy"), code, quantity, method].filter((word) => word !== undefined).join(" "),
  ),
}

const refusal = { voucherCode: voucher.code, total, code, quantity: 2 } as const

export const voucherSlots: SlotTable<VoucherTexts> = {
  voucherChosen: {
    sample: { voucher },
    slots: {
      voucher: slot(({ voucher }) => voucher.code),
      gives: needed(({ voucher }, words) => words.voucherGives(voucher)),
      conditions: block(({ voucher }, words) => words.voucherConditions(voucher)),
    },
  },
  voucherKept: {
    sample: { voucher, reason: "used_up" },
    slots: {
      voucher: slot(({ voucher }) => voucher.code),
      gives: needed(({ voucher }, words) => words.voucherGives(voucher)),
      conditions: block(({ voucher }, words) => words.voucherConditions(voucher)),
      why: line(({ reason, voucher }, words) => (reason ? words.whyNoVoucher(reason, voucher) : "")),
    },
  },
  noVoucher: fixed,
  voucherDropped: { sample: { voucherCode: voucher.code }, slots: { voucher: named } },
  voucherUnknown: {
    sample: { voucherCode: voucher.code, pausedUntil: example.at },
    slots: {
      voucher: named,
      until: line(({ pausedUntil }, { time }) => (pausedUntil ? time(pausedUntil) : "")),
    },
  },
  voucherPaused: {
    sample: { until: example.at },
    slots: { until: needed(({ until }, { time }) => time(until)) },
  },
  voucherNotChosen: {
    sample: { reason: "used_up", voucher },
    slots: {
      voucher: slot(({ voucher }) => voucher.code),
      why: needed(({ reason, voucher }, words) => words.whyNoVoucher(reason, voucher)),
    },
  },
  voucherRefused: {
    pick: ({ reason }) => (reason === "below_minimum" || reason === "not_for_product" ? "kept" : "gone"),
    forms: {
      kept: { sample: { ...refusal, reason: "not_for_product" }, slots: refused },
      gone: { sample: { ...refusal, reason: "used_up" }, slots: refused },
    },
  },
}

type Product = Readonly<{ code: string; name: string }>

const product: TextSlots<Product>["slots"] = {
  product: slot(({ name }) => oneLine(name)),
  code: needed(({ code }) => code),
}

const coded: TextSlots<Readonly<{ code: string }>> = {
  sample: { code },
  slots: { code: slot(({ code }) => code) },
}

export const restockSlots: SlotTable<RestockTexts> = {
  restockNoted: {
    pick: ({ before }) => (before ? "noted_before" : "noted"),
    forms: {
      noted: { sample: { code, name, before: false }, slots: product },
      noted_before: { sample: { code, name, before: true }, slots: product },
    },
  },
  restockInStock: {
    sample: { code, name, left: 37 },
    slots: { ...product, left: slot(({ left }) => String(left)) },
  },
  restockTooMany: { sample: { max: 10 }, slots: { max: needed(({ max }) => String(max)) } },
  restockList: {
    pick: ({ products }) => (products.length === 0 ? "none" : "some"),
    forms: {
      none: { sample: { products: [] }, slots: {} },
      some: {
        sample: {
          products: [
            { code: "FILM-1", name: "Voucher film" },
            { code, name },
          ],
        },
        slots: {
          products: once(({ products }) =>
            products.map(({ code, name }) => `*${code}* ${oneLine(name)}`).join("\n"),
          ),
          first: slot(({ products }) => products[0]?.code ?? ""),
        },
      },
    },
  },
  restockEnded: coded,
  restockNotAwaited: coded,
  backInStock: {
    sample: { code, name, price: example.amount },
    slots: { ...product, price: slot(({ price }) => formatRupiah(price)) },
  },
}
