import type { Log } from "../operations/log.ts"
import type { Answer } from "./connection.ts"
import type { GateMetrics } from "./metrics.ts"
import { readReply, type Script, type ScriptResult } from "./scripts.ts"

export type ScriptAnswer<Outcome extends string> =
  | ({ readonly kind: "ran" } & ScriptResult<Outcome>)
  /** `attempted`: Redis may have carried it out all the same, now or when it wakes. */
  | { readonly kind: "unavailable"; readonly attempted: boolean }

/** A way to ask Redis. Nothing here rejects. */
export type Ask = {
  command(command: readonly string[]): Promise<Answer>
  run<Outcome extends string>(
    script: Script<Outcome>,
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<ScriptAnswer<Outcome>>
}

export type Send = (command: readonly string[]) => Promise<Answer>

/** Runs scripts by their hash, and by their text when Redis has forgotten it (restart, SCRIPT FLUSH). */
export function askThrough(send: Send, parts: { log: Log; metrics: GateMetrics }): Ask {
  return {
    command: send,
    async run(script, keys, values) {
      const startedAt = performance.now()
      const rest = [String(script.keyCount), ...keys, ...values.map(String)]
      let answer = await send(["EVALSHA", script.sha, ...rest])
      if (answer.kind === "refused" && answer.code === "NOSCRIPT") {
        answer = await send(["EVAL", script.text, ...rest])
      }
      if (answer.kind !== "answered") return { kind: "unavailable", attempted: wasAttempted(answer) }
      parts.metrics.scriptDuration(script.name, performance.now() - startedAt)
      const result = readReply(script, answer.value)
      if (result) return { kind: "ran", ...result }
      parts.log.error("A script in Redis answered in a form that is not its own", { operation: script.name })
      return { kind: "unavailable", attempted: true }
    },
  }
}

function wasAttempted(answer: Answer): boolean {
  return answer.kind === "timeout" || answer.kind === "lost"
}
