import type { Rupiah } from "../shop/money.ts"
import type { Statements } from "./connect.ts"
import type { Voucher } from "./vouchers.ts"

/** Days are `2026-12-31`, in the shop's zone; `endsOn` is the last day of it. Null takes a limit away. */
export type VoucherRules = Readonly<{
  maxDiscount?: Rupiah | null
  minTotal?: Rupiah | null
  usesMax?: number | null
  usesPerCustomer?: number | null
  startsOn?: string | null
  endsOn?: string | null
  productCodes?: readonly string[] | null
  category?: string | null
  role?: "reseller" | null
}>

export type VoucherDiscount = Readonly<{ percent: number }> | Readonly<{ amount: Rupiah }>

/** Why rules can't be a voucher's. */
export type RulesRefusal =
  | Readonly<{ kind: "cap_without_percent" }>
  | Readonly<{ kind: "unknown_products"; codes: readonly string[] }>
  | Readonly<{ kind: "unknown_category"; categories: readonly string[] }>
  | Readonly<{ kind: "ends_before_it_begins" }>
  | Readonly<{ kind: "over_already" }>
  | Readonly<{ kind: "fewer_than_used"; uses: number }>

export type CreatedVoucher =
  | Readonly<{ kind: "created"; voucher: Voucher }>
  | Readonly<{ kind: "exists"; voucher: Voucher }>
  | RulesRefusal

export type ChangedVoucher =
  | Readonly<{ kind: "changed"; voucher: Voucher }>
  | Readonly<{ kind: "closed_before"; voucher: Voucher }>
  | Readonly<{ kind: "not_found" }>
  | RulesRefusal

export type ClosedVoucher =
  | Readonly<{ kind: "closed" | "closed_before"; voucher: Voucher }>
  | Readonly<{ kind: "not_found" }>

/** `left` is how many more there are than the list holds. */
export type VoucherList = Readonly<{ vouchers: readonly Voucher[]; left: number }>

export type VoucherUse = Readonly<{
  orderCode: string
  /** Null where only their LID is known. */
  number: string | null
  discount: Rupiah
  total: Rupiah
  state: "held" | "used" | "released"
  at: Date
}>

/** `given`: what it took off paid orders, in all. `held`: how many of its uses are of unpaid orders. */
export type VoucherReport = Readonly<{
  voucher: Voucher
  held: number
  given: Rupiah
  lastUses: readonly VoucherUse[]
}>

export async function createVoucher(
  statements: Statements,
  given: { code: string; discount: VoucherDiscount; rules: VoucherRules; actor: string },
): Promise<CreatedVoucher> {
  const { code, discount, rules, actor } = given
  const rows = await statements<{ created: CreatedVoucher }[]>`
    select create_voucher(
      ${code}, ${"percent" in discount ? discount.percent : null},
      ${"amount" in discount ? discount.amount : null}, ${asJson(statements, rules)}, ${actor}
    ) as created
  `
  return answered(rows[0]?.created)
}

/** Changes what is named of an open voucher; orders that were made keep what they got. */
export async function changeVoucher(
  statements: Statements,
  given: { code: string; rules: VoucherRules },
): Promise<ChangedVoucher> {
  const rows = await statements<{ changed: ChangedVoucher }[]>`
    select change_voucher(${given.code}, ${asJson(statements, given.rules)}) as changed
  `
  return answered(rows[0]?.changed)
}

/** Ends a voucher; the orders that hold a use keep it. */
export async function closeVoucher(statements: Statements, code: string): Promise<ClosedVoucher> {
  const rows = await statements<{ closed: ClosedVoucher }[]>`select close_voucher(${code}) as closed`
  return answered(rows[0]?.closed)
}

/** Those that can be used first, the newest of them first. */
export async function listVouchers(statements: Statements, limit: number): Promise<VoucherList> {
  const rows = await statements<{ voucher: Voucher; count: number }[]>`
    select describe_voucher(vouchers) as voucher, count(*) over ()::integer as count
      from vouchers
     order by closed_at is not null, coalesce(ends_at <= now(), false), id desc
     limit ${limit}
  `
  return { vouchers: rows.map(({ voucher }) => voucher), left: (rows[0]?.count ?? 0) - rows.length }
}

export async function readVoucher(
  statements: Statements,
  given: { code: string; usesMax: number },
): Promise<VoucherReport | undefined> {
  const [found] = await statements<(Omit<VoucherReport, "lastUses"> & { id: number })[]>`
    select
      vouchers.id,
      describe_voucher(vouchers) as voucher,
      count(*) filter (where voucher_uses.state = 'held')::integer as held,
      coalesce(sum(orders.discount) filter (where voucher_uses.state = 'used'), 0)::bigint as given
    from vouchers
    left join voucher_uses on voucher_uses.voucher_id = vouchers.id
    left join orders on orders.id = voucher_uses.order_id
    where vouchers.code = ${given.code}
    group by vouchers.id
  `
  if (!found) return undefined
  const { id, ...report } = found
  const lastUses = await statements<VoucherUse[]>`
    select
      orders.code as "orderCode",
      users.number,
      orders.discount,
      orders.total,
      voucher_uses.state,
      voucher_uses.created_at as at
    from voucher_uses
    join orders on orders.id = voucher_uses.order_id
    join users on users.id = orders.user_id
    where voucher_uses.voucher_id = ${id}
    order by voucher_uses.order_id desc
    limit ${given.usesMax}
  `
  return { ...report, lastUses }
}

function asJson(statements: Statements, rules: VoucherRules) {
  return statements.json({ ...rules, ...(rules.productCodes && { productCodes: [...rules.productCodes] }) })
}

function answered<Answer>(answer: Answer | undefined): Answer {
  if (answer === undefined) throw new Error("the database answered nothing")
  return answer
}
