import type { Database } from "./connect.ts"

const idsARound = 10_000
const roundsMax = 20

/**
 * Counts what was sold and which messages came, since it was counted last: each once, however many processes
 * do it. What is still being written when it begins is left to a later call; a call does a bounded part.
 */
export async function countFigures(database: Database): Promise<void> {
  const { sql } = database
  for (let round = 0; round < roundsMax; round += 1) {
    // Apart from the counting: the mark has to be there before whatever counts up to it looks.
    await database.ask("mark_countable", () => sql`select mark_countable()`)
    const rows = await database.ask(
      "count_marked",
      () => sql<{ ids: number }[]>`select count_marked(${idsARound}) as ids`,
    )
    if (!rows[0]?.ids) return
  }
}
