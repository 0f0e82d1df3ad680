import { recordAudit } from "../database/audit-log.ts"
import type { Statements } from "../database/connect.ts"
import {
  type BlockedCustomer,
  blockCustomer as blockInDatabase,
  unblockCustomer as unblockInDatabase,
} from "../database/people.ts"
import type { UserId } from "./ids.ts"

export type { BlockedCustomer } from "../database/people.ts"

/**
 * Blocks a customer, on the record: they hear so when they write. Their unpaid order ends; what it held came
 * free and is to be given back to the counters once this is committed.
 */
export async function blockCustomer(
  statements: Statements,
  given: { userId: UserId; byOwner: boolean; actor: string; reason: string },
): Promise<BlockedCustomer> {
  const { userId, byOwner, actor, reason } = given
  const outcome = await blockInDatabase(statements, userId, { byOwner })
  if (outcome.kind !== "blocked") return outcome
  await recordAudit(statements, {
    actor,
    action: "block_customer",
    subject: `user:${userId}`,
    details: { reason, cancelledOrder: outcome.orderCode },
  })
  return outcome
}

/** The other way round; false when the customer was not blocked. */
export async function unblockCustomer(
  statements: Statements,
  { userId, actor }: { userId: UserId; actor: string },
): Promise<boolean> {
  const isUnblocked = await unblockInDatabase(statements, userId)
  if (isUnblocked)
    await recordAudit(statements, { actor, action: "unblock_customer", subject: `user:${userId}` })
  return isUnblocked
}
