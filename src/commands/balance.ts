import { randomUUID } from "node:crypto"
import { adjustBalance } from "../database/adjust-balance.ts"
import { wholeRupiah } from "../shop/import-fields.ts"
import { formatRupiah, type Rupiah, rupiah } from "../shop/money.ts"
import { readPhoneNumber } from "../shop/phone-number.ts"
import { CommandError, type CommandLine, type ExitCode, withShop } from "./command-line.ts"
import { parse, reasonSchema } from "./parse.ts"

type Given = Readonly<{ number: string; amount: string; reason: string }>

/** `lapak balance credit NUMBER AMOUNT --reason TEXT`. Not idempotent: each call credits. */
export async function creditBalanceCommand(line: CommandLine, given: Given): Promise<ExitCode> {
  const { number, amount, reason } = read(given)
  return await withShop<ExitCode>(line, async ({ foundation, gate }) => {
    const outcome = await adjustBalance(foundation.database, {
      number,
      amount,
      reason,
      actor: "shell",
      key: `credit:${randomUUID()}`,
    })
    if (outcome.kind !== "adjusted") throw new Error("a credit was refused as if it were a debit")
    await gate.cache.forget({ kind: "balance", userId: outcome.userId })
    line.print(`${formatRupiah(amount)} credited to ${number}.`)
    line.print(`New balance: ${formatRupiah(outcome.balance)}`)
    return 0
  })
}

/**
 * `lapak balance debit NUMBER AMOUNT --reason TEXT`. Not idempotent: each call debits, while the balance
 * holds that much.
 */
export async function debitBalanceCommand(line: CommandLine, given: Given): Promise<ExitCode> {
  const { number, amount, reason } = read(given)
  return await withShop<ExitCode>(line, async ({ foundation, gate }) => {
    const { database } = foundation
    const outcome = await adjustBalance(database, {
      number,
      amount: rupiah(-amount),
      reason,
      actor: "shell",
      key: `debit:${randomUUID()}`,
    })
    switch (outcome.kind) {
      case "unknown_customer":
        throw new CommandError(`${number} is no customer of this shop, so there is nothing to take.`)
      case "insufficient_balance":
        throw new CommandError(
          `${number} has ${formatRupiah(outcome.balance)}, so ${formatRupiah(amount)} can't be taken. Nothing was changed.`,
        )
      case "adjusted":
        await gate.cache.forget({ kind: "balance", userId: outcome.userId })
        line.print(`${formatRupiah(amount)} taken from ${number}.`)
        line.print(`New balance: ${formatRupiah(outcome.balance)}`)
        return 0
    }
  })
}

function read(given: Given): { number: string; amount: Rupiah; reason: string } {
  const phone = readPhoneNumber(given.number)
  if ("problem" in phone) throw new CommandError(`NUMBER ${phone.problem}.`, 2)
  const amount = parse("AMOUNT", wholeRupiah({ least: 1 }), given.amount)
  const reason = parse("--reason", reasonSchema, given.reason)
  return { number: phone.number, amount, reason }
}
