import { readEngineCounters, settleEngines } from "../engine-counters.ts"
import { cpuSecondsOf, processTree } from "../processes.ts"
import { type Latency, latencyOf, round } from "../quantiles.ts"
import { goodsPattern } from "../stock-the-shop.ts"
import type { CrowdOrder, CrowdResult } from "./commands.ts"
import { forgetLimits } from "./forget-limits.ts"
import type { SimulatorProcess } from "./simulator-process.ts"
import type { Stall } from "./stall.ts"
import { readStatements } from "./statements.ts"

export type RoundTrips = Latency &
  Readonly<{
    perSecond: number
    /** Of each round, in order. */
    perSecondByRound: readonly number[]
    messages: number
    lost: number
    surplus: number
    repeated: number
    errors: number
    examples: readonly string[]
    /** Of the client's own process, and of all it started. */
    cpuMicroseconds: Readonly<{ client: number; engines: number }>
  }>

export type ShopTrips = RoundTrips &
  Readonly<{
    commitsPerMessage: number
    walSyncsPerMessage: number
    statementsPerMessage: Readonly<Record<string, number>>
  }>

type Measured = Readonly<{ result: CrowdResult; client: number; engines: number }>
type Costs = Readonly<{ commits: number; walSyncs: number; statements: Readonly<Record<string, number>> }>
type Client = Readonly<{ pid: number; simulator: SimulatorProcess }>

export type RoundTripsReport = Readonly<{
  oneAtATime: Readonly<{ echo: RoundTrips; balance: ShopTrips; purchase: ShopTrips }>
  twentyAtOnce: Readonly<{ echo: RoundTrips; balance: ShopTrips; purchase: ShopTrips }>
}>

const crowdAtOnce = 20
const balancePattern = "Rp"

/** Lets customers at the bare client and at the shop, by turns, and measures what they got. */
export async function measureRoundTrips(parts: {
  echo: Client
  stall: Stall
  crowd: Readonly<{ firstNumber: number; customers: number }>
  rounds: number
  roundMs: number
}): Promise<RoundTripsReport> {
  const { echo, stall, crowd, rounds, roundMs } = parts
  const shop = { pid: stall.shop().pid, simulator: stall.simulator }
  const order = { ...crowd, durationMs: roundMs, messagesMax: Number.MAX_SAFE_INTEGER }
  const buying = stall.codes.map((code) => `.buy ${code} 1 saldo`)
  await settleEngines(stall.foundation)

  const measure = async (atOnce: number) => {
    const echoes: Measured[] = []
    const balances: [Measured, Costs][] = []
    const purchases: [Measured, Costs][] = []
    for (let turn = 0; turn < rounds; turn += 1) {
      const asking = { ...order, atOnce, texts: [".saldo"], answerPattern: balancePattern }
      echoes.push(await letIn(echo, { ...asking, answerPattern: "^.saldo$" }))
      balances.push(await withCosts(stall, () => letIn(shop, asking)))
      echoes.push(await letIn(echo, { ...asking, answerPattern: "^.saldo$" }))
      const buyers = { ...order, atOnce, texts: buying, answerPattern: goodsPattern }
      await forgetLimits(stall.foundation)
      purchases.push(await withCosts(stall, () => letIn(shop, buyers)))
    }
    return { echo: merge(echoes), balance: mergeCosts(balances), purchase: mergeCosts(purchases) }
  }
  return { oneAtATime: await measure(1), twentyAtOnce: await measure(crowdAtOnce) }
}

/** Lets a crowd at a client. */
export async function letIn({ pid, simulator }: Client, order: CrowdOrder): Promise<Measured> {
  const before = cpuSecondsOf(processTree(pid))
  const result = await simulator.tell("crowd", order)
  const after = cpuSecondsOf(processTree(pid))
  const engines = after.postgres + after.redis - before.postgres - before.redis
  return { result, client: after.shop - before.shop, engines }
}

/** What the shop asks of PostgreSQL meanwhile. */
export async function withCosts(stall: Stall, work: () => Promise<Measured>): Promise<[Measured, Costs]> {
  const { port } = stall.shop()
  const statementsBefore = await readStatements(port)
  const before = await readEngineCounters(stall.foundation)
  const measured = await work()
  const after = await readEngineCounters(stall.foundation)
  const statements = await readStatements(port, statementsBefore)
  return [
    measured,
    { commits: after.commits - before.commits, walSyncs: after.walSyncs - before.walSyncs, statements },
  ]
}

export function merge(measured: readonly Measured[]): RoundTrips {
  const results = measured.map(({ result }) => result)
  const sum = (count: (result: CrowdResult) => number) =>
    results.reduce((total, result) => total + count(result), 0)
  const messages = sum(({ durationsMs }) => durationsMs.length)
  const each = (seconds: number) => Math.round((seconds * 1_000_000) / Math.max(1, messages))
  return {
    perSecond: round(messages / sum(({ seconds }) => seconds), 1),
    perSecondByRound: results.map(({ durationsMs, seconds }) => round(durationsMs.length / seconds, 1)),
    messages,
    ...latencyOf(results.flatMap(({ durationsMs }) => durationsMs)),
    lost: sum(({ lost }) => lost),
    surplus: sum(({ surplus }) => surplus),
    repeated: sum(({ repeated }) => repeated),
    errors: sum(({ errors }) => errors),
    examples: results.flatMap(({ examples }) => examples).slice(0, 3),
    cpuMicroseconds: {
      client: each(measured.reduce((total, { client }) => total + client, 0)),
      engines: each(measured.reduce((total, { engines }) => total + engines, 0)),
    },
  }
}

export function mergeCosts(measured: readonly (readonly [Measured, Costs])[]): ShopTrips {
  const trips = merge(measured.map(([one]) => one))
  const costs = measured.map(([, cost]) => cost)
  const perMessage = (count: (cost: Costs) => number) =>
    round(costs.reduce((total, cost) => total + count(cost), 0) / Math.max(1, trips.messages))
  const operations = new Set(costs.flatMap(({ statements }) => Object.keys(statements)))
  const statementsPerMessage = [...operations]
    .map((name) => [name, perMessage(({ statements }) => statements[name] ?? 0)] as const)
    .filter(([, count]) => count >= 0.01)
    .toSorted(([, one], [, other]) => other - one)
  return {
    ...trips,
    commitsPerMessage: perMessage(({ commits }) => commits),
    walSyncsPerMessage: perMessage(({ walSyncs }) => walSyncs),
    statementsPerMessage: Object.fromEntries(statementsPerMessage),
  }
}
