import { answerJson } from "./headers.ts"
import type { BodyReading } from "./read-body.ts"

/** The answer to a body that was not read to its end. The rest of it is not waited for. */
export function refuseBody(reading: Exclude<BodyReading, { kind: "read" }>, maxBytes: number): Response {
  const closed = { Connection: "close" }
  switch (reading.kind) {
    case "too_large":
      return answerJson(
        413,
        { error: "too_large", message: `The body may have at most ${maxBytes} bytes.` },
        closed,
      )
    case "too_slow":
      return answerJson(408, { error: "too_slow", message: "The body took too long to arrive." }, closed)
    case "broken":
      return answerJson(400, { error: "incomplete", message: "The body did not arrive whole." }, closed)
  }
}
