import type { CustomerCard, Person, QuietChat } from "../../shop/find-customer.ts"
import type { Rupiah } from "../../shop/money.ts"
import type { GivenRole, PeopleCommand, PeopleProblem } from "../desk/people.ts"
import { oneLine } from "./wording.ts"

/** Somebody as an operator is told of them. */
export type NamedPerson = Pick<Person, "name" | "number" | "lid">

/** What is to be confirmed before it is done. */
export type PeoplePreview =
  | Readonly<{ kind: "adjust"; person: NamedPerson; amount: Rupiah; balance: Rupiah; reason: string }>
  | Readonly<{
      kind: "block"
      person: NamedPerson
      reason: string
      /** An unpaid order, which ends. */
      orderCode: string | undefined
    }>
  | Readonly<{ kind: "unblock"; person: NamedPerson }>
  | Readonly<{ kind: "role"; person: NamedPerson; before: Person["role"]; role: GivenRole }>

/** What became of a command about people, or why nothing did. */
export type PeopleOutcome =
  | Readonly<{ kind: "nobody" }>
  | Readonly<{ kind: "several"; people: readonly NamedPerson[]; hasMore: boolean }>
  | Readonly<{ kind: "paused"; person: NamedPerson; until: Date }>
  /** Silence in the chat of an operator would shut them out of their own commands. */
  | Readonly<{ kind: "pause_refused"; person: NamedPerson }>
  | Readonly<{ kind: "resumed" | "was_not_paused"; person: NamedPerson }>
  | Readonly<{ kind: "queue"; chats: readonly QuietChat[]; hasMore: boolean }>
  | Readonly<{ kind: "card"; card: CustomerCard }>
  | Readonly<{ kind: "adjusted"; person: NamedPerson; amount: Rupiah; balance: Rupiah }>
  | Readonly<{ kind: "balance_short"; person: NamedPerson; amount: Rupiah; balance: Rupiah }>
  | Readonly<{ kind: "blocked"; person: NamedPerson; orderCode: string | null }>
  | Readonly<{ kind: "blocked_before" | "unblocked" | "was_not_blocked"; person: NamedPerson }>
  | Readonly<{ kind: "block_refused"; why: "self" | "owner" | "admin" }>
  | Readonly<{ kind: "role_changed" | "role_same"; person: NamedPerson; role: GivenRole }>
  | Readonly<{ kind: "role_refused" }>
  | Readonly<{ kind: "team"; people: readonly Person[] }>

/** Who asked for a person. */
export type PersonWanted = Omit<NamedPerson, "name"> & Readonly<{ customerName: string; since: string }>

/** Said about people: to operators in a chat and at the shell, and to a customer who is handed over. */
export interface PeopleDeskTexts {
  /** What the room can do, a line each, which begins with its command. */
  peopleHelp(): string
  /** Why a command could not be read, with an example of it. */
  peopleProblem(refusal: Readonly<{ command: PeopleCommand; problem: PeopleProblem }>): string
  peoplePreview(preview: PeoplePreview): string
  peopleOutcome(outcome: PeopleOutcome): string
  /** To a customer: a person answers, and until when the shop is silent. */
  personComes(handover: Readonly<{ until: Date }>): string
  /** To a customer who asks for a person in a shop that has none: nothing changes. */
  personNowhere(): string
  /** To a customer: the shop answers again, as an operator or they themselves wished. */
  botAnswers(): string
  /** To an operator who asks for a person. */
  personIsYou(): string
  /** To the operators. */
  personWanted(wanted: PersonWanted): string
  /** To a customer: above zero it was added. */
  balanceAdjusted(adjustment: Readonly<{ amount: Rupiah; balance: Rupiah }>): string
}

/** How an operator names this customer in a command. */
export function addressOf({ number, lid }: Omit<NamedPerson, "name">): string {
  return number ?? lid ?? "?"
}

/** Opens the chat with this customer on a phone; undefined while their number is not known. */
export function chatLink({ number }: Pick<NamedPerson, "number">): string | undefined {
  return number === null ? undefined : `https://wa.me/${number}`
}

/** A customer's name in one line, with their number. */
export function named(person: NamedPerson): string {
  const name = oneLine(person.name, 40)
  return name === "" ? addressOf(person) : `${name} (${addressOf(person)})`
}
