import {
  type Audience,
  type BroadcastProgress,
  chooseBroadcasts,
  readAudience,
  readLatestBroadcast,
  type StartedBroadcast,
  type SteeredBroadcast,
  startBroadcast,
  steerBroadcast,
  workBroadcasts,
} from "../database/broadcasts.ts"
import type { Statements } from "../database/connect.ts"
import { readHouseNow, readHouseSettings } from "./house.ts"
import type { UserId } from "./ids.ts"
import { endOfQuiet, hourIn, isQuiet } from "./quiet-hours.ts"
import type { Shop } from "./shop.ts"

export type { Audience, BroadcastProgress, StartedBroadcast, SteeredBroadcast }

/** On average; a number that writes to many in a short time is banned. */
const gapMs = 4_000
/** On their way at once on a channel: few, so that to pause or to stop leaves hardly anything behind. */
const underWayMax = 5
const msPerMinute = 60_000

/** Who would get a broadcast to those who wrote in the last `days` days. */
export function findAudience(shop: Shop, statements: Statements, days: number): Promise<Audience> {
  return readAudience(statements, { days, channels: shop.chats, at: shop.clock() })
}

/** Starts a broadcast; the messages go out by and by. Idempotent by `request`. */
export function sendBroadcast(
  shop: Shop,
  statements: Statements,
  given: { startedBy: UserId; request: string; text: string; days: number },
): Promise<StartedBroadcast> {
  return startBroadcast(statements, { ...given, channels: shop.chats, at: shop.clock() })
}

/** Stops, pauses or resumes the broadcast under way. */
export function steer(
  shop: Shop,
  statements: Statements,
  wish: "stop" | "pause" | "resume",
): Promise<SteeredBroadcast> {
  return steerBroadcast(statements, { wish, at: shop.clock() })
}

/** The broadcast under way, else the last one. */
export function showBroadcast(statements: Statements): Promise<BroadcastProgress | undefined> {
  return readLatestBroadcast(statements)
}

/** Whether a customer gets broadcasts from now on. True when that is a change. */
export function wantBroadcasts(
  statements: Statements,
  given: { userId: UserId; wanted: boolean },
): Promise<boolean> {
  return chooseBroadcasts(statements, given)
}

/** The same for a customer to whom nothing is answered at the moment: their no counts all the same. */
export async function refuseBroadcasts({ database }: Shop, userId: UserId): Promise<void> {
  await database.ask("refuse_broadcasts", () => chooseBroadcasts(database.sql, { userId, wanted: false }))
}

/** How long it takes to reach so many, and whether it rests in between. */
export type BroadcastTime = Readonly<{
  /** Whole ones, at least one; those of the rest come on top. */
  minutes: number
  /** When it goes on after the quiet hours; null where it does not meet them. */
  goesOnAt: Date | null
}>

/** How long it takes to reach so many where nothing rests, in whole minutes, at least one. */
export function minutesFor(people: number): number {
  return Math.max(1, Math.ceil((people * gapMs) / msPerMinute))
}

/** How long it takes from now on to reach so many. */
export async function timeFor(shop: Shop, statements: Statements, people: number): Promise<BroadcastTime> {
  const { zone, quietHours } = (await readHouseNow(statements)).settings
  const minutes = minutesFor(people)
  return { minutes, goesOnAt: endOfQuiet({ zone, at: shop.clock(), minutes, quietHours }) }
}

/**
 * Sends the next message of a broadcast when it is time; none in the quiet hours. To be called every second,
 * by every process.
 */
export async function keepBroadcasting({ database, clock, random, promised }: Shop): Promise<void> {
  const at = clock()
  const jittered = Math.round(gapMs * (0.5 + random()))
  const { zone, quietHours } = await readHouseSettings(database)
  const calm = !isQuiet(hourIn(zone, at), quietHours)
  const hasNext = await workBroadcasts(database, { at, gapMs: jittered, underWayMax, calm })
  if (hasNext) promised()
}
