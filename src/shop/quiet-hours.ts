/** Whole hours of the shop's day; from 22 to 6 goes over midnight, and the end is not part of it. */
export type Hours = Readonly<{ from: number; to: number }>

const msPerMinute = 60_000
const quarterMs = 15 * msPerMinute

/** The hour of the day in a zone, 0 to 23. Throws a RangeError for an unknown zone. */
export function hourIn(zone: string, at: Date): number {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23" })
  return Number(format.format(at))
}

/**
 * When the next quiet hours end, where they begin within so many minutes from `at`, or last now; else null.
 * Throws a RangeError for an unknown zone.
 */
export function endOfQuiet(given: {
  zone: string
  at: Date
  minutes: number
  quietHours: Hours | null
}): Date | null {
  const { zone, at, minutes, quietHours } = given
  // An hour of any zone begins at a whole quarter of an hour.
  const firstMs = Math.floor(at.getTime() / quarterMs) * quarterMs
  const lastMs = at.getTime() + minutes * msPerMinute
  const isQuietAt = (atMs: number) => isQuiet(hourIn(zone, new Date(atMs)), quietHours)
  let atMs = firstMs
  while (!isQuietAt(atMs)) {
    atMs += quarterMs
    if (atMs > lastMs) return null
  }
  while (isQuietAt(atMs)) atMs += quarterMs
  return new Date(atMs)
}

/** For how many hours what is due at an hour may come late: 12, and on until an hour that is not quiet. */
export function lateHours(hour: number, quietHours: Hours | null): number {
  let hours = 12
  while (hours < 23 && isQuiet((hour + hours - 1) % 24, quietHours)) hours += 1
  return hours
}

/** Whether an hour of the day is a quiet one; with none, or from an hour to the same, it never is. */
export function isQuiet(hour: number, quietHours: Hours | null): boolean {
  if (!quietHours) return false
  const { from, to } = quietHours
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to
}
