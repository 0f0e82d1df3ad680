import { expect } from "bun:test"
import { createAnswering } from "../../src/database/answers.ts"
import { auditDatabase } from "../../src/database/audit.ts"
import type { ClaimedMessage } from "../../src/database/claimed-message.ts"
import { type AcceptedMessage, type Address, acceptMessages } from "../../src/database/inbox.ts"
import { markSent } from "../../src/database/outbox.ts"
import { auditBooks } from "./audit-books.ts"
import { openTables, order, someProcess } from "./selling.ts"

/** The channel whose customers have two addresses. */
export const channel = "whatsapp"

/**
 * Tables of their own for tests of the customers' addresses, and what these do: be written to, answer, sell
 * and look who is who. Closing them proves the books.
 */
export async function openHearing() {
  const tables = await openTables()
  const { database, sql } = tables

  async function hear(address: Address, on = channel): Promise<AcceptedMessage> {
    const [accepted] = await acceptMessages(database, someProcess, [
      { channel: on, id: tables.newName(), text: "hello", ...address },
    ])
    if (!accepted) throw new Error("the message was not accepted")
    return accepted
  }

  /** A message that is handled at once. */
  async function hearClaimed(address: Address, on = channel): Promise<ClaimedMessage> {
    const accepted = await hear(address, on)
    if (accepted.kind !== "working") throw new Error(`the message was ${accepted.kind}`)
    return accepted.message
  }

  const answer = (message: ClaimedMessage) =>
    createAnswering(database, () => [])(message, { text: `to ${message.messageId}` })

  return {
    tables,
    close: async () => {
      expect(await auditBooks(sql)).toEqual([])
      expect((await auditDatabase(database)).ok).toBe(true)
      await tables.close()
    },
    newLid: () => `7${tables.newName().slice(1).padStart(9, "0")}@lid`,
    newNumber: () => `62855${tables.newName().slice(1).padStart(6, "0")}`,
    hear,
    hearClaimed,
    answer,

    /** Hears and answers a message; returns who wrote it. */
    async talk(address: Address, on = channel) {
      const message = await hearClaimed(address, on)
      await answer(message)
      return message
    },

    /** Answers a message and sends the answer, so that nothing waits. */
    async hearAndSend(address: Address): Promise<void> {
      const message = await hearClaimed(address)
      const { promise } = await createAnswering(database, () => [channel])(message, { text: "yes" })
      await markSent(database, someProcess, [promise.id])
    },

    async give(userId: number, amount: number): Promise<void> {
      await sql`
        select book(
          ${tables.newName()}, 'adjustment', '', null, 'adjustment', null, 'customer', ${userId}, ${amount}
        )
      `
    },

    async buy(address: Address, productCode: string, method: "saldo" | "qris" = "saldo") {
      const message = await hearClaimed(address)
      const placed = await order(tables, message, { productCode, method })
      if (placed.kind === "awaiting_payment") await answer(message)
      return placed
    },

    /** Answers whatever is being handled of a customer. */
    async answerAll(userId: number): Promise<void> {
      const rows = await sql<{ id: number }[]>`
        select id from inbox where user_id = ${userId} and state = 'working'
      `
      for (const { id } of rows)
        await sql`select answer_message(${id}, ${someProcess}, '{}', 'yes', null, null)`
    },

    async ordersOf(userId: number): Promise<readonly string[]> {
      const rows = await sql<
        { code: string }[]
      >`select code from orders where user_id = ${userId} order by id`
      return rows.map(({ code }) => code)
    },

    async isUnited(from: number, into: number): Promise<boolean> {
      const rows = await sql`select from users where id = ${from} and united_into = ${into}`
      return rows.length === 1
    },
  }
}

export type Hearing = Awaited<ReturnType<typeof openHearing>>
