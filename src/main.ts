import { createInterface } from "node:readline"
import { runProgram } from "./commands/program.ts"
import { newReference } from "./operations/new-reference.ts"

const interruption = new AbortController()
let interruptions = 0
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interruptions += 1
    interruption.abort()
    // Who asks a third time does not want to wait for an orderly end.
    if (interruptions >= 3) process.exit(1)
  })
}

// Whoever read along may have gone, as  head  does: each write hears of it by itself, nobody else needs to.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined)

const pending = new Set<Promise<boolean>>()

function write(stream: NodeJS.WriteStream, text: string): Promise<boolean> {
  const written = new Promise<boolean>((resolve) => {
    stream.write(text, (error) => resolve(!error))
  })
  pending.add(written)
  return written.finally(() => pending.delete(written))
}

const exitCode = await runProgram(process.argv.slice(2), {
  environment: process.env,
  print: (text) => void write(process.stdout, `${text}\n`),
  complain: (text) => void write(process.stderr, `${text}\n`),
  write: (text) => write(process.stdout, text),
  lines: () => createInterface({ input: process.stdin, signal: interruption.signal }),
  interrupted: interruption.signal,
  newReference,
})
await Promise.all(pending)
process.exit(exitCode)
