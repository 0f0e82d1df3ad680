import type { Command } from "commander"
import * as v from "valibot"
import { readStats } from "../database/stats.ts"
import { type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"
import { parse } from "./parse.ts"
import { example, type Run } from "./registration.ts"
import { statsReport } from "./stats-report.ts"

const daysSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9]{1,4}$/, "must be a number of days, such as 30"),
  v.transform(Number),
  v.minValue(1, "must be at least 1, which is today"),
  v.maxValue(3_660, "must be at most 3660, which is ten years"),
)

const statsHelp = `
Days and hours are the shop's own. The views stats_conversion, stats_busiest_hours, stats_revenue_by_day,
stats_revenue_by_product, stats_repeat_customers and stats_error_rate in its database have all there is.
`

/** `lapak stats` */
export function addStatsCommand(program: Command, line: CommandLine, run: Run): void {
  const stats = program
    .command("stats")
    .description("how the shop does: people, purchases, revenue, busiest hours, errors")
    .option("--days <days>", "so many days, today included", "7")
    .option("--json", "print one JSON object", false)
    .addHelpText("after", `${statsHelp}${example("lapak stats", "lapak stats --days 30 --json")}`)
  stats.action(run(() => statsCommand(line, stats.opts<{ days: string; json: boolean }>())))
}

/** `lapak stats [--days N] [--json]` */
async function statsCommand(line: CommandLine, given: { days: string; json: boolean }): Promise<ExitCode> {
  const days = parse("--days", daysSchema, given.days)
  return await withFoundation<ExitCode>(line, async ({ database }) => {
    const stats = await readStats(database, { days })
    if (given.json) line.print(JSON.stringify(stats))
    else for (const text of statsReport(stats)) line.print(text)
    return 0
  })
}
