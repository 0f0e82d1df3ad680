import { pause } from "../../src/operations/pause.ts"
import type { Scene } from "./open-scene.ts"
import type { Fault, FaultKind, FaultPlan, FaultTarget } from "./plan-faults.ts"
import { strikePostgres, strikeRedis } from "./strike-engines.ts"
import { strikeGateway } from "./strike-gateway.ts"
import { strikeMidtrans } from "./strike-midtrans.ts"
import { strikeShop } from "./strike-shop.ts"
import { strikeWire } from "./strike-wire.ts"

/** Does one kind of harm for the fault's time, or until it is all over, and undoes what can be undone. */
export type Strike<Target extends FaultTarget> = (
  fault: Fault<Target>,
  scene: Scene,
  over: AbortSignal,
) => Promise<void>

export type Strikes<Target extends FaultTarget> = Readonly<Record<FaultKind<Target>, Strike<Target>>>

export type StruckFaults = ReadonlyMap<string, number>

/** Does everything that is planned, to every part at its times. Returns what was done, counted by kind. */
export async function strikeAll(plan: FaultPlan, scene: Scene, over: AbortSignal): Promise<StruckFaults> {
  const struck = new Map<string, number>()
  const began = performance.now()
  const strikePart = async <Target extends FaultTarget>(
    faults: readonly Fault<Target>[],
    strikes: Strikes<Target>,
  ) => {
    for (const fault of faults) {
      await pause(Math.max(0, fault.atMs - (performance.now() - began)), over)
      if (over.aborted) return
      const name = `${fault.target} ${fault.kind}`
      scene.note(`${name} for ${fault.forMs} ms`)
      struck.set(name, (struck.get(name) ?? 0) + 1)
      await strikes[fault.kind](fault, scene, over)
      scene.note(`${name} is over`)
    }
  }
  await Promise.all([
    strikePart(plan.shop, strikeShop),
    strikePart(plan.postgres, strikePostgres),
    strikePart(plan.redis, strikeRedis),
    strikePart(plan.wire, strikeWire),
    strikePart(plan.gateway, strikeGateway),
    strikePart(plan.midtrans, strikeMidtrans),
  ])
  return struck
}
