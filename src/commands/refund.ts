import { randomUUID } from "node:crypto"
import * as v from "valibot"
import { replyToRefund } from "../conversation/reply-to-owner.ts"
import { wholeRupiah } from "../shop/import-fields.ts"
import { type RefundDestination, type RefundedOrder, refundOrder } from "../shop/refund-order.ts"
import type { CommandLine, ExitCode } from "./command-line.ts"
import { withDesk } from "./desk.ts"
import { parse, reasonSchema } from "./parse.ts"
import { shellWords } from "./shell-words.ts"

const destinationSchema = v.picklist(["saldo", "provider"], "must be saldo or provider")

/**
 * `lapak refund ORDER [AMOUNT] --to saldo|provider --reason TEXT [--again]`. Typed again, it refunds once, and
 * says that it was done before. Ends with 1 when nothing was refunded, or the provider refused.
 */
export async function refundCommand(
  line: CommandLine,
  given: { orderCode: string; amount: string | undefined; to: string; reason: string; again: boolean },
): Promise<ExitCode> {
  const destination = parse("--to", destinationSchema, given.to)
  const amount =
    given.amount === undefined ? undefined : parse("AMOUNT", wholeRupiah({ least: 1 }), given.amount)
  const reason = parse("--reason", reasonSchema, given.reason)
  const orderCode = given.orderCode.replace(/^#/, "").toUpperCase()
  return await withDesk<ExitCode>(line, async (shop) => {
    const say = await shellWords(shop.database)
    const request = `S${randomUUID().replaceAll("-", "").slice(0, 20)}`
    const asked = { orderCode, amount, destination, again: given.again, reason, request, actor: "shell" }
    const outcome = await refundOrder(shop, asked)
    line.print(
      replyToRefund(outcome, { orderCode, destination, again: commandAgain(outcome, destination) }, say),
    )
    return isRefused(outcome) ? 1 : 0
  })
}

function commandAgain(outcome: RefundedOrder, destination: RefundDestination): string {
  if (outcome.kind !== "refunded_before") return ""
  const { orderCode, amount } = outcome.refund
  return `lapak refund ${orderCode} ${amount} --to ${destination} --again --reason "…"`
}

function isRefused(outcome: RefundedOrder): boolean {
  if (outcome.kind === "refunded") return outcome.refund.state === "failed"
  return outcome.kind !== "refunded_before"
}
