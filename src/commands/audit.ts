import { type Audit, auditDatabase } from "../database/audit.ts"
import { formatRupiah } from "../shop/money.ts"
import { type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"

/** `lapak audit [--json]`: proves the books, and ends with 1 when something is broken. */
export async function auditCommand(line: CommandLine, given: { json: boolean }): Promise<ExitCode> {
  return await withFoundation<ExitCode>(line, async ({ database }) => {
    const audit = await auditDatabase(database)
    if (given.json) line.print(asJson(audit))
    else for (const text of asLines(audit)) line.print(text)
    return audit.ok ? 0 : 1
  })
}

function asJson({ ok, checks, totals }: Audit): string {
  const plain = checks.map(({ name, count, violations }) => ({ name, count, violations }))
  return JSON.stringify({ ok, checks: plain, totals })
}

function asLines({ ok, checks, totals }: Audit): string[] {
  const lines = checks.map(({ promise, count, violations }) => {
    return violations === 0
      ? `✓ ${promise} (${count})`
      : `✗ ${promise}: broken ${violations} times of ${count}`
  })
  const { units } = totals
  lines.push(
    "",
    `orders ${totals.orders}, revenue ${formatRupiah(totals.revenue)}`,
    `units ${units.available} available, ${units.held} held, ${units.sold} sold`,
    `customers ${totals.customers}, balances ${formatRupiah(totals.balances)}`,
    ...Object.entries(totals.clearing).map(([provider, amount]) => `at ${provider} ${formatRupiah(amount)}`),
    `refunds due ${formatRupiah(totals.refundsDue)}, losses ${formatRupiah(totals.losses)}`,
  )
  const look = (number: number, what: string) => {
    if (number > 0) lines.push(`! ${number} ${what}`)
  }
  look(totals.reviewsOpen, "things wait for a decision: lapak reviews")
  look(totals.messagesGivenUp, "messages given up: their channel did not take them")
  look(
    totals.abandonedClaims,
    "messages left behind by a process that is gone: the next start takes them over",
  )
  const broken = checks.filter(({ violations }) => violations > 0).length
  lines.push(
    "",
    ok
      ? `The books are right: ${checks.length} checks, none broken.`
      : `The books are broken: ${broken} of ${checks.length} checks.`,
  )
  return lines
}
