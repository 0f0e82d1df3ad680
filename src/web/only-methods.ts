import type { Handler } from "hono"
import type { WebEnvironment } from "./dependencies.ts"
import { answerJson } from "./headers.ts"

/** Registered after a path's own handlers: whatever reaches it came with a method the path doesn't have. */
export function onlyMethods(...methods: readonly ("GET" | "POST")[]): Handler<WebEnvironment> {
  const allow = methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ")
  return () =>
    answerJson(
      405,
      { error: "method_not_allowed", message: `This address takes ${allow}.` },
      { Allow: allow },
    )
}
