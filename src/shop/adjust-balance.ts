import { type AdjustedBalance, adjustBalanceOf, tellOfAdjustment } from "../database/adjust-balance.ts"
import type { Statements } from "../database/connect.ts"
import type { UserId } from "./ids.ts"
import type { Rupiah } from "./money.ts"

export type { AdjustedBalance } from "../database/adjust-balance.ts"

/**
 * Credits a customer's balance (below zero: debits it, never more than it holds), on the record, and promises
 * them word of it. `request` names this very adjustment: made again, it is booked and told once.
 */
export async function adjustBalance(
  statements: Statements,
  given: { userId: UserId; amount: Rupiah; reason: string; actor: string; request: string },
): Promise<AdjustedBalance> {
  const { userId, amount, reason, actor, request } = given
  const adjusted = await adjustBalanceOf(statements, userId, {
    amount,
    reason,
    actor,
    key: `adjust:${request}`,
  })
  if (adjusted.kind === "adjusted" && adjusted.isNew) await tellOfAdjustment(statements, userId, amount)
  return adjusted
}
