import type { Role } from "../../shop/customer.ts"
import type { Intent } from "../intent.ts"
import { readable, withoutPrefix } from "../normal-words.ts"
import { understand } from "../understand.ts"
import { confirmStep, type Held, readConfirmation } from "./confirm.ts"
import { commandOfMenuAnswer, deskMenuStep } from "./menu.ts"
import { readStockAnswer, stockStep } from "./stock-step.ts"

/** What a message means to an operator who was asked something at the desk, and to everybody else. */
export type DeskTalk =
  /** `confirmed`: it was held until they agreed, which they did. */
  | Readonly<{ kind: "asked"; intent: Intent; confirmed?: Held }>
  /** They agreed to what means nothing any more, or is not theirs to ask for. */
  | Readonly<{ kind: "lapsed" }>
  /** Not what was asked, which is over: a later yes must mean nothing. */
  | Readonly<{ kind: "something_else"; intent: Intent }>
  | Readonly<{ kind: "dropped"; what: "command" | "units" }>
  | Readonly<{ kind: "unclear" }>
  /** In place of units came words; `code` is the product that they were asked for. */
  | Readonly<{ kind: "doubtful_units"; code: string }>

type Talk = Readonly<{ step: string; data: unknown }> | null

const deskSteps: readonly string[] = [confirmStep, deskMenuStep, stockStep]

/** Whether a question of the desk is open at this step. */
export function isDeskStep(step: string): boolean {
  return deskSteps.includes(step)
}

/** Reads a message by what its writer is in the middle of at the desk. Total. */
export function readDeskTalk(
  conversation: Talk,
  text: string,
  given: { prefix: string; role: Role },
): DeskTalk {
  return (
    readStock(conversation, text, given) ??
    readAgreement(conversation, text, given) ??
    readMenuAnswer(conversation, text, given) ?? {
      kind: isDeskStep(conversation?.step ?? "") ? "something_else" : "asked",
      intent: understand(text, given.prefix, given),
    }
  )
}

function readStock(
  conversation: Talk,
  text: string,
  given: { prefix: string; role: Role },
): DeskTalk | undefined {
  const pasted = readStockAnswer(conversation, text, given)
  if (pasted?.kind === "dropped") return { kind: "dropped", what: "units" }
  if (pasted?.kind === "doubtful") return { kind: "doubtful_units", code: pasted.code }
  if (pasted?.kind !== "units") return undefined
  return { kind: "asked", intent: { kind: "desk", asked: pasted.asked } }
}

function readAgreement(
  conversation: Talk,
  text: string,
  given: { prefix: string; role: Role },
): DeskTalk | undefined {
  const isCommand = withoutPrefix(readable(text.slice(0, 1_000)), given.prefix) !== undefined
  const confirmation = readConfirmation(conversation, text, { isCommand })
  if (confirmation?.kind === "dropped") return { kind: "dropped", what: "command" }
  if (confirmation?.kind !== "confirmed") return confirmation
  const intent = understand(confirmation.held.line, given.prefix, given)
  const isMeant = intent.kind === "desk" || intent.kind === "refund" || intent.kind === "review"
  return isMeant ? { kind: "asked", intent, confirmed: confirmation.held } : { kind: "lapsed" }
}

function readMenuAnswer(
  conversation: Talk,
  text: string,
  given: { prefix: string; role: Role },
): DeskTalk | undefined {
  const line = commandOfMenuAnswer(conversation, text, given)
  if (line === undefined) return undefined
  return { kind: "asked", intent: understand(line, given.prefix, given) }
}
