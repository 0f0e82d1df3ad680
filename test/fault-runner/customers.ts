import { pause } from "../../src/operations/pause.ts"
import type { Scene } from "./open-scene.ts"
import { settleUp } from "./pay.ts"
import type { Act, PlannedCustomer } from "./plan-customers.ts"
import { findCharge, isAnswer, orderCodesIn, payloadsIn } from "./read-messages.ts"
import { waitFor } from "./wait-for.ts"

/** A reply may take a while in a shop that is being hurt; a customer who wants to pay waits longer. */
const patienceMs = { question: 4_000, purchase: 12_000 } as const

/** Lets a customer do everything it has planned, until the time is up. */
export async function liveAs(customer: PlannedCustomer, scene: Scene, over: AbortSignal): Promise<void> {
  await pause(customer.startsAtMs, over)
  for (const act of customer.acts) {
    if (over.aborted) return
    await perform(act, customer.number, scene, over)
    await pause(act.pauseMs, over)
  }
}

async function perform(act: Act, number: string, scene: Scene, over: AbortSignal): Promise<void> {
  const { gateway } = scene
  const text = act.kind === "resend" ? resendText(number, scene) : act.text
  const id = gateway.say(number, text, act.travel)
  if (act.impatient) return
  const asksForCharge = act.kind === "buy_by_qris" || act.kind === "top_up"
  const patience = asksForCharge ? patienceMs.purchase : patienceMs.question
  const reply = await waitFor(patience, over, () => scene.stall.peer.repliesTo(id).find(isAnswer))
  if (!reply || !asksForCharge) return
  const reference = findCharge(scene.midtrans.transactions(), act, reply)
  if (reference !== undefined) await settleUp(act, { number, reference }, scene, over)
}

/** Asks for the goods of the first order that brought some; looks for one when there is none. */
function resendText(number: string, { stall }: Scene): string {
  const goods = stall.peer.messagesTo(number).find(({ text }) => payloadsIn(text).length > 0)
  const [code] = orderCodesIn(goods?.text ?? "")
  return code === undefined ? ".riwayat" : `.kirim ${code}`
}
