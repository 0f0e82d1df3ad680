/**
 * Rows of cells under each other: the first column to the left, figures to the right. What is in the first
 * column is cut where the lines would be longer than `charactersMax`.
 */
export function table(
  rows: readonly (readonly string[])[],
  { charactersMax = Number.POSITIVE_INFINITY }: { charactersMax?: number } = {},
): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const others = widths.slice(1).reduce((sum, width) => sum + gap.length + width, 0)
  const first = Math.min(widths[0] ?? 0, Math.max(firstMin, charactersMax - others))
  return rows.map(([name = "", ...figures]) =>
    [
      (name.length > first ? `${name.slice(0, first - 1)}…` : name).padEnd(first),
      ...figures.map((text, column) => text.padStart(widths[column + 1] ?? 0)),
    ].join(gap),
  )
}

const gap = "  "
const firstMin = 8
