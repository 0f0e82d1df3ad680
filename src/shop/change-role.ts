import { recordAudit } from "../database/audit-log.ts"
import type { Statements } from "../database/connect.ts"
import { type ChangedRole, changeRole as changeInDatabase } from "../database/people.ts"
import type { Role } from "./customer.ts"
import type { UserId } from "./ids.ts"

export type { ChangedRole } from "../database/people.ts"

/** Gives a customer another role, on the record. Owners stay owners: OWNER_NUMBERS names them. */
export async function changeRole(
  statements: Statements,
  given: { userId: UserId; role: Exclude<Role, "owner">; actor: string },
): Promise<ChangedRole> {
  const { userId, role, actor } = given
  const outcome = await changeInDatabase(statements, userId, role)
  if (outcome.kind === "changed")
    await recordAudit(statements, {
      actor,
      action: "change_role",
      subject: `user:${userId}`,
      details: { before: outcome.before, role },
    })
  return outcome
}
