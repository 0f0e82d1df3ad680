import { expect, test } from "bun:test"
import { runProgram } from "../../src/commands/program.ts"

test.each([
  [["balance", "credit", "6281299900002", "1.5", "--reason", "x"], "AMOUNT"],
  [["balance", "credit", "6281299900002", "0", "--reason", "x"], "AMOUNT"],
  [["balance", "credit", "6281299900002", "1000000001", "--reason", "x"], "AMOUNT"],
  [["balance", "credit", "6281299900002", "-5", "--reason", "x"], "AMOUNT"],
  [["balance", "credit", "81299900002", "5", "--reason", "x"], "NUMBER"],
  [["balance", "credit", "6281299900002", "5", "--reason", "  "], "--reason must say why"],
  [["balance", "credit", "6281299900002", "5", "--reason", "x".repeat(201)], "--reason may have at most 200"],
  [["balance", "credit", "6281299900002", "5"], "--reason"],
  [["import", "catalog"], "missing required argument"],
  [["import", "stock", "A"], "missing required argument"],
  [["import"], "Usage: lapak import"],
  [["audit", "--yaml"], "unknown option"],
  [["ledger"], "Usage: lapak ledger"],
  [["ledger", "export", "--from", "2026-01-01"], "--to"],
  [["ledger", "export", "--from", "2026-02-30", "--to", "2026-03-01"], "--from takes a day as YYYY-MM-DD"],
  [["ledger", "export", "--from", "2026-01-01", "--to", "1.2.2026"], "--to takes a day as YYYY-MM-DD"],
  [["ledger", "export", "--from", "2026-02-02", "--to", "2026-02-01"], "--from is after --to"],
  [["customers", "role", "6281299900002", "owner"], "ROLE must be customer, reseller or admin"],
  [["customers", "block", "6281299900002"], "--reason"],
  [["nonsense"], "unknown command"],
])("wrong words %p end with 2 and say what is wrong", async (words, reason) => {
  const { exitCode, stderr } = await run(...words)
  expect(exitCode).toBe(2)
  expect(stderr).toContain(reason)
})

test.each([
  [["--help"]],
  [["import", "--help"]],
  [["import", "stock", "--help"]],
  [["audit", "--help"]],
  [["customers", "role", "--help"]],
  [["ledger", "balance", "--help"]],
  [["ledger", "export", "--help"]],
])("%p shows an example", async (words) => {
  const { exitCode, stdout } = await run(...words)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/Examples?:\n {2}lapak /)
})

/** Where these words would be carried out, the folder that cannot be one would end them with 1. */
async function run(...words: string[]) {
  const printed: string[] = []
  const complained: string[] = []
  const exitCode = await runProgram(words, {
    environment: { DATA_DIR: "/dev/null/nowhere" },
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
    write: async () => true,
    lines: async function* () {},
    interrupted: new AbortController().signal,
    newReference: () => "E-TEST",
  })
  return { exitCode, stdout: printed.join("\n"), stderr: complained.join("\n") }
}
