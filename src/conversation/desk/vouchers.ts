import type { VoucherDiscount, VoucherRules } from "../../shop/voucher-desk.ts"
import { readCode } from "../read-words.ts"
import { dropsVoucher } from "../voucher-arguments.ts"
import type { DeskCommand, DeskReading, DeskWords } from "./desk-command.ts"
import { type RulesProblem, readAmount, readRules } from "./voucher-rules.ts"

/** What an operator wants with vouchers. Codes are well-formed and upper-cased, maybe of nothing. */
export type VouchersAsked = Readonly<{ room: "vouchers" } & Wish>

type Wish =
  | { kind: "create"; code: string; discount: VoucherDiscount; rules: VoucherRules }
  | { kind: "change"; code: string; rules: VoucherRules }
  | { kind: "close"; code: string }
  | { kind: "list" }
  | { kind: "show"; code: string }

/** Why it could not be read. None holds free words. */
export type VouchersProblem = Readonly<{ room: "vouchers" } & (WordsProblem | RulesProblem)>

type WordsProblem = {
  kind:
    | "missing_code"
    | "malformed_code"
    | "reserved_code"
    | "missing_discount"
    | "bad_discount"
    | "percent_out_of_range"
    | "discount_stays"
    | "nothing_to_change"
    | "too_many_words"
}

type Problem = { problem: WordsProblem | RulesProblem }

type Read = Wish | Problem

type CodeAndRules = { code: string; before: readonly string[]; rules: VoucherRules }

export const vouchersCommands: readonly DeskCommand[] = [
  command(["voucherbaru", "newvoucher"], readCreate),
  command(["voucherubah", "changevoucher"], readChange),
  command(["vouchertutup", "closevoucher"], (words) => readOnlyCode(words, "close")),
  command(["vouchers"], (words) => (words.length === 0 ? { kind: "list" } : readOnlyCode(words, "show"))),
]

/** What is not on the first line belongs to it: a voucher may be written in lines. */
function command(
  names: readonly [string, ...string[]],
  read: (words: readonly string[]) => Read,
): DeskCommand {
  return {
    words: names,
    least: "admin",
    takesLines: true,
    read: ({ words, lines }: DeskWords): DeskReading => {
      const below = lines.flatMap((line) => line.split(/\s+/)).filter((word) => word !== "")
      const found = read([...words, ...below])
      return "problem" in found
        ? { kind: "problem", command: names[0], problem: { room: "vouchers", ...found.problem } }
        : { kind: "asked", asked: { room: "vouchers", ...found } }
    },
  }
}

function readCreate(words: readonly string[]): Read {
  const given = readCodeAndRules(words)
  if ("problem" in given) return given
  const { code, before, rules } = given
  if (dropsVoucher(code)) return { problem: { kind: "reserved_code" } }
  if (before.length === 0) return { problem: { kind: "missing_discount" } }
  const discount = readDiscount(before)
  return "problem" in discount ? discount : { kind: "create", code, discount, rules }
}

function readChange(words: readonly string[]): Read {
  const given = readCodeAndRules(words)
  if ("problem" in given) return given
  const { code, before, rules } = given
  if (before.length > 0) return { problem: { kind: "discount_stays" } }
  if (Object.keys(rules).length === 0) return { problem: { kind: "nothing_to_change" } }
  return { kind: "change", code, rules }
}

function readOnlyCode(words: readonly string[], kind: "close" | "show"): Read {
  const code = readVoucherCode(words[0])
  if ("problem" in code) return code
  return words.length > 1 ? { problem: { kind: "too_many_words" } } : { kind, ...code }
}

function readCodeAndRules([codeWord, ...rest]: readonly string[]): CodeAndRules | Problem {
  const code = readVoucherCode(codeWord)
  if ("problem" in code) return code
  const read = readRules(rest)
  return read.kind === "read" ? { ...code, before: read.before, rules: read.rules } : { problem: read }
}

/** At least two characters: one alone is guessed at once. */
function readVoucherCode(word: string | undefined): { code: string } | { problem: WordsProblem } {
  if (word === undefined) return { problem: { kind: "missing_code" } }
  const code = readCode(word)
  return code !== undefined && code.length >= 2 ? { code } : { problem: { kind: "malformed_code" } }
}

function readDiscount(words: readonly string[]): VoucherDiscount | { problem: WordsProblem } {
  const [, digits] = /^([0-9]{1,4}) ?(?:%|persen|percent)$/i.exec(words.join(" ")) ?? []
  if (digits !== undefined) {
    const percent = Number(digits)
    return percent >= 1 && percent <= 99 ? { percent } : { problem: { kind: "percent_out_of_range" } }
  }
  const amount = readAmount(words)
  return amount === undefined ? { problem: { kind: "bad_discount" } } : { amount }
}
