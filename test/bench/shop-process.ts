import { join } from "node:path"
import { createInterface } from "node:readline"
import { Readable } from "node:stream"

/** A real `serve` in a process of its own. */
export type ShopProcess = Readonly<{
  pid: number
  port: number
  /** From the spawn to the line that says the stall is open. */
  openMs: number
  /** From the spawn to the first 200 of /livez. */
  liveMs: number
  /** What it said, for when it goes wrong. */
  said: readonly string[]
  stop: () => Promise<void>
  /** As a machine does it that runs out of memory. */
  kill: () => Promise<void>
}>

const startTimeoutMs = 60_000
const saidMax = 200

/**
 * Starts the shop, from its source or from the binary that `LAPAK_BINARY` names. Throws when it does not
 * open.
 */
export async function startShop(given: {
  dataDir: string
  /** How the shop is reached: its channels' variables. */
  environment: Readonly<Record<string, string>>
  profileFolder: string | undefined
}): Promise<ShopProcess> {
  const spawnedAt = performance.now()
  const child = Bun.spawn([...commandOf(given.profileFolder), "serve"], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: given.dataDir,
      PORT: "0",
      DEMO: "off",
      ...given.environment,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const said: string[] = []
  const { promise: opened, resolve, reject } = Promise.withResolvers<number>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: Readable.fromWeb(stream) }).on("line", (line) => {
      said.push(line)
      if (said.length > saidMax) said.shift()
      const port = /Lapak is open at http:\/\/[^ ]+:([0-9]+)/.exec(line)?.[1]
      if (port) resolve(Number(port))
    })
  }
  const timer = setTimeout(() => reject(new Error("the shop did not open in time")), startTimeoutMs)
  void child.exited.then((code) => reject(new Error(`the shop ended with ${code}:\n${said.join("\n")}`)))
  try {
    const port = await opened
    const openMs = performance.now() - spawnedAt
    const live = await fetch(`http://127.0.0.1:${port}/livez`)
    if (live.status !== 200) throw new Error(`/livez answered ${live.status}`)
    const liveMs = performance.now() - spawnedAt
    const stop = async () => {
      child.kill("SIGTERM")
      await child.exited
    }
    const kill = async () => {
      child.kill("SIGKILL")
      await child.exited
    }
    return { pid: child.pid, port, openMs, liveMs, said, stop, kill }
  } catch (error) {
    child.kill("SIGTERM")
    await child.exited
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function commandOf(profileFolder: string | undefined): string[] {
  const binary = process.env.LAPAK_BINARY
  if (binary) return [binary]
  const profile = profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`]
  return [process.execPath, ...profile, "--no-env-file", join(import.meta.dir, "../../src/main.ts")]
}
