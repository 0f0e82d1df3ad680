import { rupiah } from "../../../shop/money.ts"
import type { OrderLine } from "../texts.ts"

/** What the examples are made of: each value unlike the others, so that it is found in a text again. */
export const example = {
  orderCode: "LPK-7K2MW4Q",
  productCode: "KOPI-1",
  productName: "Kopi Gayo 250 g",
  customerName: "Budi",
  number: "6281234567890",
  delivery: { recipient: "Siti Aminah", address: "Jl. Melati 7, Bandung 40115" },
  parcel: { courier: "JNE", tracking: "JNE0012345678" },
  payUrl: "https://toko.example/pay/contoh",
  at: new Date("2026-11-21T07:05:00Z"),
  later: new Date("2026-11-22T09:20:00Z"),
  lines: [{ name: "Kopi Gayo 250 g", quantity: 2, amount: rupiah(96_000) }] as readonly OrderLine[],
  units: ["KODE-RAHASIA-1", "KODE-RAHASIA-2"],
  total: rupiah(96_000),
  amount: rupiah(48_500),
  received: rupiah(48_000),
  balance: rupiah(131_700),
  extra: rupiah(317),
} as const
