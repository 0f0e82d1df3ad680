import { open, rename, rm, stat } from "node:fs/promises"
import { type DayRange, readLedger, readTrialBalance, type TrialBalance } from "../database/ledger.ts"
import { formatRupiah, type Rupiah, rupiah } from "../shop/money.ts"
import { CommandError, type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"
import { csvHeader, csvLine } from "./ledger-csv.ts"
import { table } from "./table.ts"

/** Takes text; false when nobody reads it any more. */
type Write = (text: string) => Promise<boolean>

type Exported = {
  entries: number
  debits: Rupiah
  credits: Rupiah
  ended: "whole" | "unread" | "interrupted"
}

/** `lapak ledger balance`: the trial balance; ends with 1 when it does not balance. */
export async function ledgerBalanceCommand(line: CommandLine): Promise<ExitCode> {
  return await withFoundation<ExitCode>(line, async ({ database }) => {
    const trial = await readTrialBalance(database)
    for (const text of asTable(trial)) line.print(text)
    const owed = owedBy(trial)
    const balances = trial.debits === trial.credits
    line.print("")
    line.print(
      balances
        ? "✓ debits equal credits"
        : `✗ debits and credits are ${formatRupiah(rupiah(trial.credits - trial.debits))} apart`,
    )
    line.print(
      owed === trial.owedToCustomers
        ? `✓ customers are owed their balances, ${formatRupiah(owed)}`
        : `✗ customers are owed ${formatRupiah(owed)}, and their balances are ${formatRupiah(trial.owedToCustomers)}`,
    )
    return balances && owed === trial.owedToCustomers ? 0 : 1
  })
}

/** `lapak ledger export --from DAY --to DAY [--output FILE]`: every entry of these days, as CSV. */
export async function ledgerExportCommand(
  line: CommandLine,
  given: { from: string; to: string; output?: string },
): Promise<ExitCode> {
  const range = { from: dayOf("--from", given.from), to: dayOf("--to", given.to) }
  if (range.from > range.to) throw new CommandError("--from is after --to: no day is in between.", 2)
  const { output } = given
  if (output !== undefined) return await exportToFile(line, range, output)
  const { ended } = await exportLines(line, range, line.write)
  return ended === "interrupted" ? 1 : 0
}

/** A file is there whole or, when anything fails, as it was before. */
async function exportToFile(line: CommandLine, range: DayRange, path: string): Promise<ExitCode> {
  await requireFilePlace(path)
  const unfinished = `${path}.unfinished`
  try {
    // It names customers: nobody else on the machine needs to read it.
    const file = await open(unfinished, "w", 0o600)
    const exported = await exportLines(line, range, async (text) => {
      await file.appendFile(text)
      return true
    }).finally(() => file.close())
    if (exported.ended !== "whole") {
      line.complain("Interrupted: nothing was exported.")
      return 1
    }
    await rename(unfinished, path)
    const entries = exported.entries === 1 ? "1 entry" : `${exported.entries} entries`
    line.print(`${entries}, debits and credits ${formatRupiah(exported.debits)} each, written to ${path}`)
    return 0
  } catch (error) {
    throw fileError(path, error) ?? error
  } finally {
    await rm(unfinished, { force: true })
  }
}

async function exportLines(line: CommandLine, range: DayRange, write: Write): Promise<Exported> {
  return await withFoundation(line, async ({ database }) => {
    const exported: Exported = { entries: 0, debits: rupiah(0), credits: rupiah(0), ended: "whole" }
    if (!(await write(csvHeader))) return { ...exported, ended: "unread" as const }
    await readLedger(database, range, async (lines) => {
      for (const { debit, credit } of lines) {
        exported.debits = rupiah(exported.debits + debit)
        exported.credits = rupiah(exported.credits + credit)
      }
      exported.entries += lines.length
      if (!(await write(lines.map(csvLine).join("")))) exported.ended = "unread"
      if (line.interrupted.aborted) exported.ended = "interrupted"
      return exported.ended === "whole"
    })
    if (exported.ended === "whole" && exported.debits !== exported.credits)
      throw new CommandError("Debits and credits of these days differ. See what is broken:\n  lapak audit")
    return exported
  })
}

function asTable({ accounts, debits, credits }: TrialBalance): string[] {
  const rows = [
    ["account", "debits", "credits", "balance"],
    ...accounts.map((one) => [
      one.account,
      formatRupiah(one.debits),
      formatRupiah(one.credits),
      formatRupiah(one.balance),
    ]),
    ["sum", formatRupiah(debits), formatRupiah(credits), formatRupiah(rupiah(credits - debits))],
  ]
  return table(rows)
}

function owedBy({ accounts }: TrialBalance): Rupiah {
  return accounts.find(({ account }) => account === "customer")?.balance ?? rupiah(0)
}

function dayOf(option: string, text: string): string {
  const day = /^2\d{3}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  if (day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)) return text
  throw new CommandError(`${option} takes a day as YYYY-MM-DD, such as 2026-01-31.`, 2)
}

async function requireFilePlace(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  if (there && !there.isFile()) throw new CommandError(`--output ${path} is not a file.`, 2)
}

/** What can be said of a file that could not be written; undefined for every other error. */
function fileError(path: string, error: unknown): CommandError | undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  const reasons = new Map([
    ["ENOENT", "its folder is not there"],
    ["ENOTDIR", "its folder is not a folder"],
    ["EISDIR", "it is a folder"],
    ["EACCES", "you may not write there"],
    ["EPERM", "you may not write there"],
    ["EROFS", "nothing can be written there"],
    ["ENOSPC", "the disk is full"],
  ])
  const reason = error instanceof Error && "syscall" in error ? reasons.get(code) : undefined
  return reason === undefined ? undefined : new CommandError(`${path} could not be written: ${reason}.`)
}
