import type { PeopleAsked, PeopleCommand, PeopleProblem } from "../../conversation/desk/people.ts"
import type { PeopleOutcome } from "../../conversation/texts/people-desk-texts.ts"
import {
  type CustomerCard,
  listQuietChats,
  listTeam,
  type Person,
  readCustomerCard,
} from "../../database/people.ts"
import type { WorkedReply } from "../../shop/answer-within.ts"
import { findCustomer } from "../../shop/find-customer.ts"
import type { Desk, DeskRoom, Preview } from "./desk-room.ts"
import { changePeople, refusalOf } from "./people-changes.ts"

/** What is read well on a phone. */
const listedMax = 15

/** Customers, their chats, balances and roles. Money, blocking and roles are asked about first. */
export const peopleDesk: DeskRoom<PeopleAsked, PeopleProblem> = {
  explain: (command, problem, say) => say.peopleProblem({ command: command as PeopleCommand, problem }),

  preview: async (desk, asked) => {
    if (!isDangerous(asked)) return { kind: "go" }
    const { say } = desk
    const found = await find(desk, asked.who)
    if ("kind" in found) return { kind: "refuse", text: say.peopleOutcome(found) }
    return await previewOf(desk, asked, found.person)
  },

  act: async (desk, asked): Promise<WorkedReply> => {
    const { say, statements } = desk
    if (asked.kind === "team")
      return { text: say.peopleOutcome({ kind: "team", people: await listTeam(statements) }) }
    if (asked.kind === "queue") {
      const chats = await listQuietChats(statements, listedMax + 1)
      const shown = { chats: chats.slice(0, listedMax), hasMore: chats.length > listedMax }
      return { text: say.peopleOutcome({ kind: "queue", ...shown }) }
    }
    const found = await find(desk, asked.who)
    if ("kind" in found) return { text: say.peopleOutcome(found) }
    if (asked.kind === "show") {
      const card = await cardOf(desk, found.person)
      return { text: say.peopleOutcome({ kind: "card", card }) }
    }
    const { outcome, afterwards } = await changePeople(desk, asked, found.person)
    return { text: say.peopleOutcome(outcome), afterwards }
  },
}

type Dangerous = Extract<PeopleAsked, { kind: "adjust" | "block" | "unblock" | "role" }>

function isDangerous(asked: PeopleAsked): asked is Dangerous {
  return ["adjust", "block", "unblock", "role"].includes(asked.kind)
}

async function find(desk: Desk, who: string): Promise<{ person: Person } | PeopleOutcome> {
  const found = await findCustomer(desk.statements, who)
  return found.kind === "found" ? { person: found.person } : found
}

async function cardOf({ statements }: Desk, { userId }: Person): Promise<CustomerCard> {
  const card = await readCustomerCard(statements, userId)
  if (!card) throw new Error("a customer who was just found is gone")
  return card
}

/** Why it can't be done is said before anything is asked. */
async function previewOf(desk: Desk, asked: Dangerous, person: Person): Promise<Preview> {
  const { say } = desk
  const refuse = (outcome: PeopleOutcome): Preview => ({ kind: "refuse", text: say.peopleOutcome(outcome) })
  const refused = refusalOf(desk, asked, person)
  if (refused) return refuse(refused)
  const ask = (preview: Parameters<typeof say.peoplePreview>[0]) => {
    return { kind: "ask", text: say.peoplePreview(preview) } as const
  }
  switch (asked.kind) {
    case "adjust": {
      const { balance } = await cardOf(desk, person)
      const { amount, reason } = asked
      if (balance + amount < 0) return refuse({ kind: "balance_short", person, amount, balance })
      // The same whatever the balance is by then: a customer may be buying all the while.
      const meant = JSON.stringify([person.userId, amount, reason])
      return { ...ask({ kind: "adjust", person, amount, balance, reason }), meant }
    }
    case "block": {
      const { unpaid } = await cardOf(desk, person)
      return ask({ kind: "block", person, reason: asked.reason, orderCode: unpaid?.orderCode })
    }
    case "unblock":
      return ask({ kind: "unblock", person })
    case "role":
      return ask({ kind: "role", person, before: person.role, role: asked.role })
  }
}
