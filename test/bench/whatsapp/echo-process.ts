import { join } from "node:path"
import { createInterface } from "node:readline"
import { Readable } from "node:stream"
import { eventually } from "../../support/eventually.ts"
import type { SimulatorProcess } from "./simulator-process.ts"

export type EchoProcess = Readonly<{ pid: number; stop: () => Promise<void> }>

/** Starts the bare client that answers each text with itself, paired. */
export async function startEcho(simulator: SimulatorProcess): Promise<EchoProcess> {
  const program = join(import.meta.dir, "../../support/bare-echo.ts")
  const child = Bun.spawn([process.execPath, "--no-env-file", program], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...simulator.environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  })
  const stop = async () => {
    child.kill("SIGTERM")
    await child.exited
  }
  try {
    const { promise: qr, resolve } = Promise.withResolvers<string>()
    createInterface({ input: Readable.fromWeb(child.stdout) }).on("line", (line) => {
      const text = /^qr (.*)$/.exec(line)?.[1]
      if (text) resolve(text)
    })
    await simulator.tell("scan", await qr)
    await eventually("the echo is logged in", async () => (await simulator.tell("connections", null)) === 1)
    return { pid: child.pid, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
