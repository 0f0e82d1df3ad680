import type { Role } from "../../shop/customer.ts"
import type { Intent } from "../intent.ts"
import { readable, withoutPrefix } from "../normal-words.ts"
import { understand } from "../understand.ts"
import { confirmStep, readConfirmation } from "./confirm.ts"
import { commandOfMenuAnswer, deskMenuStep } from "./menu.ts"
import { readStockAnswer, stockStep } from "./stock-step.ts"

/** What a message means to an operator who was asked something at the desk, and to everybody else. */
export type DeskTalk =
  /** `isConfirmed`: it was held until they agreed, which they did. */
  | Readonly<{ kind: "asked"; intent: Intent; isConfirmed: boolean }>
  /** Not what was asked, which is over: a later yes must mean nothing. */
  | Readonly<{ kind: "something_else"; intent: Intent }>
  | Readonly<{ kind: "dropped"; what: "command" | "units" }>
  | Readonly<{ kind: "unclear" }>
  /** In place of units came words; `code` is the product that they were asked for. */
  | Readonly<{ kind: "doubtful_units"; code: string }>

type Talk = Readonly<{ step: string; data: unknown }> | null

const deskSteps: readonly string[] = [confirmStep, deskMenuStep, stockStep]

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
      kind: deskSteps.includes(conversation?.step ?? "") ? "something_else" : "asked",
      intent: understand(text, given.prefix, given),
      isConfirmed: false,
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
  return { kind: "asked", intent: { kind: "desk", asked: pasted.asked }, isConfirmed: false }
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
  return { kind: "asked", intent: understand(confirmation.line, given.prefix, given), isConfirmed: true }
}

function readMenuAnswer(
  conversation: Talk,
  text: string,
  given: { prefix: string; role: Role },
): DeskTalk | undefined {
  const line = commandOfMenuAnswer(conversation, text, given)
  if (line === undefined) return undefined
  return { kind: "asked", intent: understand(line, given.prefix, given), isConfirmed: false }
}
