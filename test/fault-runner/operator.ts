import { pause } from "../../src/operations/pause.ts"
import type { Scene } from "./open-scene.ts"
import type { PlannedCustomer, Travel } from "./plan-customers.ts"
import type { Random } from "./random.ts"
import { orderCodesIn, payloadsIn } from "./read-messages.ts"

/** The shop's owner, who writes from a phone like everybody else. */
export const operator: PlannedCustomer = {
  number: "6281499999999",
  openingBalance: 0,
  startsAtMs: 0,
  acts: [],
}

/** In this time the shop has mostly asked whether it is meant. */
const agreesAfterMs = 400

export type PlannedRefund = Readonly<{
  pauseMs: number
  /** Which of the orders delivered by then. */
  chance: number
  amount: string
  to: "saldo" | "provider"
  travel: Travel
}>

/** Draws what the owner gives back, and when; the same for the same seed. */
export function planRefunds(random: Random, durationMs: number): readonly PlannedRefund[] {
  const refunds: PlannedRefund[] = []
  for (let atMs = 0; atMs < durationMs; ) {
    const pauseMs = random.between(500, 2_500)
    atMs += pauseMs
    refunds.push({
      pauseMs,
      chance: random.between(0, 9_999),
      amount: random.pick(["semua", "semua", "3000", "5000"]),
      to: random.pick(["saldo", "provider"]),
      travel: { delaysMs: random.pick([[0], [0, 0], [0, 300, 900]]) },
    })
  }
  return refunds
}

/** Gives money of delivered orders back, as planned, until the time is up. */
export async function liveAsOperator(
  refunds: readonly PlannedRefund[],
  scene: Scene,
  over: AbortSignal,
): Promise<void> {
  for (const { pauseMs, chance, amount, to, travel } of refunds) {
    await pause(pauseMs, over)
    if (over.aborted) return
    const delivered = scene.stall.peer.messages().filter(({ text }) => payloadsIn(text).length > 0)
    const [code] = orderCodesIn(delivered[chance % Math.max(1, delivered.length)]?.text ?? "")
    if (code === undefined) continue
    scene.gateway.say(operator.number, `.refund ${code} ${amount} ${to} barangnya rusak`, travel)
    await pause(agreesAfterMs, over)
    scene.gateway.say(operator.number, "ya", { delaysMs: [0] })
  }
}
