import { houseTexts } from "../../src/conversation/texts/house-texts.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { writeWords } from "../../src/conversation/write-words.ts"
import { acceptMessages, claimNextOfUser } from "../../src/database/inbox.ts"
import type { Envelope } from "../../src/database/outbox.ts"
import { createMessageHandler } from "../../src/inbox/handle-message.ts"
import { createHouse } from "../../src/shop/house.ts"
import type { UserId } from "../../src/shop/ids.ts"
import { openDesk } from "./desk.ts"
import { newCustomer, openTables, someProcess } from "./selling.ts"

/** Where they write: the gateway's customers have their number for an address. */
const channel = "gateway"

/**
 * A shop's tables with everything that answers a message, in this very process: what an operator or a
 * customer says is handled as it would be, and nothing is sent.
 */
export async function openTeamChat() {
  const tables = await openTables()
  const { database, sql, newName } = tables
  const desk = await openDesk(tables)
  const texts = { id: textsFor("id"), en: textsFor("en") }
  const handle = createMessageHandler({
    shop: desk.shop,
    house: createHouse({ database, log: desk.shop.log, write: houseTexts }),
    payUrl: () => undefined,
    newReference: () => "R-1",
    noteError: async () => undefined,
    onHandled: () => undefined,
  })

  async function accept(number: string, text: string) {
    const id = newName()
    const [accepted] = await acceptMessages(database, someProcess, [{ channel, id, from: number, text }])
    if (accepted?.kind !== "working") throw new Error(`the message was ${accepted?.kind}`)
    return { id, message: accepted.message }
  }

  /** What was answered to a message; undefined when the shop was silent. */
  async function replyTo(id: string): Promise<string | undefined> {
    const [row] = await sql<{ text: string }[]>`select text from outbox where in_reply_to = ${id}`
    return row?.text
  }

  /** Somebody says something; returns the shop's answer. */
  async function ask(number: string, text: string): Promise<string | undefined> {
    const { id, message } = await accept(number, text)
    await handle(message)
    return await replyTo(id)
  }

  const idOf = async (number: string) => {
    const [user] = await sql<{ id: UserId }[]>`select id from users where number = ${number}`
    if (!user) throw new Error("no such customer")
    return user.id
  }

  return {
    ...desk,
    tables,
    sql,
    database,
    accept,
    handle,
    replyTo,
    ask,
    /** Says a command that is asked about, and agrees. */
    confirm: async (number: string, text: string) => {
      const question = await ask(number, text)
      return { question, answer: await ask(number, "ya") }
    },
    idOf,
    /** A new customer of this role, who has written before. */
    join: async (role: "customer" | "reseller" | "admin" | "owner" = "customer", balance = 0) => {
      const number = await newCustomer(tables, balance)
      await sql`update users set role = ${role}, last_channel = ${channel} where number = ${number}`
      return number
    },
    /** What was promised to somebody beside replies, as it will read; the oldest first. */
    told: async (number: string): Promise<readonly string[]> => {
      const rows = await sql<Pick<Envelope, "kind" | "text" | "data" | "language" | "channel">[]>`
        select kind, text, data, coalesce(language, 'id') as language, channel
          from outbox
         where user_id = ${await idOf(number)}
           and in_reply_to is null
         order by id
      `
      const parts = { texts, payUrl: () => undefined, isDemoShop: false }
      return rows.map((row) => writeWords(row, [], parts).text)
    },
    /** What the record says of somebody, the oldest first. */
    record: async (number: string): Promise<readonly Record<"actor" | "action" | "details", unknown>[]> => {
      return await sql<Record<"actor" | "action" | "details", unknown>[]>`
        select actor, action, details
          from audit_log
         where subject = ${`user:${await idOf(number)}`}
           and actor <> 'test'
         order by id
      `
    },
    /** Claims whatever a customer wrote meanwhile. */
    next: (userId: UserId) => claimNextOfUser(database, someProcess, userId),
    close: async () => {
      await desk.close()
      await tables.close()
    },
  }
}

export type TeamChat = Awaited<ReturnType<typeof openTeamChat>>
