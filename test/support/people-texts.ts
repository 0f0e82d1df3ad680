import type { MenuRoom } from "../../src/conversation/desk/menu.ts"
import type { PeopleCommand, PeopleProblem } from "../../src/conversation/desk/people.ts"
import type { DeskMenuTexts } from "../../src/conversation/texts/desk-menu-texts.ts"
import type {
  PeopleDeskTexts,
  PeopleOutcome,
  PeoplePreview,
} from "../../src/conversation/texts/people-desk-texts.ts"
import type { Texts } from "../../src/conversation/texts/texts.ts"
import type { UserId } from "../../src/shop/ids.ts"
import { type Rupiah, rupiah } from "../../src/shop/money.ts"

type Data = Readonly<{
  word: string
  maybeWord: string | undefined
  amount: Rupiah
  count: number
  date: Date
  maybeDate: Date | undefined
  isDemo: boolean
}>

export const commands: readonly PeopleCommand[] = [
  ...(["pause", "resume", "queue", "customer", "credit"] as const),
  ...(["debit", "block", "unblock", "role", "team"] as const),
]
export const problems: readonly PeopleProblem["kind"][] = [
  ...(["missing_number", "number_unreadable", "number_unclear", "missing_amount"] as const),
  ...(["amount_not_a_number", "missing_reason", "reason_too_long", "hours_invalid"] as const),
  ...(["role_unknown", "too_many_words"] as const),
]
const rooms: readonly MenuRoom[] = [
  ...(["catalogue", "orders", "money", "people", "vouchers", "broadcast", "house"] as const),
]
const roles = ["customer", "reseller", "admin"] as const

/** Calls of the texts about people and of the operator's menu, each with everything it may be given. */
export const peopleCalls: {
  [Name in keyof PeopleDeskTexts | keyof DeskMenuTexts]: (texts: Texts, data: Data) => string
} = {
  peopleHelp: (texts) => texts.peopleHelp(),
  peopleProblem: (texts) =>
    commands
      .flatMap((command) =>
        problems.map((kind) => texts.peopleProblem({ command, problem: { room: "people", kind } })),
      )
      .join("\n"),
  peoplePreview: (texts, data) => previews(data).map(texts.peoplePreview).join("\n"),
  peopleOutcome: (texts, data) => outcomes(data).map(texts.peopleOutcome).join("\n"),
  personComes: (texts, { date }) => texts.personComes({ until: date }),
  personNowhere: (texts) => texts.personNowhere(),
  botAnswers: (texts) => texts.botAnswers(),
  personIsYou: (texts) => texts.personIsYou(),
  personWanted: (texts, { word, maybeWord, date }) =>
    texts.personWanted({
      customerName: word,
      number: maybeWord ? "6281234567890" : null,
      lid: "700000001@lid",
      since: date.toISOString(),
    }),
  balanceAdjusted: (texts, { amount }) => texts.balanceAdjusted({ amount, balance: amount }),
  deskMenu: (texts) => texts.deskMenu({ rooms }),
  deskRoom: (texts, { word }) => rooms.map((room) => texts.deskRoom({ room, lines: `.${word}` })).join("\n"),
  deskMenuRange: (texts, { count }) => texts.deskMenuRange({ rooms: count }),
  deskMeant: (texts, { word }) =>
    [texts.deskMeant({ kind: "slip", word }), texts.deskMeant({ kind: "owners", word })].join("\n"),
  deskMenuClosed: (texts) => texts.deskMenuClosed(),
  linesBelow: (texts) => texts.linesBelow({ command: "kredit" }),
  deskHint: (texts) => texts.deskHint(),
}

function personOf({ word, maybeWord, isDemo }: Data) {
  const number = maybeWord ? "6281234567890" : null
  const userId = 1 as UserId
  return { userId, name: word, number, lid: "700000001@lid", role: "admin" as const, isBlocked: isDemo }
}

function previews(data: Data): readonly PeoplePreview[] {
  const { amount, word, maybeWord } = data
  const person = personOf(data)
  return [
    { kind: "adjust", person, amount, balance: rupiah(0), reason: word },
    { kind: "block", person, reason: word, orderCode: maybeWord },
    { kind: "unblock", person },
    ...roles.map((role) => ({ kind: "role", person, before: "customer", role }) as const),
  ]
}

function outcomes(data: Data): readonly PeopleOutcome[] {
  const { amount, word, maybeWord, count, date, maybeDate, isDemo } = data
  const person = personOf(data)
  const card = {
    ...person,
    language: isDemo ? ("id" as const) : ("en" as const),
    balance: amount,
    blockedAt: maybeDate,
    quietUntil: maybeDate,
    waitsSince: maybeDate,
    knownSince: date,
    lastSeenAt: maybeDate,
    orders: { count, total: amount },
    unpaid: maybeWord ? { orderCode: maybeWord, total: amount, expiresAt: date } : undefined,
  }
  const chats = isDemo ? [{ ...person, quietUntil: date, waitsSince: maybeDate }] : []
  return [
    { kind: "nobody" },
    { kind: "several", people: [person], hasMore: isDemo },
    { kind: "paused", person, until: date },
    { kind: "queue", chats, hasMore: isDemo },
    { kind: "card", card },
    { kind: "blocked", person, orderCode: maybeWord ?? null },
    ...(["adjusted", "balance_short"] as const).map((kind) => ({ kind, person, amount, balance: amount })),
    ...(["pause_refused", "resumed", "was_not_paused", "blocked_before"] as const).map((kind) => ({
      kind,
      person,
    })),
    ...(["unblocked", "was_not_blocked"] as const).map((kind) => ({ kind, person })),
    ...(["self", "owner", "admin"] as const).map((why) => ({ kind: "block_refused", why }) as const),
    ...roles.map((role) => ({ kind: "role_changed", person, role }) as const),
    ...roles.map((role) => ({ kind: "role_same", person, role }) as const),
    { kind: "role_refused" },
    { kind: "team", people: [{ ...person, name: word }] },
  ]
}
