import { pause } from "../../src/operations/pause.ts"
import type { Fault as Answering, Operation } from "../simulators/midtrans/faults.ts"
import type { Strike, Strikes } from "./strike.ts"

const operations: readonly Operation[] = ["charge", "status", "cancel", "expire", "refund"]

export const strikeMidtrans: Strikes<"midtrans"> = {
  fails: answering({ kind: "http", status: 500 }),
  too_many: answering({ kind: "http", status: 429 }),
  hangs: answering({ kind: "hang" }),
  resets: answering({ kind: "reset" }),
  slow: answering({ kind: "slow", delayMs: 800 }),
  answer_lost: answering({ kind: "lost_answer" }),
  stale: answering({ kind: "stale" }, ["status"]),
  says_nothing: answering({ kind: "accepted" }),
}

function answering(how: Answering, which = operations): Strike<"midtrans"> {
  return async ({ forMs }, { midtrans }, over) => {
    for (const operation of which) midtrans.faults.plan(operation, how)
    await pause(forMs, over)
    midtrans.faults.clear()
  }
}
