import { join } from "node:path"
import type { CrowdOrder, CrowdResult } from "./customers.ts"

/** The crowd in a process of its own, so that its work is not counted as the shop's. */
export type CrowdProcess = Readonly<{
  /** Where the crowd takes replies. */
  port: number
  run: (order: CrowdOrder) => Promise<CrowdResult>
  stop: () => Promise<void>
}>

type Told = { port: number } | { result: CrowdResult }

export async function startCrowd(): Promise<CrowdProcess> {
  const started = Promise.withResolvers<number>()
  let finished = Promise.withResolvers<CrowdResult>()
  const child = Bun.spawn([process.execPath, "--no-env-file", join(import.meta.dir, "customers.ts")], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
    ipc: (told: Told) => ("port" in told ? started.resolve(told.port) : finished.resolve(told.result)),
  })
  void child.exited.then((code) => {
    const error = new Error(`the crowd ended with ${code}`)
    started.reject(error)
    finished.reject(error)
  })
  finished.promise.catch(() => undefined)
  return {
    port: await started.promise,
    run: (order) => {
      finished = Promise.withResolvers<CrowdResult>()
      child.send(order)
      return finished.promise
    },
    stop: async () => {
      child.send("stop")
      await child.exited
    },
  }
}
