import { pause } from "../../src/operations/pause.ts"
import type { Decide, Decision } from "../support/gateway-peer.ts"
import type { Scene } from "./open-scene.ts"
import type { Fault } from "./plan-faults.ts"
import type { Strikes } from "./strike.ts"

export const strikeGateway: Strikes<"gateway"> = {
  refuses: deciding("refuse"),
  takes_silently: deciding("take_silently"),
  ignores: deciding("ignore"),
  /** Nobody listens for a while, and what was under way is cut. */
  drops: async ({ forMs }, { stall }, over) => {
    await stall.peer.hangUp()
    await pause(forMs, over)
    stall.peer.pickUp()
  },
  slow: (fault, scene, over) =>
    decide(fault, scene, over, async (): Promise<Decision> => {
      await pause(fault.chance, over)
      return "take"
    }),
}

function deciding(decision: Decision) {
  return (fault: Fault<"gateway">, scene: Scene, over: AbortSignal) =>
    decide(fault, scene, over, () => decision)
}

/** Treats every message so; afterwards what still waits for an answer is cut, and never gets one. */
async function decide(
  fault: Fault<"gateway">,
  { stall }: Scene,
  over: AbortSignal,
  how: Decide,
): Promise<void> {
  const { peer } = stall
  peer.answers(how)
  await pause(fault.forMs, over)
  peer.answers(() => "take")
  if (fault.kind === "refuses" || fault.kind === "slow") return
  await peer.hangUp()
  peer.pickUp()
}
