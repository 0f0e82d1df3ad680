/**
 * How many statements of each name the shop has made, since it started or since `before`, by its own metrics.
 */
export async function readStatements(
  port: number,
  before: Readonly<Record<string, number>> = {},
): Promise<Record<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const counts: Record<string, number> = {}
  for (const [, operation = "", count] of text.matchAll(
    /^lapak_postgres_query_duration_seconds_count\{.*operation="([a-z_]+)".*\} ([0-9]+)/gm,
  ))
    counts[operation] = Number(count) - (before[operation] ?? 0)
  return counts
}
