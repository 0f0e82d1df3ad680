import type { Statements } from "../database/connect.ts"
import { findPeopleByEnd, findPerson, type Person } from "../database/people.ts"
import { readPhoneNumber } from "./phone-number.ts"

export type { CustomerCard, Person, QuietChat } from "../database/people.ts"

export type FoundCustomer =
  | Readonly<{ kind: "found"; person: Person }>
  /** Whose number ends so; the newest of them. */
  | Readonly<{ kind: "several"; people: readonly Person[]; hasMore: boolean }>
  | Readonly<{ kind: "nobody" }>

/** As many as are read well on a phone. */
const listedMax = 5

/**
 * The customer an operator names by a number as people write it, by a LID, or by at least four digits of the
 * end of either when only one fits.
 */
export async function findCustomer(statements: Statements, who: string): Promise<FoundCustomer> {
  const read = readPhoneNumber(who)
  const exact = await findPerson(statements, "number" in read ? read.number : who)
  if (exact) return { kind: "found", person: exact }
  const isWhole = /^(?:\+|0[0-9]{9}|62[0-9]{9})/.test(who)
  const digits = who.replace("@lid", "")
  if (isWhole || !/^[0-9]{4,20}$/.test(digits)) return { kind: "nobody" }
  const people = await findPeopleByEnd(statements, digits, listedMax + 1)
  const [person, ...others] = people
  if (!person) return { kind: "nobody" }
  if (others.length === 0) return { kind: "found", person }
  return { kind: "several", people: people.slice(0, listedMax), hasMore: people.length > listedMax }
}
