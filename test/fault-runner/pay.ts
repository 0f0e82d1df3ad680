import { pause } from "../../src/operations/pause.ts"
import { formatRupiah, rupiah } from "../../src/shop/money.ts"
import type { Scene } from "./open-scene.ts"
import { endTimeOf } from "./pass-time.ts"
import type { Act } from "./plan-customers.ts"
import { waitFor } from "./wait-for.ts"

type Shown = Readonly<{ number: string; reference: string }>

const soonMs = 150
const patienceMs = 8_000

/** Does with a charge that was shown what the customer had planned. */
export async function settleUp(act: Act, shown: Shown, scene: Scene, over: AbortSignal): Promise<void> {
  const { number, reference } = shown
  const { bank } = scene
  const cancel = () => void scene.gateway.say(number, ".batal", act.travel)
  switch (act.afterwards) {
    case "pay":
      await pause(soonMs, over)
      return void bank.pay(reference, number)
    case "pay_twice":
      if (bank.pay(reference, number) && (await isThanked(shown, scene, over)))
        bank.payAgain(reference, number)
      return
    case "pay_late":
      await endTimeOf(reference, scene)
      await pause(act.pauseMs, over)
      return void bank.pay(reference, number)
    case "pay_and_cancel":
      bank.pay(reference, number)
      return cancel()
    case "cancel_and_pay":
      cancel()
      await pause(soonMs, over)
      return void bank.pay(reference, number)
    case "pay_after_cancel":
      cancel()
      if (await isClosed(reference, scene, over)) bank.payAgain(reference, number)
      return
    case "pay_more_after_cancel":
      cancel()
      if (await isClosed(reference, scene, over)) bank.payAgain(reference, number, 1_000)
      return
    case "pay_less_after_cancel":
      cancel()
      if (await isClosed(reference, scene, over)) bank.payAgain(reference, number, -1_000)
      return
    case "cancel":
      return cancel()
    case "let_expire":
      return await endTimeOf(reference, scene)
    case "leave":
      return
  }
}

/** The shop has said what became of the money. A top-up is told by its amount. */
async function isThanked({ number, reference }: Shown, scene: Scene, over: AbortSignal): Promise<boolean> {
  const { amount = 0 } = scene.midtrans.transaction(reference) ?? {}
  const named = reference.startsWith("D") ? formatRupiah(rupiah(amount)) : reference.replace(/-[0-9]+$/, "")
  const thanks = await waitFor(patienceMs, over, () =>
    scene.stall.peer
      .messagesTo(number)
      .find(({ text, inReplyTo }) => inReplyTo === undefined && text.includes(named)),
  )
  return thanks !== undefined
}

async function isClosed(reference: string, { midtrans }: Scene, over: AbortSignal): Promise<boolean> {
  const closed = await waitFor(patienceMs, over, () =>
    midtrans.transaction(reference)?.state === "cancel" ? true : undefined,
  )
  return closed === true
}
