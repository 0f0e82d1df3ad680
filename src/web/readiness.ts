import type { Log } from "../operations/log.ts"
import { type Checks, checkNames } from "./dependencies.ts"

export type Readiness = Readonly<{ status: "ready" | "degraded" | "unavailable"; checks: Checks }>

const checks_timeout_ms = 3_000
const remembered_ms = 1_000

/** Returns a function that tells the state of the parts; asked by many at once, it checks once a second. */
export function createReadiness(options: {
  checks: () => Promise<Checks>
  clock: () => Date
  log: Log
}): () => Promise<Readiness> {
  const { checks, clock, log } = options
  let latest: { at: number; answer: Promise<Readiness> } | undefined
  return () => {
    const now = clock().getTime()
    if (!latest || Math.abs(now - latest.at) >= remembered_ms)
      latest = { at: now, answer: boundedChecks(checks, log).then(toReadiness) }
    return latest.answer
  }
}

/** The shop sells without Redis and stores without WhatsApp; without PostgreSQL it does neither. */
function toReadiness(checks: Checks): Readiness {
  const down = [checks.postgres, checks.migrations].some(({ state }) => state === "unavailable")
  if (down) return { status: "unavailable", checks }
  const well = checkNames.every((name) => ["ok", "off"].includes(checks[name].state))
  return { status: well ? "ready" : "degraded", checks }
}

async function boundedChecks(checks: () => Promise<Checks>, log: Log): Promise<Checks> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Checks>((resolve) => {
    timer = setTimeout(() => resolve(allUnavailable("no answer in time")), checks_timeout_ms)
  })
  try {
    return await Promise.race([checks(), late])
  } catch (error) {
    log.error("the health checks failed", { operation: "checks", error })
    return allUnavailable("the check itself failed")
  } finally {
    clearTimeout(timer)
  }
}

function allUnavailable(detail: string): Checks {
  const check = { state: "unavailable", detail } as const
  return { postgres: check, redis: check, migrations: check, whatsapp: check }
}
