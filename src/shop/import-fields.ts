import * as v from "valibot"
import { type Rupiah, rupiah } from "./money.ts"

/** Something that keeps a file from being imported. `line` counts from 1, the header included. */
export type LineProblem = Readonly<{ line: number; reason: string }>

/** In the order of the file. */
export function inOrder(problems: readonly LineProblem[]): LineProblem[] {
  return [...problems].sort((one, other) => one.line - other.line)
}

/** The dearest product and the largest opening balance or credit. */
export const amountMax = 1_000_000_000

/** Whole rupiah in plain digits: `15.000` may mean fifteen, so it is not guessed at. */
export const wholeRupiah = ({ least }: { least: number }) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.regex(/^[0-9]+$/, "must be whole rupiah in digits alone, such as 15000 (not 15.000, not Rp 15000)"),
    v.transform(Number),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(amountMax, `must be at most ${amountMax}`),
    v.transform((amount): Rupiah => rupiah(amount)),
  )

/** One line of text. */
export const textLine = ({ charactersMax }: { charactersMax: number }) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.check((text) => !/\p{Cc}/u.test(text), "must be one line without control characters"),
    v.check((text) => countCharacters(text) <= charactersMax, `may have at most ${charactersMax} characters`),
  )

/** Text that may go over several lines. */
export const textBlock = ({ charactersMax }: { charactersMax: number }) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.check((text) => !/\p{Cc}/u.test(text.replace(/[\n\t]/g, "")), "must be without control characters"),
    v.check((text) => countCharacters(text) <= charactersMax, `may have at most ${charactersMax} characters`),
  )

/** As PostgreSQL counts them. */
export function countCharacters(text: string): number {
  return [...text].length
}

/** The reasons of a row that did not parse, each naming its column, in one sentence. */
export function reasonOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const reasons = issues.map((issue) => `${String(issue.path?.[0]?.key ?? "the row")} ${issue.message}`)
  return [...new Set(reasons)].join("; ")
}
