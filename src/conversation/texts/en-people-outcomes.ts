import { formatRupiah, rupiah } from "../../shop/money.ts"
import { addressOf, chatLink, named, type PeopleOutcome } from "./people-desk-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export const roleNames = {
  customer: "customer",
  reseller: "reseller",
  admin: "admin",
  owner: "owner",
} as const

type Described<Kind extends PeopleOutcome["kind"]> = Extract<PeopleOutcome, { kind: Kind }>

/** What became of a command about people, in English. */
export function describePeople(outcome: PeopleOutcome, wording: Wording): string {
  const { desk, time } = wording
  switch (outcome.kind) {
    case "nobody":
      return join(
        "No customer has that number. Nothing was changed.",
        "Somebody becomes a customer with their first message to the shop.",
      )
    case "several":
      return join(
        "Several customers have a number that ends so. Write all of it:",
        ...outcome.people.map(named),
        outcome.hasMore && "… and there are more",
      )
    case "queue":
      return queueOf(outcome, wording)
    case "card":
      return cardOf(outcome, wording)
    case "paused":
      return join(
        `The bot is silent in the chat of ${named(outcome.person)} until ${time(outcome.until)}.`,
        "Goods and word of payments still go out.",
        `To have it answer again: ${desk("resume")} ${addressOf(outcome.person)}`,
      )
    case "pause_refused":
      return `${named(outcome.person)} is an operator of the shop. The bot goes on answering operators.`
    case "resumed":
      return `The bot answers ${named(outcome.person)} again ✅`
    case "was_not_paused":
      return `The bot is answering ${named(outcome.person)} already.`
    case "team":
      return teamOf(outcome, wording)
    default:
      return describeChange(outcome, wording)
  }
}

type Change = Exclude<
  PeopleOutcome,
  {
    kind:
      | ("nobody" | "several" | "queue" | "card" | "team")
      | ("paused" | "pause_refused" | "resumed" | "was_not_paused")
  }
>

function describeChange(outcome: Change, { desk }: Wording): string {
  switch (outcome.kind) {
    case "adjusted":
      return join(
        outcome.amount > 0
          ? `${formatRupiah(outcome.amount)} added to the balance of ${named(outcome.person)} ✅`
          : `${formatRupiah(rupiah(-outcome.amount))} taken from the balance of ${named(outcome.person)} ✅`,
        `The balance is ${formatRupiah(outcome.balance)} now. The customer is told.`,
      )
    case "balance_short":
      return join(
        `The balance of ${named(outcome.person)} is only ${formatRupiah(outcome.balance)}.`,
        `${formatRupiah(rupiah(-outcome.amount))} can't be taken. Nothing was changed.`,
      )
    case "blocked":
      return join(
        `${named(outcome.person)} is blocked ✅`,
        outcome.orderCode !== null &&
          `Their order ${outcome.orderCode} is cancelled, and its goods are for sale again.`,
        `To undo it: ${desk("unblock")} ${addressOf(outcome.person)}`,
      )
    case "blocked_before":
      return `${named(outcome.person)} is blocked already.`
    case "unblocked":
      return `${named(outcome.person)} is not blocked any more ✅`
    case "was_not_blocked":
      return `${named(outcome.person)} is not blocked.`
    case "block_refused":
      return refusals[outcome.why]
    case "role_changed":
      return join(
        `${named(outcome.person)} has the role ${roleNames[outcome.role]} now ✅`,
        outcome.role === "admin" && `The menu for admins: ${desk("admin")}`,
        outcome.role === "reseller" && "Reseller prices count from the next purchase on.",
      )
    case "role_same":
      return `${named(outcome.person)} has the role ${roleNames[outcome.role]} already.`
    case "role_refused":
      return "An owner's role can't be changed here: OWNER_NUMBERS names the owners."
  }
}

const refusals: Readonly<Record<Described<"block_refused">["why"], string>> = {
  self: "You can't block yourself.",
  owner: "An owner can't be blocked: OWNER_NUMBERS names the owners.",
  admin: "Only an owner can block or unblock an admin.",
}

function queueOf({ chats, hasMore }: Described<"queue">, { desk, time }: Wording): string {
  if (chats.length === 0) return "Nobody waits for a person. The bot answers in every chat."
  return join(
    "*Chats in a person's hands*",
    ...chats.map((chat) =>
      chat.waitsSince
        ? `${named(chat)}: waiting since ${time(chat.waitsSince)}`
        : `${named(chat)}: the bot is silent until ${time(chat.quietUntil)}`,
    ),
    hasMore && "… and there are more",
    `To have the bot answer again: ${desk("resume")} NUMBER`,
  )
}

function teamOf({ people }: Described<"team">, { desk }: Wording): string {
  return join(
    "*The shop's team*",
    ...people.map(
      (person) => `${named(person)}: ${roleNames[person.role]}${person.isBlocked ? ", blocked" : ""}`,
    ),
    `An owner adds an admin: ${desk("role")} NUMBER admin`,
  )
}

function cardOf({ card }: Described<"card">, { time }: Wording): string {
  const { orders, unpaid } = card
  return join(
    `*${oneLine(card.name, 40) || "Without a name"}* (${addressOf(card)})`,
    `Balance: ${formatRupiah(card.balance)}`,
    `Role: ${roleNames[card.role]}`,
    `Language: ${card.language === "id" ? "Indonesian" : "English"}`,
    `Paid orders: ${orders.count}, ${formatRupiah(orders.total)} in all`,
    unpaid && `Unpaid: ${unpaid.orderCode}, ${formatRupiah(unpaid.total)}, until ${time(unpaid.expiresAt)}`,
    card.blockedAt && `Blocked since ${time(card.blockedAt)}`,
    card.waitsSince && `Waiting for a person since ${time(card.waitsSince)}`,
    card.quietUntil && `The bot is silent in their chat until ${time(card.quietUntil)}`,
    card.lastSeenAt ? `Last wrote: ${time(card.lastSeenAt)}` : "Has not written in the last 30 days",
    `Customer since ${time(card.knownSince)}`,
    chatLink(card) && `Their chat: ${chatLink(card)}`,
  )
}
