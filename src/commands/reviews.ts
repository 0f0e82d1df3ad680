import * as v from "valibot"
import { replyToDecision } from "../conversation/reply-to-owner.ts"
import { canMove } from "../conversation/texts/desk-texts.ts"
import type { Texts } from "../conversation/texts/texts.ts"
import { textsFor } from "../conversation/texts/texts-for.ts"
import { type Decision, decideReview, listReviews, type Review, showReview } from "../shop/decide-review.ts"
import type { ReviewId } from "../shop/ids.ts"
import { CommandError, type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"
import { withDesk } from "./desk.ts"
import { parse, reasonSchema } from "./parse.ts"

const numberSchema = v.pipe(
  v.string(),
  v.regex(/^#?[0-9]{1,15}$/, "must be a number as lapak reviews lists it"),
  v.transform((text) => Number(text.replace("#", "")) as ReviewId),
)

/** `lapak reviews [NUMBER]`: what waits for a decision, the oldest first, or one of it, decided or not. */
export async function reviewsCommand(line: CommandLine, number: string | undefined): Promise<ExitCode> {
  const id = number === undefined ? undefined : parse("NUMBER", numberSchema, number)
  const say = textsFor("en")
  return await withFoundation<ExitCode>(line, async ({ database }) => {
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

/** `lapak review NUMBER --credit CUSTOMER|--settle ORDER|--dismiss --reason TEXT`. Decides once. */
export async function decideCommand(
  line: CommandLine,
  given: { number: string; credit?: string; settle?: string; dismiss?: boolean; reason: string },
): Promise<ExitCode> {
  const id = parse("NUMBER", numberSchema, given.number)
  const decision = decisionOf(given)
  const reason = parse("--reason", reasonSchema, given.reason)
  return await withDesk<ExitCode>(line, async (shop) => {
    const outcome = await decideReview(shop, { id, decision, reason, actor: "shell" })
    if (outcome.kind === "not_found") throw new CommandError(unknown(id))
    if (outcome.kind === "decided_before")
      throw new CommandError(`#${id} was decided before, and stays so. See:\n  lapak reviews ${id}`)
    line.print(replyToDecision(outcome, id, textsFor("en")))
    return outcome.kind === "decided" ? 0 : 1
  })
}

function decisionOf({ credit, settle, dismiss }: { credit?: string; settle?: string; dismiss?: boolean }) {
  const decisions: Decision[] = []
  if (credit !== undefined) decisions.push({ kind: "credited", number: credit })
  if (settle !== undefined)
    decisions.push({ kind: "settled", payment: settle.replace(/^#/, "").toUpperCase() })
  if (dismiss) decisions.push({ kind: "dismissed" })
  const [decision] = decisions
  if (decision && decisions.length === 1) return decision
  throw new CommandError("Say exactly one of --credit, --settle and --dismiss.", 2)
}

function describe(review: Review, say: Texts): string {
  const way = (words: string) => `  lapak review ${review.id} ${words} --reason "…"`
  const all = ["--credit NUMBER", "--settle ORDER", "--dismiss"]
  const ways = (canMove(review) ? all : ["--dismiss"]).map(way)
  return say.review({ ...review, ways: [...remedies(review), ...ways] })
}

/** What is to be done about it before it is dismissed. */
function remedies({ kind, orderCode }: Review): string[] {
  if (kind !== "refund_failed" || orderCode === null) return []
  return [`  lapak refund ${orderCode} --to saldo --reason "…"`]
}

function unknown(id: ReviewId): string {
  return `There is no #${id}. See all of them:\n  lapak reviews`
}
