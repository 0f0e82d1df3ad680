import { pause } from "../../src/operations/pause.ts"
import type { Strikes } from "./strike.ts"

/** What a committed answer says that may get lost: a message stored, bought with, answered; money booked. */
const answers = [/working/, /"kind": ?"paid"/, /"promise"/, /recorded/, /settled/, /./] as const

const stepMs = 20

export const strikeWire: Strikes<"wire"> = {
  answers_lost: async ({ forMs, times, chance }, { wire }, over) => {
    for (let losses = 0; losses < times && !over.aborted; losses += 1) {
      wire.cutNext(answers[(chance + losses) % answers.length] ?? /./)
      for (let waitedMs = 0; waitedMs < forMs / times && wire.cuts() === 0; waitedMs += stepMs)
        await pause(stepMs, over)
    }
    wire.spare()
  },
  cut_after_sending: async ({ forMs, times }, { wire }, over) => {
    wire.cutAfterSending(times)
    await pause(forMs, over)
    wire.spare()
  },
  cut: async ({ forMs, times }, { wire }, over) => {
    for (let cuts = 0; cuts < times && !over.aborted; cuts += 1) {
      wire.cutAll()
      await pause(forMs / times, over)
    }
  },
}
