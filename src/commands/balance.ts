import { randomUUID } from "node:crypto"
import { adjustBalance } from "../database/users.ts"
import { wholeRupiah } from "../shop/import-fields.ts"
import { formatRupiah } from "../shop/money.ts"
import { readPhoneNumber } from "../shop/phone-number.ts"
import { CommandError, type CommandLine, type ExitCode, withShop } from "./command-line.ts"
import { parse, reasonSchema } from "./parse.ts"

/** `lapak balance credit NUMBER AMOUNT --reason TEXT`. Not idempotent: each call credits. */
export async function creditBalanceCommand(
  line: CommandLine,
  given: { number: string; amount: string; reason: string },
): Promise<ExitCode> {
  const read = readPhoneNumber(given.number)
  if ("problem" in read) throw new CommandError(`NUMBER ${read.problem}.`, 2)
  const amount = parse("AMOUNT", wholeRupiah({ least: 1 }), given.amount)
  const reason = parse("--reason", reasonSchema, given.reason)
  return await withShop<ExitCode>(line, async ({ foundation, gate }) => {
    const outcome = await adjustBalance(foundation.database, {
      number: read.number,
      amount,
      reason,
      actor: "shell",
      key: `credit:${randomUUID()}`,
    })
    if (outcome.kind !== "adjusted") throw new Error("a credit was refused as if it were a debit")
    await gate.cache.forget({ kind: "balance", userId: outcome.userId })
    line.print(`${formatRupiah(amount)} credited to ${read.number}.`)
    line.print(`New balance: ${formatRupiah(outcome.balance)}`)
    return 0
  })
}
