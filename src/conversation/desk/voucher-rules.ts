import { type Rupiah, rupiah } from "../../shop/money.ts"
import type { VoucherRules } from "../../shop/voucher-desk.ts"
import { amountOf, readCode } from "../read-words.ts"

/** A part of a voucher's rules, under the name it has in texts. */
export type VoucherOption =
  | "cap"
  | "minimum"
  | "quota"
  | "per_customer"
  | "start"
  | "end"
  | "products"
  | "category"
  | "audience"

export type RulesProblem =
  | Readonly<{ kind: "missing_value"; option: VoucherOption }>
  | Readonly<{ kind: "bad_value"; option: VoucherOption }>
  | Readonly<{ kind: "twice"; option: VoucherOption }>

/** The words before the first option, and the rules that the options make. */
export type RulesReading =
  | Readonly<{ kind: "read"; before: readonly string[]; rules: VoucherRules }>
  | RulesProblem

const amountMax = rupiah(1_000_000_000)
const usesMax = 1_000_000
const productsMax = 100
const categoryLengthMax = 60

const options: ReadonlyMap<string, VoucherOption> = new Map(
  Object.entries({
    cap: "maks maksimal max cap",
    minimum: "min minimal minimum",
    quota: "kuota quota total",
    per_customer: "perorang each",
    start: "mulai from start",
    end: "sampai until end",
    products: "produk product products",
    category: "kategori category",
    audience: "untuk for reseller",
  }).flatMap(([option, words]) => words.split(" ").map((word) => [word, option as VoucherOption] as const)),
)

const lifting = new Set("bebas tanpa hapus semua free none all off -".split(" "))

/** Reads options in any order: each is a word and its value, which ends where the next option begins. */
export function readRules(words: readonly string[]): RulesReading {
  const { before, named } = splitAtOptions(words)
  let rules: VoucherRules = {}
  const seen = new Set<VoucherOption>()
  for (const { option, values } of named) {
    if (seen.has(option)) return { kind: "twice", option }
    seen.add(option)
    if (values.length === 0) return { kind: "missing_value", option }
    const isLifted = values.length === 1 && lifting.has(values[0]?.toLowerCase() ?? "")
    const read = isLifted ? lifted[option] : readers[option](values)
    if (read === undefined) return { kind: "bad_value", option }
    rules = { ...rules, ...read }
  }
  return { kind: "read", before, rules }
}

/** The first word after an option is its value, whatever it is; `reseller` is one by itself. */
function splitAtOptions(words: readonly string[]) {
  const before: string[] = []
  const named: { option: VoucherOption; values: string[] }[] = []
  for (const word of words) {
    const option = options.get(word.toLowerCase())
    const last = named.at(-1)
    if (option && last?.values.length !== 0) {
      named.push({ option, values: word.toLowerCase() === "reseller" ? [word] : [] })
    } else {
      const values = last?.values ?? before
      values.push(word)
    }
  }
  return { before, named }
}

const lifted: Readonly<Record<VoucherOption, VoucherRules>> = {
  cap: { maxDiscount: null },
  minimum: { minTotal: null },
  quota: { usesMax: null },
  per_customer: { usesPerCustomer: null },
  start: { startsOn: null },
  end: { endsOn: null },
  products: { productCodes: null },
  category: { category: null },
  audience: { role: null },
}

const readers: Readonly<Record<VoucherOption, (values: readonly string[]) => VoucherRules | undefined>> = {
  cap: (values) => withValue(readAmount(values), (maxDiscount) => ({ maxDiscount })),
  minimum: (values) => withValue(readAmount(values), (minTotal) => ({ minTotal })),
  quota: (values) => withValue(readCount(values), (quota) => ({ usesMax: quota })),
  per_customer: (values) => withValue(readCount(values), (usesPerCustomer) => ({ usesPerCustomer })),
  start: (values) => withValue(readDay(values), (startsOn) => ({ startsOn })),
  end: (values) => withValue(readDay(values), (endsOn) => ({ endsOn })),
  products: (values) => withValue(readCodes(values), (productCodes) => ({ productCodes })),
  category: (values) => withValue(readCategory(values), (category) => ({ category })),
  audience: (values) =>
    values.length === 1 && values[0]?.toLowerCase() === "reseller" ? { role: "reseller" } : undefined,
}

function withValue<Value>(
  value: Value | undefined,
  make: (value: Value) => VoucherRules,
): VoucherRules | undefined {
  return value === undefined ? undefined : make(value)
}

export function readAmount(words: readonly string[]): Rupiah | undefined {
  const amount = amountOf(words.join(" "))
  return amount !== undefined && amount >= 1 && amount <= amountMax ? rupiah(amount) : undefined
}

function readCount(values: readonly string[]): number | undefined {
  const word = values.join(" ").replace(/x$/i, "")
  if (!/^[0-9]{1,7}$/.test(word)) return undefined
  const count = Number(word)
  return count >= 1 && count <= usesMax ? count : undefined
}

/** `2026-12-31`, `31-12-2026` or `31/12/2026`, if there is such a day; as the first of these. */
function readDay(values: readonly string[]): string | undefined {
  const word = values.join(" ")
  const [, year, month, day] = /^(20[0-9]{2})-([0-9]{2})-([0-9]{2})$/.exec(word) ?? []
  const [, otherDay, otherMonth, otherYear] =
    /^([0-9]{1,2})[-/]([0-9]{1,2})[-/](20[0-9]{2})$/.exec(word) ?? []
  const parts = [year ?? otherYear, month ?? otherMonth, day ?? otherDay]
  if (parts.includes(undefined)) return undefined
  const text = parts.map((part) => (part ?? "").padStart(2, "0")).join("-")
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined
}

function readCodes(values: readonly string[]): readonly string[] | undefined {
  const words = values
    .join(" ")
    .split(/[ ,]+/)
    .filter((word) => word !== "")
  const codes = words.map(readCode).filter((code) => code !== undefined)
  const distinct = [...new Set(codes)]
  return codes.length === words.length && distinct.length >= 1 && distinct.length <= productsMax
    ? distinct
    : undefined
}

function readCategory(values: readonly string[]): string | undefined {
  const category = values.join(" ")
  return [...category].length <= categoryLengthMax ? category : undefined
}
