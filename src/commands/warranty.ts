import type { Command } from "commander"
import {
  listDefectiveBatches,
  listWarranties,
  readWarrantyClaimsMax,
  setWarranty,
  setWarrantyClaimsMax,
  type WarrantyPolicy,
  warrantyClaimsMaxMost,
  warrantyDaysMax,
} from "../database/warranty.ts"
import { CommandError, type CommandLine, type ExitCode, withFoundation, withShop } from "./command-line.ts"
import type { Run } from "./registration.ts"

const policies: readonly string[] = ["replace", "refund"] satisfies WarrantyPolicy[]

const help = `
Without words it lists the products that have a warranty, and the batches of stock by their defects.
A customer claims with  .garansi ORDER  within DAYS of the delivery (0 is no warranty): once for each unit,
by a fresh one, or with --policy refund by its price to the balance; the price, too, when no unit is left.
A replacement has no warranty of its own. What the product says when a unit is claimed counts, for what was
sold before too. Claims beyond --limit in 30 days of one customer wait for you in  lapak reviews; what you
give then goes by  lapak refund.

Examples:
  lapak warranty
  lapak warranty KOPI-1 7 --policy refund
  lapak warranty --limit 5
`

/** Adds `lapak warranty` to the words that are understood. */
export function addWarrantyCommand(program: Command, line: CommandLine, run: Run): void {
  const warranty = program
    .command("warranty")
    .description("list warranties and defective batches, or set the warranty of a digital product")
    .argument("[code]", "the product")
    .argument("[days]", "days after the delivery; 0 is none")
    .option("--policy <policy>", "replace a defective unit, or refund it (replace for a new product)")
    .option("--limit <claims>", "claims a customer may make in 30 days before you look at them (3 at first)")
    .addHelpText("after", help)
  warranty.action(
    run(() => {
      const { policy, limit } = warranty.opts<{ policy?: string; limit?: string }>()
      return warrantyCommand(line, { code: warranty.args[0], days: warranty.args[1], policy, limit })
    }),
  )
}

/** `lapak warranty`, `lapak warranty CODE DAYS [--policy replace|refund]`, `lapak warranty --limit N` */
export async function warrantyCommand(
  line: CommandLine,
  given: {
    code: string | undefined
    days: string | undefined
    policy: string | undefined
    limit: string | undefined
  },
): Promise<ExitCode> {
  const { code, days, policy, limit } = given
  if (code === undefined && policy !== undefined)
    throw new CommandError("--policy goes with CODE and DAYS.", 2)
  if (code !== undefined && limit !== undefined)
    throw new CommandError("--limit is the shop's, not a product's: give it alone.", 2)
  if (limit !== undefined) return await setLimit(line, readCount("--limit", limit, warrantyClaimsMaxMost))
  if (code === undefined) return await showWarranties(line)
  if (days === undefined) throw new CommandError("DAYS is missing; 0 takes the warranty away.", 2)
  if (policy !== undefined && !isPolicy(policy)) throw new CommandError("--policy is replace or refund.", 2)
  return await setProduct(line, {
    code: code.trim().toUpperCase(),
    days: readCount("DAYS", days, warrantyDaysMax),
    policy,
  })
}

async function setProduct(
  line: CommandLine,
  { code, days, policy }: { code: string; days: number; policy: WarrantyPolicy | undefined },
): Promise<ExitCode> {
  return await withShop<ExitCode>(line, async ({ foundation, gate }) => {
    const outcome = await setWarranty(foundation.database, { code, days, policy, actor: "shell" })
    if (outcome.kind === "unknown_product") throw new CommandError(`There is no product ${code}.`)
    if (outcome.kind === "not_digital")
      throw new CommandError(`${code} is a physical product: somebody has to look at those.`)
    await gate.cache.forget({ kind: "product", code }, { kind: "products" })
    line.print(days === 0 ? `${code}: no warranty.` : `${code}: ${told(days, outcome.policy)}.`)
    return 0
  })
}

async function setLimit(line: CommandLine, most: number): Promise<ExitCode> {
  return await withFoundation<ExitCode>(line, async ({ database }) => {
    await setWarrantyClaimsMax(database, { most, actor: "shell" })
    line.print(limitLine(most))
    return 0
  })
}

async function showWarranties(line: CommandLine): Promise<ExitCode> {
  return await withFoundation<ExitCode>(line, async ({ database }) => {
    const products = await listWarranties(database)
    const batches = await listDefectiveBatches(database)
    if (products.length === 0) line.print("No product has a warranty.")
    for (const { code, name, days, policy } of products) line.print(`${code}  ${name}  ${told(days, policy)}`)
    line.print(limitLine(await readWarrantyClaimsMax(database)))
    line.print("")
    line.print(batches.length === 0 ? "No defective unit was claimed." : "Batches of stock by defects:")
    for (const { code, batch, addedAt, sold, defects } of batches) {
      const added = addedAt.toISOString().slice(0, 10)
      const share = ((defects / sold) * 100).toFixed(1)
      line.print(`${code}  ${batch || "-"}  added ${added}  ${sold} sold  ${defects} defective  ${share} %`)
    }
    return 0
  })
}

function told(days: number, policy: WarrantyPolicy): string {
  const makesGood = policy === "replace" ? "replaced, or refunded when none is left" : "refunded"
  return `${days} ${days === 1 ? "day" : "days"}, ${makesGood}`
}

function limitLine(most: number): string {
  return `A customer may make ${most} ${most === 1 ? "claim" : "claims"} in 30 days; more are for you to review.`
}

function isPolicy(text: string): text is WarrantyPolicy {
  return policies.includes(text)
}

function readCount(what: string, text: string, most: number): number {
  const count = /^[0-9]{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (count >= 0 && count <= most) return count
  throw new CommandError(`${what} must be a whole number from 0 to ${most}.`, 2)
}
