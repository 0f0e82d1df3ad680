import * as v from "valibot"
import type { PeopleOutcome } from "../conversation/texts/people-desk-texts.ts"
import type { Statements } from "../database/connect.ts"
import { readCustomerCard } from "../database/people.ts"
import { blockCustomer, unblockCustomer } from "../shop/block-customer.ts"
import { changeRole } from "../shop/change-role.ts"
import { findCustomer, type Person } from "../shop/find-customer.ts"
import { giveBack } from "../shop/request-charge.ts"
import type { Shop } from "../shop/shop.ts"
import { CommandError, type CommandLine, type ExitCode } from "./command-line.ts"
import { withDesk } from "./desk.ts"
import { parse, reasonSchema } from "./parse.ts"
import { shellWords } from "./shell-words.ts"

const actor = "shell"
const roleSchema = v.picklist(["customer", "reseller", "admin"], "must be customer, reseller or admin")

/** What was done, and the chat's own words for what came of it, with the shell's commands in them. */
type Outcome<Done> = Readonly<{ done: Done; wordsOf: (outcome: PeopleOutcome) => string }>

/** `lapak customers show NUMBER` */
export async function showCustomerCommand(line: CommandLine, who: string): Promise<ExitCode> {
  const { done: card, wordsOf } = await atDesk(line, who, (statements, { userId }) =>
    readCustomerCard(statements, userId),
  )
  if (!card) throw new CommandError("That customer is gone.")
  line.print(wordsOf({ kind: "card", card }))
  return 0
}

/** `lapak customers block NUMBER --reason TEXT`. Idempotent. */
export async function blockCustomerCommand(
  line: CommandLine,
  given: { who: string; reason: string },
): Promise<ExitCode> {
  const reason = parse("--reason", reasonSchema, given.reason)
  const { done: outcome, wordsOf } = await atDesk(
    line,
    given.who,
    async (statements, person) => {
      const { userId } = person
      return { person, ...(await blockCustomer(statements, { userId, byOwner: true, actor, reason })) }
    },
    async (shop, done) => {
      if (done.kind === "blocked") await giveBack(shop, done.goods)
    },
  )
  if (outcome.kind === "protected") throw new CommandError(wordsOf({ kind: "block_refused", why: "owner" }))
  line.print(wordsOf(outcome))
  return 0
}

/** `lapak customers unblock NUMBER`. Idempotent. */
export async function unblockCustomerCommand(line: CommandLine, who: string): Promise<ExitCode> {
  const { done: outcome, wordsOf } = await atDesk(line, who, async (statements, person) => {
    const isUnblocked = await unblockCustomer(statements, { userId: person.userId, actor })
    return { kind: isUnblocked ? "unblocked" : "was_not_blocked", person } as const
  })
  line.print(wordsOf(outcome))
  return 0
}

/** `lapak customers role NUMBER customer|reseller|admin`. Idempotent. */
export async function customerRoleCommand(
  line: CommandLine,
  given: { who: string; role: string },
): Promise<ExitCode> {
  const role = parse("ROLE", roleSchema, given.role)
  const { done: outcome, wordsOf } = await atDesk(line, given.who, async (statements, person) => {
    const { userId } = person
    return { person, ...(await changeRole(statements, { userId, role, actor })) }
  })
  if (outcome.kind === "owner") throw new CommandError(wordsOf({ kind: "role_refused" }))
  const { person } = outcome
  line.print(
    outcome.kind === "same"
      ? wordsOf({ kind: "role_same", person, role })
      : `${person.number ?? person.lid} has the role ${role} now.`,
  )
  return 0
}

/** Does something about a customer in one transaction, and what follows once that is committed. */
async function atDesk<Done>(
  line: CommandLine,
  who: string,
  work: (statements: Statements, person: Person) => Promise<Done>,
  afterwards: (shop: Shop, done: Done) => Promise<void> = async () => undefined,
): Promise<Outcome<Done>> {
  return await withDesk(line, async (shop) => {
    const { database } = shop
    const say = await shellWords(database, "lapak customers ")
    const wordsOf = (outcome: PeopleOutcome) => say.peopleOutcome(outcome)
    const { done } = await database.ask("customers_command", () =>
      database.sql.begin(async (statements) => {
        const found = await findCustomer(statements, who.replace(/[\s().-]/g, ""))
        if (found.kind !== "found") throw new CommandError(wordsOf(found))
        return { done: await work(statements, found.person) }
      }),
    )
    await afterwards(shop, done)
    return { done, wordsOf }
  })
}
