import type { PeopleAsked } from "../../conversation/desk/people.ts"
import type { PeopleOutcome } from "../../conversation/texts/people-desk-texts.ts"
import type { Person } from "../../database/people.ts"
import { adjustBalance } from "../../shop/adjust-balance.ts"
import { blockCustomer, unblockCustomer } from "../../shop/block-customer.ts"
import { changeRole } from "../../shop/change-role.ts"
import { mayOperate } from "../../shop/customer.ts"
import { giveChatBack, takeChat } from "../../shop/hand-over-chat.ts"
import { giveBack } from "../../shop/request-charge.ts"
import type { Desk } from "./desk-room.ts"

export type PeopleChange = Exclude<PeopleAsked, { kind: "queue" | "show" | "team" }>

export type Changed = Readonly<{ outcome: PeopleOutcome; afterwards?: (() => Promise<void>) | undefined }>

/** Why something about this person is not done at all, whoever confirms it; undefined: it may be. */
export function refusalOf(
  { message }: Pick<Desk, "message">,
  asked: PeopleChange,
  person: Person,
): PeopleOutcome | undefined {
  const isOperator = mayOperate(person.role, "admin")
  switch (asked.kind) {
    case "pause":
      return isOperator ? { kind: "pause_refused", person } : undefined
    case "block":
      if (person.userId === message.userId) return { kind: "block_refused", why: "self" }
      if (person.role === "owner") return { kind: "block_refused", why: "owner" }
      if (isOperator && message.role !== "owner") return { kind: "block_refused", why: "admin" }
      return person.isBlocked ? { kind: "blocked_before", person } : undefined
    case "unblock":
      if (isOperator && message.role !== "owner") return { kind: "block_refused", why: "admin" }
      return person.isBlocked ? undefined : { kind: "was_not_blocked", person }
    case "role":
      if (person.role === "owner") return { kind: "role_refused" }
      return person.role === asked.role ? { kind: "role_same", person, role: asked.role } : undefined
    default:
      return undefined
  }
}

/** Does it, in the transaction of the desk, and on the record. */
export async function changePeople(desk: Desk, asked: PeopleChange, person: Person): Promise<Changed> {
  const refused = refusalOf(desk, asked, person)
  if (refused) return { outcome: refused }
  const { statements, actor } = desk
  const { userId } = person
  switch (asked.kind) {
    case "pause":
      return {
        outcome: {
          kind: "paused",
          person,
          until: await takeChat(statements, { userId, hours: asked.hours, actor }),
        },
      }
    case "resume": {
      const wasQuiet = await giveChatBack(statements, { userId, actor })
      return {
        outcome: { kind: wasQuiet ? "resumed" : "was_not_paused", person },
        afterwards: async () => desk.shop.promised(),
      }
    }
    case "adjust":
      return await adjust(desk, asked, person)
    case "block":
      return await block(desk, asked, person)
    case "unblock": {
      const isUnblocked = await unblockCustomer(statements, { userId, actor })
      return { outcome: { kind: isUnblocked ? "unblocked" : "was_not_blocked", person } }
    }
    case "role": {
      const { role } = asked
      const changed = await changeRole(statements, { userId, role, actor })
      if (changed.kind === "owner") return { outcome: { kind: "role_refused" } }
      return { outcome: { kind: changed.kind === "same" ? "role_same" : "role_changed", person, role } }
    }
  }
}

async function adjust(
  { statements, actor, request, shop }: Desk,
  { amount, reason }: Extract<PeopleChange, { kind: "adjust" }>,
  person: Person,
): Promise<Changed> {
  const { userId } = person
  const adjusted = await adjustBalance(statements, { userId, amount, reason, actor, request })
  switch (adjusted.kind) {
    case "unknown_customer":
      return { outcome: { kind: "nobody" } }
    case "insufficient_balance":
      return { outcome: { kind: "balance_short", person, amount, balance: adjusted.balance } }
    case "adjusted":
      return {
        outcome: { kind: "adjusted", person, amount, balance: adjusted.balance },
        afterwards: async () => {
          shop.promised()
          await shop.gate.cache.forget({ kind: "balance", userId })
        },
      }
  }
}

async function block(
  { statements, actor, message, shop }: Desk,
  { reason }: Extract<PeopleChange, { kind: "block" }>,
  person: Person,
): Promise<Changed> {
  const { userId } = person
  const byOwner = message.role === "owner"
  const blocked = await blockCustomer(statements, { userId, byOwner, actor, reason })
  switch (blocked.kind) {
    case "protected":
      return { outcome: { kind: "block_refused", why: blocked.role === "owner" ? "owner" : "admin" } }
    case "blocked_before":
      return { outcome: { kind: "blocked_before", person } }
    case "blocked":
      return {
        outcome: { kind: "blocked", person, orderCode: blocked.orderCode },
        afterwards: () => giveBack(shop, blocked.goods),
      }
  }
}
