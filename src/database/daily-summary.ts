import type { Database } from "./connect.ts"

/** `written`: before, by whomever. `missed`: it is too late for it. `held`: not now, or nobody is there. */
export type SummaryOutcome = "told" | "nothing" | "written" | "held" | "missed"

/**
 * Promises the owners the summary of the day that ended at this hour of the shop's zone, once; see
 * `write_daily_summary` in sql/0026.
 */
export async function writeDailySummary(
  database: Database,
  given: { at: Date; zone: string; hour: number; lateHours: number; hold: boolean },
): Promise<SummaryOutcome> {
  const { sql } = database
  const rows = await database.ask(
    "write_daily_summary",
    () => sql<{ outcome: SummaryOutcome }[]>`
      select write_daily_summary(
        ${given.at}, ${given.zone}, ${given.hour}, ${given.lateHours}, ${given.hold}
      ) as outcome
    `,
  )
  return rows[0]?.outcome ?? "missed"
}
