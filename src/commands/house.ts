import { textsFor } from "../conversation/texts/texts-for.ts"
import type { Statements } from "../database/connect.ts"
import type { Foundation } from "../foundation.ts"
import { announceChange } from "../shop/change-house.ts"

/** What is said of settings and texts here is what an owner hears in the chat, with the shell's commands. */
export const speak = () => textsFor("en", { prefix: "lapak " })

/** Changes something in one transaction, and tells the running shops once it is committed. */
export async function changeHouse<Result>(
  { database, log }: Foundation,
  work: (statements: Statements) => Promise<Result>,
): Promise<Result> {
  const kept = await database.ask("change_house", () =>
    database.sql.begin(async (statements) => ({ result: await work(statements) })),
  )
  await announceChange({ database, log })
  return kept.result
}
