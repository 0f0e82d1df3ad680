import type { OperatorTexts } from "../money-texts.ts"
import { fixed, needed, type SlotTable } from "./slot.ts"

export const operatorSlots: SlotTable<OperatorTexts> = {
  whatsappLoggedOut: fixed,
  whatsappReplaced: fixed,
  whatsappStopped: fixed,
  whatsappKeepsFailing: fixed,
  whatsappRests: {
    sample: { minutes: 37 },
    slots: { minutes: needed(({ minutes }, words) => words.minutes(minutes)) },
  },
}
