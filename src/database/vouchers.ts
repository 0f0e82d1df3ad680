import type { UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import type { Statements } from "./connect.ts"

/** A discount for whoever knows its code; exactly one of `percent` and `amount`. Null limits nothing. */
export type Voucher = Readonly<{
  code: string
  percent: number | null
  amount: Rupiah | null
  /** The most a percentage gives. */
  maxDiscount: Rupiah | null
  /** The least an order must come to. */
  minTotal: Rupiah
  usesMax: number | null
  usesPerCustomer: number | null
  startsAt: string
  /** The first instant at which it is over. */
  endsAt: string | null
  productCodes: readonly string[] | null
  category: string | null
  role: "reseller" | null
  /** By paid orders, and held by unpaid ones. */
  uses: number
  createdAt: string
  closedAt: string | null
}>

/**
 * Why a voucher gives a customer nothing. The first six hold whatever they buy; for the last two the voucher
 * is kept, and the same purchase asked for again is made without it.
 */
export type VoucherRefusal =
  | "closed"
  | "not_begun"
  | "ended"
  | "for_others"
  | "used_up"
  | "used_before"
  | "not_for_product"
  | "below_minimum"

export type ChosenVoucher =
  | Readonly<{ kind: "chosen"; voucher: Voucher }>
  | Readonly<{ kind: "refused"; reason: VoucherRefusal; voucher: Voucher }>
  /** With the end of the pause that this miss began, if it did. */
  | Readonly<{ kind: "unknown"; pausedUntil: string | null }>
  /** Too many codes were tried: this one was not looked up. */
  | Readonly<{ kind: "paused"; until: string }>

/** What a customer chose, and why it would give nothing now. */
export type KeptVoucher = Readonly<{ voucher: Voucher; reason: VoucherRefusal | null }>

/** How many codes that do not exist may be tried before a pause, which doubles each time. */
export type GuessLimit = Readonly<{ missesMax: number; windowSeconds: number; firstPauseSeconds: number }>

/** Remembers a voucher for the customer's next purchase, in place of another. */
export async function chooseVoucher(
  statements: Statements,
  given: { userId: UserId; code: string; limit: GuessLimit },
): Promise<ChosenVoucher> {
  const { missesMax, windowSeconds, firstPauseSeconds } = given.limit
  const rows = await statements<{ chosen: ChosenVoucher }[]>`
    select choose_voucher(
      ${given.userId}, ${given.code}, ${missesMax}, ${windowSeconds}, ${firstPauseSeconds}
    ) as chosen
  `
  return rows[0]?.chosen ?? { kind: "unknown", pausedUntil: null }
}

export async function readChosenVoucher(
  statements: Statements,
  userId: UserId,
): Promise<KeptVoucher | undefined> {
  const rows = await statements<KeptVoucher[]>`
    select describe_voucher(vouchers) as voucher, refuse_voucher(vouchers, users.id, users.role) as reason
      from voucher_choices
      join users on users.id = voucher_choices.user_id
      join vouchers on vouchers.id = voucher_choices.voucher_id
     where users.id = ${userId}
       and dropped_by is null
  `
  return rows[0]
}

/** Forgets the chosen voucher; returns its code, or undefined when there was none. */
export async function dropVoucher(statements: Statements, userId: UserId): Promise<string | undefined> {
  const rows = await statements<{ code: string }[]>`
    delete from voucher_choices
     using vouchers
     where vouchers.id = voucher_choices.voucher_id
       and voucher_choices.user_id = ${userId}
    returning vouchers.code
  `
  return rows[0]?.code
}
