import { formatRupiah } from "../../shop/money.ts"
import type { RulesRefusal, VoucherUse } from "../../shop/voucher-desk.ts"
import type { Voucher } from "../../shop/vouchers.ts"
import type { VoucherOption } from "../desk/voucher-rules.ts"
import type { VouchersProblem } from "../desk/vouchers.ts"
import { yesOrNo } from "./en-desk.ts"
import { conditions, voucherGives } from "./en-vouchers.ts"
import type { VouchersDeskTexts } from "./vouchers-desk-texts.ts"
import { join, lastMoment, oneLine, type Wording } from "./wording.ts"

export function vouchersDesk(wording: Wording): VouchersDeskTexts {
  const { desk, time } = wording
  const create = `${desk("newvoucher")} SAVE10 10% max 20000 quota 50 each 1 until 2026-12-31`
  const noSuchVoucher: VouchersDeskTexts["noSuchVoucher"] = () =>
    join("There is no voucher with that code.", `See all: ${desk("vouchers")}`)
  return {
    vouchersHelp: () =>
      join(
        `${create}: make a voucher`,
        `${desk("vouchers")}: all vouchers and their uses`,
        `${desk("vouchers")} SAVE10: one voucher`,
        `${desk("changevoucher")} SAVE10 quota 100: change its limits`,
        `${desk("closevoucher")} SAVE10: end it`,
      ),
    vouchersProblem: ({ problem }) =>
      join(
        whatIsWrong(problem),
        "Nothing was changed.",
        "",
        `For example: ${exampleFor(problem, wording, create)}`,
      ),
    voucherCreated: (made) => {
      if (made.kind === "created")
        return join(`Voucher *${made.voucher.code}* is made ✅`, ...facts(made.voucher, wording))
      if (made.kind === "exists")
        return join(
          `There is a voucher ${made.voucher.code} already, so it was not made again:`,
          ...facts(made.voucher, wording),
          "",
          `Change its limits: ${desk("changevoucher")} ${made.voucher.code} quota 100`,
        )
      return join(refused(made), "The voucher was not made.", `For example: ${create}`)
    },
    voucherChanged: ({ voucherCode, ...change }) => {
      switch (change.kind) {
        case "changed":
          return join(`Voucher *${voucherCode}* is changed ✅`, ...facts(change.voucher, wording))
        case "closed_before":
          return join(
            `Voucher ${voucherCode} is closed, so it can't be changed.`,
            `Make a new one: ${create}`,
          )
        case "not_found":
          return noSuchVoucher()
        default:
          return join(refused(change), `Voucher ${voucherCode} stays as it was.`)
      }
    },
    voucherToCreate: ({ code, discount, isTiny, isUnlimited }) => {
      const off = "percent" in discount ? `${discount.percent}%` : formatRupiah(discount.amount)
      return join(
        `Make the voucher *${code}* with ${off} off?`,
        isTiny &&
          "amount" in discount &&
          `That is only ${off}. If you mean percent: ${desk("newvoucher")} ${code} ${discount.amount}%`,
        isUnlimited && "Without a quota, a limit per customer or an end: anybody can go on using it.",
        isUnlimited && "With limits: add quota 50 each 1 until 2030-12-31",
        yesOrNo,
      )
    },
    voucherToClose: ({ voucher, held }) =>
      join(
        `End voucher *${voucher.code}*?`,
        ...facts(voucher, wording),
        held > 0 && `${held} unpaid ${held === 1 ? "order keeps its" : "orders keep their"} discount.`,
        "After that nobody can use it, and it can't be opened again.",
        yesOrNo,
      ),
    voucherClosed: (closed) => {
      if (closed.kind === "not_found") return noSuchVoucher()
      return closed.kind === "closed"
        ? `Voucher ${closed.voucherCode} is closed ✅ Used ${uses(closed.voucher)}.`
        : `Voucher ${closed.voucherCode} was closed before. Used ${uses(closed.voucher)}.`
    },
    voucherList: ({ vouchers, left }) =>
      vouchers.length === 0
        ? join("There is no voucher yet.", `Make the first one: ${create}`)
        : join(
            "*Vouchers*",
            "",
            ...vouchers.map((voucher) =>
              join(
                `*${voucher.code}* ${voucherGives(voucher)}`,
                `Used ${uses(voucher)}${voucher.closedAt === null ? "" : ", closed"}` +
                  `${voucher.endsAt === null ? "" : `, until ${time(lastMoment(voucher.endsAt))}`}`,
              ),
            ),
            "",
            left > 0 && `There are ${left} older ones.`,
            `See one: ${desk("vouchers")} ${vouchers[0]?.code ?? "CODE"}`,
          ),
    voucherReport: ({ voucher, held, given, lastUses, at }) =>
      join(
        `Voucher *${voucher.code}*${voucher.endsAt !== null && new Date(voucher.endsAt) <= at ? " (over)" : ""}`,
        ...facts(voucher, wording),
        held > 0 && `${held} of them wait for payment`,
        `Given so far: ${formatRupiah(given)}`,
        lastUses.length > 0 && "\nThe last uses:",
        ...lastUses.map((use) => useLine(use, wording)),
      ),
    noSuchVoucher,
  }
}

