import { recordAudit } from "../database/audit-log.ts"
import type { Statements } from "../database/connect.ts"
import {
  handOverChat as handOverInDatabase,
  pauseChatOf,
  resumeChatOf,
  tellOfResumption,
} from "../database/quiet-chats.ts"
import type { UserId } from "./ids.ts"

/** So long a chat stays with a person, unless an operator resumes the shop there before. */
export const handoverHours = 12

/**
 * A customer asks for a person: the shop falls silent in their chat, and owners and admins are told. Returns
 * when it answers again by itself. Goods and word of payments still go out. Undefined where there is neither
 * an owner nor an admin: then it goes on answering.
 */
export async function handOverChat(statements: Statements, userId: UserId): Promise<Date | undefined> {
  return await handOverInDatabase(statements, userId, handoverHours)
}

/** An operator takes a chat over for so many hours, on the record. Returns when the shop answers again. */
export async function takeChat(
  statements: Statements,
  given: { userId: UserId; hours: number; actor: string },
): Promise<Date> {
  const { userId, hours, actor } = given
  const until = await pauseChatOf(statements, userId, hours)
  await recordAudit(statements, {
    actor,
    action: "pause_chat",
    subject: `user:${userId}`,
    details: { hours },
  })
  return until
}

/**
 * An operator gives a chat back to the shop, on the record, and the customer is told; false when it had it.
 */
export async function giveChatBack(
  statements: Statements,
  { userId, actor }: { userId: UserId; actor: string },
): Promise<boolean> {
  const wasQuiet = await resumeChatOf(statements, userId)
  if (!wasQuiet) return false
  await recordAudit(statements, { actor, action: "resume_chat", subject: `user:${userId}` })
  await tellOfResumption(statements, userId)
  return true
}
