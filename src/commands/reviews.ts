import * as v from "valibot"
import { replyToDecision } from "../conversation/reply-to-owner.ts"
import { refundAdvised, waysToDecide } from "../conversation/texts/desk-texts.ts"
import type { Texts } from "../conversation/texts/texts.ts"
import {
  type Decision,
  decideReview,
  listReviews,
  type Review,
  type ReviewDecision,
  showReview,
} from "../shop/decide-review.ts"
import type { ReviewId } from "../shop/ids.ts"
import { wholeRupiah } from "../shop/import-fields.ts"
import type { Rupiah } from "../shop/money.ts"
import { CommandError, type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"
import { withDesk } from "./desk.ts"
import { parse, reasonSchema } from "./parse.ts"
import { shellWords } from "./shell-words.ts"

const numberSchema = v.pipe(
  v.string(),
  v.regex(/^#?[0-9]{1,15}$/, "must be a number as lapak reviews lists it"),
  v.transform((text) => Number(text.replace("#", "")) as ReviewId),
)

/** `lapak reviews [NUMBER]`: what waits for a decision, the oldest first, or one of it, decided or not. */
export async function reviewsCommand(line: CommandLine, number: string | undefined): Promise<ExitCode> {
  const id = number === undefined ? undefined : parse("NUMBER", numberSchema, number)
  return await withFoundation<ExitCode>(line, async ({ database }) => {
    const say = await shellWords(database)
    if (id === undefined) {
      const { reviews, hasMore } = await listReviews({ database })
      if (reviews.length === 0) line.print(say.noReviews())
      for (const [place, review] of reviews.entries())
        line.print(`${place > 0 ? "\n" : ""}${describe(review, say)}`)
      if (hasMore) line.print("\nThere are newer ones besides: decide some of these first.")
      return 0
    }
    const review = await showReview({ database }, id)
    if (!review) throw new CommandError(unknown(id))
    line.print(describe(review, say))
    return 0
  })
}

/** The options of `lapak review`, as they were typed. */
export type DecisionOptions = Readonly<{
  credit?: string
  settle?: string
  amount?: string
  took?: string
  made?: boolean
  notMade?: boolean
  dismiss?: boolean
  reason: string
}>

/**
 * `lapak review NUMBER --credit CUSTOMER|--settle ORDER|--took AMOUNT|--made|--not-made|--dismiss --reason TEXT`.
 * Decides once.
 */
export async function decideCommand(
  line: CommandLine,
  given: DecisionOptions & { number: string },
): Promise<ExitCode> {
  const id = parse("NUMBER", numberSchema, given.number)
  const decision = decisionOf(given)
  const reason = parse("--reason", reasonSchema, given.reason)
  return await withDesk<ExitCode>(line, async (shop) => {
    const say = await shellWords(shop.database)
    const outcome = await decideReview(shop, { id, decision, reason, actor: "shell" })
    if (outcome.kind === "not_found") throw new CommandError(unknown(id))
    if (outcome.kind === "decided_before")
      throw new CommandError(`#${id} was decided before, and stays so. See:\n  lapak reviews ${id}`)
    line.print(replyToDecision(outcome, id, say))
    return outcome.kind === "decided" ? 0 : 1
  })
}

function decisionOf(given: DecisionOptions): Decision {
  const { credit, settle, took } = given
  const amount = amountOf("--amount", given.amount)
  const taken = amountOf("--took", took)
  const decisions: Decision[] = []
  if (credit !== undefined) decisions.push({ kind: "credited", number: credit, amount })
  if (settle !== undefined)
    decisions.push({ kind: "settled", payment: settle.replace(/^#/, "").toUpperCase(), amount })
  if (taken !== undefined) decisions.push({ kind: "taken", amount: taken })
  if (given.made) decisions.push({ kind: "made" })
  if (given.notMade) decisions.push({ kind: "not_made" })
  if (given.dismiss) decisions.push({ kind: "dismissed" })
  const [decision] = decisions
  if (!decision || decisions.length > 1)
    throw new CommandError(
      "Say exactly one of --credit, --settle, --took, --made, --not-made and --dismiss.",
      2,
    )
  if (amount !== undefined && decision.kind !== "credited" && decision.kind !== "settled")
    throw new CommandError("--amount goes with --credit or --settle.", 2)
  return decision
}

function amountOf(option: string, text: string | undefined): Rupiah | undefined {
  return text === undefined ? undefined : parse(option, wholeRupiah({ least: 1 }), text)
}

function describe(review: Review, say: Texts): string {
  return say.review({ ...review, ways: [...remedies(review), ...decidingWays(review)] })
}

function decidingWays(review: Review): readonly string[] {
  const { id, number, orderCode, amount } = review
  const named = amount === null ? " --amount AMOUNT" : ""
  const words: Readonly<Record<ReviewDecision, string>> = {
    credited: `--credit ${number ?? "NUMBER"}${named}`,
    settled: `--settle ${orderCode ?? "ORDER"}${named}`,
    taken: "--took AMOUNT",
    made: "--made",
    not_made: "--not-made",
    dismissed: "--dismiss",
  }
  return waysToDecide(review).map((way) => `  lapak review ${id} ${words[way]} --reason "…"`)
}

/** What is to be done about it before it is dismissed. */
function remedies(review: Review): readonly string[] {
  const amount = refundAdvised(review)
  return amount === undefined ? [] : [`  lapak refund ${review.orderCode} ${amount} --to saldo --reason "…"`]
}

function unknown(id: ReviewId): string {
  return `There is no #${id}. See all of them:\n  lapak reviews`
}
