import { pause } from "../../src/operations/pause.ts"
import { eventually } from "../support/eventually.ts"
import type { ShopProcess } from "../support/shop-process.ts"

export type Shops = ReturnType<typeof openShops>

/** A place where a shop process runs, and runs again whenever it ended. */
type Place = {
  current: ShopProcess | undefined
  wanted: boolean
  /** It is being ended on purpose. */
  ending: boolean
  running: Promise<void>
}

const startAgainAfterMs = 100

/**
 * The shop processes of a run, on one database: one place that is always kept, and further ones for a time.
 * Like a service manager, a place starts its process again at once.
 */
export function openShops(open: () => Promise<ShopProcess>, note: (line: string) => void) {
  const stopping = new AbortController()
  const places: Place[] = []
  const everStarted: ShopProcess[] = []
  const endedByThemselves: string[] = []
  let restarts = 0

  function add(): Place {
    const place: Place = { current: undefined, wanted: true, ending: false, running: Promise.resolve() }
    place.running = keep(place)
    places.push(place)
    return place
  }

  async function keep(place: Place): Promise<void> {
    for (let starts = 0; place.wanted; starts += 1) {
      const shop = await tryToOpen()
      if (!shop) {
        await pause(startAgainAfterMs, stopping.signal)
        continue
      }
      if (starts > 0) restarts += 1
      everStarted.push(shop)
      place.current = shop
      place.ending = false
      const code = await shop.exited
      place.current = undefined
      if (!place.ending) endedByThemselves.push(`a shop process ended by itself with ${code}`)
    }
  }

  /** One that finds no PostgreSQL may end at once; whoever keeps it starts it again. */
  async function tryToOpen(): Promise<ShopProcess | undefined> {
    try {
      return await open()
    } catch (error) {
      note(`a shop process did not start: ${error instanceof Error ? error.message.slice(0, 500) : "?"}`)
      return undefined
    }
  }

  const live = () => places.flatMap(({ current }, place) => (current ? [{ place, shop: current }] : []))

  async function end(place: Place, signal: "SIGKILL" | "SIGTERM"): Promise<number | undefined> {
    const { current } = place
    if (!current) return undefined
    place.ending = true
    await current.signal(signal)
    return await current.exited
  }

  const first = add()
  return {
    live,
    urls: (): readonly string[] => live().map(({ shop }) => shop.url),
    /** Kills one of those that run, or all; each is started again. */
    kill: async (which: number | "all") => {
      const running = places.filter(({ current }) => current)
      const one = which === "all" ? undefined : running[which % Math.max(1, running.length)]
      await Promise.all((one ? [one] : running).map((place) => end(place, "SIGKILL")))
    },
    /** Closes one properly; it is started again. */
    close: async (which: number) => {
      const running = places.filter(({ current }) => current)
      const one = running[which % Math.max(1, running.length)]
      if (one) await end(one, "SIGTERM")
    },
    /** One more process joins; returns how it leaves, killed. */
    join: (): (() => Promise<void>) => {
      const place = add()
      return async () => {
        place.wanted = false
        await end(place, "SIGKILL")
        // Still on its way up: it goes as soon as it stands.
        await leaveWhenUp(place)
      }
    },
    opened: () => eventually("a shop is open", () => first.current),
    restarts: () => restarts,
    endedByThemselves: (): readonly string[] => endedByThemselves,
    /** What every process said. */
    logs: () => everStarted.map((shop) => shop.written()),
    /** Closes all properly; returns the exit codes. */
    closeAll: async () => {
      for (const place of places) place.wanted = false
      const codes = await Promise.all(places.map((place) => end(place, "SIGTERM")))
      return codes.filter((code) => code !== undefined)
    },
    stop: async () => {
      stopping.abort()
      for (const place of places) place.wanted = false
      await Promise.all(places.map(leaveWhenUp))
    },
  }

  async function leaveWhenUp(place: Place): Promise<void> {
    let isGone = false
    const gone = place.running.then(() => {
      isGone = true
    })
    while (!isGone) {
      await end(place, "SIGKILL")
      await Promise.race([gone, pause(startAgainAfterMs, stopping.signal)])
    }
  }
}
