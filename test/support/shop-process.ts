import { join } from "node:path"
import { eventually } from "./eventually.ts"

/** Lapak as its operator runs it: a process of its own. */
export type ShopProcess = Readonly<{
  url: string
  pid: number
  /** Everything it has written to stderr so far. */
  written: () => string
  /** Everything it has written to stdout so far. */
  printed: () => string
  /** Returns when the process is gone; with SIGSTOP and SIGCONT at once. */
  signal: (signal: NodeJS.Signals) => Promise<void>
  /** Asks it to close and returns its exit code. */
  close: () => Promise<number>
  /** Its exit code, when it has ended. */
  exited: Promise<number>
}>

export type Environment = Readonly<Record<string, string>>

const mainFile = join(import.meta.dir, "..", "..", "src", "main.ts")

/** The program under test: the built one when LAPAK_BINARY names it, else the sources. */
const program = process.env.LAPAK_BINARY
  ? [process.env.LAPAK_BINARY]
  : [process.execPath, "--no-env-file", mainFile]

/**
 * Runs `lapak serve` on a free port and returns when the stall is open. Throws what it said when it ends
 * instead.
 */
export async function startShop(environment: Environment): Promise<ShopProcess> {
  const child = spawnLapak(["serve"], { PORT: "0", ...environment })
  const url = await eventually("the stall opens", () => {
    if (child.process.exitCode !== null) throw new Error(`lapak ended at once: ${child.written()}`)
    return /Lapak is open at (\S+)/.exec(child.written())?.[1]
  })
  const { process: running, written } = child
  let printed = ""
  const reading = (async () => {
    for await (const chunk of running.stdout.pipeThrough(new TextDecoderStream())) printed += chunk
  })()
  return {
    url,
    pid: running.pid,
    written,
    printed: () => printed,
    exited: running.exited,
    signal: async (signal) => {
      running.kill(signal)
      if (signal !== "SIGSTOP" && signal !== "SIGCONT") await running.exited
    },
    close: async () => {
      running.kill("SIGTERM")
      const exitCode = await running.exited
      await Promise.all([child.drained, reading])
      return exitCode
    },
  }
}

/** Runs any command of Lapak to its end; `input` is what is typed. */
export async function runLapak(words: readonly string[], environment: Environment, input = "") {
  const child = spawnLapak(words, environment, input)
  const [exitCode, stdout] = await Promise.all([child.process.exited, child.process.stdout.text()])
  await child.drained
  return { exitCode, stdout, stderr: child.written() }
}

function spawnLapak(words: readonly string[], environment: Environment, input = "") {
  const child = Bun.spawn([...program, ...words], {
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...environment },
    stdin: Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
  })
  let text = ""
  const read = async () => {
    for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) text += chunk
  }
  return { process: child, written: () => text, drained: read() }
}