function facts(voucher: Voucher, wording: Wording): readonly string[] {
  const { time } = wording
  return [
    voucherGives(voucher),
    ...conditions(voucher, wording),
    `Used ${uses(voucher)}`,
    ...(voucher.closedAt === null ? [] : [`Closed ${time(new Date(voucher.closedAt))}`]),
  ]
}

function uses(voucher: Voucher): string {
  return voucher.usesMax === null
    ? `${voucher.uses} times, without a limit`
    : `${voucher.uses} of ${voucher.usesMax}`
}

const states: Readonly<Record<VoucherUse["state"], string>> = {
  held: "waits for payment",
  used: "used",
  released: "let go, not paid",
}

function useLine({ orderCode, number, discount, state, at }: VoucherUse, { time }: Wording): string {
  return `${time(at)}: ${orderCode}, ${number ?? "no number"}, ${formatRupiah(discount)}, ${states[state]}`
}

function refused(refusal: RulesRefusal): string {
  switch (refusal.kind) {
    case "cap_without_percent":
      return "A cap (max) is only for a percentage."
    case "unknown_products":
      return `There is no product ${refusal.codes.join(", ")}.`
    case "unknown_category":
      return refusal.categories.length === 0
        ? "No product has a category yet."
        : `There is no such category. There are: ${refusal.categories.map((name) => oneLine(name)).join(", ")}.`
    case "ends_before_it_begins":
      return "Its last day is before its first."
    case "over_already":
      return "Its last day is over already."
    case "fewer_than_used":
      return `The quota can't be less than what is used: ${refusal.uses}.`
  }
}

const optionNames: Readonly<Record<VoucherOption, string>> = {
  cap: "max",
  minimum: "min",
  quota: "quota",
  per_customer: "each",
  start: "from",
  end: "until",
  products: "products",
  category: "category",
  audience: "for",
}

const optionExamples: Readonly<Record<VoucherOption, string>> = {
  cap: "max 20000",
  minimum: "min 50000",
  quota: "quota 50",
  per_customer: "each 1",
  start: "from 2026-12-01",
  end: "until 2026-12-31",
  products: "products KOPI-1,FILM-1",
  category: "category Voucher",
  audience: "for reseller",
}

function whatIsWrong(problem: VouchersProblem): string {
  switch (problem.kind) {
    case "missing_code":
      return "The voucher's code is missing."
    case "malformed_code":
      return "A voucher's code has no spaces: 2 to 32 letters, digits, dots or dashes."
    case "reserved_code":
      return "That code can't be used, because it already means: drop the voucher. Choose another one."
    case "missing_discount":
      return "The discount is missing: a percentage like 10%, or an amount like 5000."
    case "bad_discount":
      return "I can't read that discount. Write a percentage like 10%, or an amount like 5000."
    case "percent_out_of_range":
      return "A percentage has to be 1% to 99%."
    case "discount_stays":
      return "Only the limits of a voucher can be changed. For another discount, make a new voucher."
    case "nothing_to_change":
      return "What is to be changed is missing: max, min, quota, each, from, until, products, category, or for."
    case "too_many_words":
      return "There are too many words in that command."
    case "missing_value":
      return `There is nothing behind ${optionNames[problem.option]}.`
    case "bad_value":
      return `I can't read what is behind ${optionNames[problem.option]}.`
    case "twice":
      return `${optionNames[problem.option]} is there twice.`
  }
}

function exampleFor(problem: VouchersProblem, { desk }: Wording, create: string): string {
  switch (problem.kind) {
    case "missing_value":
    case "bad_value":
    case "twice":
      return `${optionExamples[problem.option]} (or ${optionNames[problem.option]} none for no limit)`
    case "nothing_to_change":
      return `${desk("changevoucher")} SAVE10 quota 100`
    case "too_many_words":
      return `${desk("vouchers")} SAVE10`
    default:
      return create
  }
}
