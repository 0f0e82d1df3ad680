import { collectEvidence } from "./collect-evidence.ts"
import { comeToRest } from "./come-to-rest.ts"
import { liveAs } from "./customers.ts"
import type { CustomerEvidence } from "./evidence.ts"
import { type Figures, figuresOf } from "./figures.ts"
import { judge } from "./judge.ts"
import { openScene, products } from "./open-scene.ts"
import { liveAsOperator, operator, planRefunds } from "./operator.ts"
import { planCustomers } from "./plan-customers.ts"
import { planFaults } from "./plan-faults.ts"
import { randomFrom } from "./random.ts"
import { strikeAll } from "./strike.ts"

export type FaultRun = Readonly<{
  figures: Figures
  /** Promises that were broken, in words; none when the run is good. */
  broken: readonly string[]
  /** What happened when, who said what, and what every shop process wrote: for when it went wrong. */
  papers: Readonly<Record<string, string>>
}>

/**
 * Opens a shop, lets customers trade in it while everything around it is hurt, waits until all is at rest,
 * and judges. The seed decides what the customers and the faults are about to do, and when; how it all
 * interleaves is the machine's.
 */
export async function runFaults(given: {
  seed: number
  seconds: number
  customers: number
  write: (line: string) => void
}): Promise<FaultRun> {
  const random = randomFrom(String(given.seed))
  const durationMs = given.seconds * 1_000
  const planned = planCustomers(random, { atOnce: given.customers, durationMs, products })
  const faults = planFaults(random, durationMs)
  const refunds = planRefunds(random.branch("refunds"), durationMs)
  const diary: string[] = []
  const began = performance.now()
  const note = (line: string) => {
    diary.push(`${Math.round(performance.now() - began)} ms: ${line}`)
  }

  await using scene = await openScene({ random, units: planned.length * 2, note })
  await scene.welcome([operator, ...planned])
  await scene.shops.opened()
  given.write(`${given.customers} customers at once, ${planned.length} in all, for ${given.seconds} s`)

  const over = new AbortController()
  const timer = setTimeout(() => over.abort(), durationMs)
  note("the customers come")
  const [struck] = await Promise.all([
    strikeAll(faults, scene, over.signal),
    liveAsOperator(refunds, scene, over.signal),
    ...planned.map((customer) => liveAs(customer, scene, over.signal)),
  ]).finally(() => {
    clearTimeout(timer)
    over.abort()
  })

  note("the faults are over")
  given.write("the faults are over; waiting for everything to come to rest")
  await comeToRest(scene, { durationMs })
  const evidence = await collectEvidence(scene, [operator, ...planned], { durationMs })
  note("everything is judged")
  const codes = await scene.shops.closeAll()
  const unclean = codes.filter((code) => code !== 0).map((code) => `a shop process closed with ${code}`)
  return {
    figures: figuresOf({ evidence, struck, scene }),
    broken: [...judge(evidence), ...unclean],
    papers: {
      "diary.txt": diary.join("\n"),
      "customers.json": JSON.stringify(evidence.customers.map(withoutPictures), null, 1),
      "charges.json": JSON.stringify(evidence.charges, null, 1),
      ...Object.fromEntries(scene.shops.logs().map((log, place) => [`shop-${place + 1}.log`, log])),
    },
  }
}

function withoutPictures(customer: CustomerEvidence): CustomerEvidence {
  return { ...customer, shown: customer.shown.map(({ image: _, ...message }) => message) }
}
