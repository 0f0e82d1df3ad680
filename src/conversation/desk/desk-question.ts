import { confirmStep } from "./confirm.ts"
import { deskMenuStep } from "./menu.ts"

/** Whether an operator was asked something at the desk: whatever does not answer it has to end it. */
export function isDeskQuestion(conversation: Readonly<{ step: string }> | null): boolean {
  return conversation?.step === confirmStep || conversation?.step === deskMenuStep
}
