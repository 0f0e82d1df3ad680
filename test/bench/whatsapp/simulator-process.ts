import { join } from "node:path"
import type { CommandName, Commands, Told } from "./commands.ts"

/** A WhatsApp with its customers in a process of its own, so that its work is not counted as the client's. */
export type SimulatorProcess = Readonly<{
  /** What a client has to have in its environment. */
  environment: Readonly<Record<string, string>>
  tell: <Name extends CommandName>(
    name: Name,
    given: Commands[Name]["given"],
  ) => Promise<Commands[Name]["answer"]>
  stop: () => Promise<void>
}>

export async function startSimulator(): Promise<SimulatorProcess> {
  const started = Promise.withResolvers<Record<string, string>>()
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let lastId = 0
  const child = Bun.spawn([process.execPath, "--no-env-file", join(import.meta.dir, "simulator.ts")], {
    stdin: "ignore",
    // The protocol's library prints sessions.
    stdout: "ignore",
    stderr: "ignore",
    ipc: (told: Told) => {
      if (told.kind === "ready") return started.resolve(told.environment)
      const waiter = waiting.get(told.id)
      waiting.delete(told.id)
      if (told.kind === "answer") waiter?.resolve(told.answer)
      else waiter?.reject(new Error(told.reason))
    },
  })
  void child.exited.then((code) => {
    const error = new Error(`the WhatsApp of the measurement ended with ${code}`)
    started.reject(error)
    for (const waiter of waiting.values()) waiter.reject(error)
  })
  return {
    environment: await started.promise,
    tell: async <Name extends CommandName>(name: Name, given: Commands[Name]["given"]) => {
      lastId += 1
      const waiter = Promise.withResolvers<unknown>()
      waiting.set(lastId, waiter)
      child.send({ id: lastId, name, given })
      return (await waiter.promise) as Commands[Name]["answer"]
    },
    stop: async () => {
      child.send("stop")
      await child.exited
    },
  }
}
