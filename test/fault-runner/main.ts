import { mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { stopTestEngines } from "../support/engines.ts"
import { type FaultRun, runFaults } from "./run-faults.ts"

const usage = "npm run faults -- [--seed N] [--seconds S] [--customers C] [--keep]"
const write = (line: string) => void process.stdout.write(`${line}\n`)

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(crypto.getRandomValues(new Uint16Array(1))[0] ?? 0) },
    seconds: { type: "string", default: "60" },
    customers: { type: "string", default: "40" },
    keep: { type: "boolean", default: false },
  },
})
const [seed, seconds, customers] = [values.seed, values.seconds, values.customers].map(Number)

if (seed === undefined || !isCount(seed, 0) || !isCount(seconds, 1) || !isCount(customers, 1)) {
  process.stderr.write(`Each of them is a whole number: ${usage}\n`)
  process.exitCode = 2
} else {
  const again = `npm run faults -- --seed ${seed} --seconds ${seconds} --customers ${customers}`
  write(again)
  try {
    const run = await runFaults({ seed, seconds, customers, write })
    write(JSON.stringify(run.figures, null, 2))
    for (const line of run.broken) write(`BROKEN: ${line}`)
    if (run.broken.length > 0 || values.keep) write(`What happened is in ${await keep(run)}`)
    if (run.broken.length === 0) write("Every promise was kept.")
    else {
      process.exitCode = 1
      write(`${run.broken.length} promises were broken. The same plan again: ${again}`)
    }
  } catch (error) {
    process.exitCode = 1
    process.stderr.write(`The run broke off: ${error instanceof Error ? error.stack : "no error"}\n`)
    write(`The same plan again: ${again}`)
  } finally {
    await stopTestEngines()
  }
}

function isCount(value: number | undefined, least: number): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= least
}

async function keep({ papers }: FaultRun): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lapak-faults-"))
  for (const [name, text] of Object.entries(papers)) await writeFile(join(folder, name), text)
  return folder
}
