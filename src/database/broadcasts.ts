import type { UserId } from "../shop/ids.ts"
import type { Database, Statements } from "./connect.ts"

/** Who would get a broadcast now, and how many of those who wrote would not, by why. */
export type Audience = Readonly<{
  people: number
  optedOut: number
  /** A person answers in their chat. */
  personAnswers: number
  /** They got one in the last 24 hours. */
  hadOne: number
}>

/** How far a broadcast is; the counts add up to `total`. */
export type BroadcastProgress = Readonly<{
  state: "running" | "paused" | "stopped" | "finished"
  /** `warning`: WhatsApp's. `failures`: the last few failed one after the other. */
  pausedFor: "operator" | "warning" | "failures" | null
  /** In ISO 8601. */
  startedAt: string
  total: number
  waiting: number
  sent: number
  failed: number
  /** By the time it was their turn they were not to get it. */
  leftOut: number
  withdrawn: number
}>

export type StartedBroadcast =
  | Readonly<{ kind: "started"; id: number; people: number }>
  /** There is another; nothing was started. */
  | Readonly<{ kind: "under_way" }>
  | Readonly<{ kind: "nobody" }>

export type SteeredBroadcast =
  | Readonly<{ kind: "steered"; id: number; broadcast: BroadcastProgress }>
  | Readonly<{ kind: "none" }>
  /** WhatsApp warned the shop; nothing goes out before then. In ISO 8601. */
  | Readonly<{ kind: "rests"; until: string }>

/** Those who wrote in the last `days` days, on one of the channels last. */
export async function readAudience(
  statements: Statements,
  given: { days: number; channels: readonly string[]; at: Date },
): Promise<Audience> {
  const [audience] = await statements<Audience[]>`
    select count(*) filter (where reason is null)::integer as people,
           count(*) filter (where reason = 'opted_out')::integer as "optedOut",
           count(*) filter (where reason = 'person_answers')::integer as "personAnswers",
           count(*) filter (where reason = 'had_one')::integer as "hadOne"
      from broadcast_audience(${given.days}, ${[...given.channels]}::text[], ${given.at})
  `
  return audience ?? { people: 0, optedOut: 0, personAnswers: 0, hadOne: 0 }
}

/** Starts a broadcast to the audience of this moment. Idempotent by `request`. */
export async function startBroadcast(
  statements: Statements,
  given: {
    startedBy: UserId
    request: string
    text: string
    days: number
    channels: readonly string[]
    at: Date
  },
): Promise<StartedBroadcast> {
  const [row] = await statements<{ started: StartedBroadcast }[]>`
    select start_broadcast(
      ${given.startedBy}, ${given.request}, ${given.text}, ${given.days},
      ${[...given.channels]}::text[], ${given.at}
    ) as started
  `
  return row?.started ?? { kind: "nobody" }
}

/** Stops, pauses or resumes the broadcast under way; of a stopped or paused one nothing more goes out. */
export async function steerBroadcast(
  statements: Statements,
  given: { wish: "stop" | "pause" | "resume"; at: Date },
): Promise<SteeredBroadcast> {
  const [row] = await statements<{ steered: SteeredBroadcast }[]>`
    select steer_broadcast(${given.wish}, ${given.at}) as steered
  `
  return row?.steered ?? { kind: "none" }
}

/** The broadcast under way, else the last one; undefined when there never was one. */
export async function readLatestBroadcast(statements: Statements): Promise<BroadcastProgress | undefined> {
  const [row] = await statements<{ progress: BroadcastProgress | null }[]>`
    select describe_broadcast(max(id)) as progress from broadcasts
  `
  return row?.progress ?? undefined
}

/**
 * Notes what was sent and promises the next one when it is time and `calm`; see `work_broadcasts` in
 * sql/0026. True when something was promised.
 */
export async function workBroadcasts(
  database: Database,
  given: { at: Date; gapMs: number; underWayMax: number; calm: boolean },
): Promise<boolean> {
  const { sql } = database
  const rows = await database.ask(
    "work_broadcasts",
    () => sql<{ promised: boolean }[]>`
      select work_broadcasts(${given.at}, ${given.gapMs}, ${given.underWayMax}, ${given.calm}) as promised
    `,
  )
  return rows[0]?.promised ?? false
}

/** Whether a customer gets broadcasts from now on. True when that is a change. */
export async function chooseBroadcasts(
  statements: Statements,
  given: { userId: UserId; wanted: boolean },
): Promise<boolean> {
  const changed = await statements`
    update users
       set preferences = case
             when ${given.wanted} then preferences - 'broadcasts'
             else preferences || '{"broadcasts": "off"}'
           end
     where id = ${given.userId}
       and coalesce(preferences ->> 'broadcasts' = 'off', false) = ${given.wanted}
    returning id
  `
  return changed.length > 0
}
