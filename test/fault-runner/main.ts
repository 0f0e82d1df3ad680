import { mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { stopTestEngines } from "../support/engines.ts"
import { type FaultRun, runFaults } from "./run-faults.ts"

const usage = "npm run faults -- [--seed N] [--seconds S] [--customers C] [--diary]"
const write = (line: string) => void process.stdout.write(`${line}\n`)

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(crypto.getRandomValues(new Uint16Array(1))[0] ?? 0) },
    seconds: { type: "string", default: "60" },
    customers: { type: "string", default: "40" },
    diary: { type: "boolean", default: false },
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
    if (values.diary) write(run.papers["diary.txt"] ?? "")
    write(JSON.stringify(run.figures, null, 2))
    if (run.broken.length > 0) await complain(run, again)
    else write("Every promise was kept.")
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

async function complain({ broken, papers }: FaultRun, again: string): Promise<void> {
  process.exitCode = 1
  const folder = await mkdtemp(join(tmpdir(), "lapak-faults-"))
  await writeFile(join(folder, "broken.txt"), broken.join("\n"))
  for (const [name, text] of Object.entries(papers)) await writeFile(join(folder, name), text)
  for (const line of broken) write(`BROKEN: ${line}`)
  write(`${broken.length} promises were broken. What happened is in ${folder}`)
  write(`The same plan again: ${again}`)
}
