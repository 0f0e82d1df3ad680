/** Whole hours of the shop's day; from 22 to 6 goes over midnight, and the end is not part of it. */
export type Hours = Readonly<{ from: number; to: number }>

/** The hour of the day in a zone, 0 to 23. Throws a RangeError for an unknown zone. */
export function hourIn(zone: string, at: Date): number {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23" })
  return Number(format.format(at))
}

/** Whether an hour of the day is a quiet one; with none, or from an hour to the same, it never is. */
export function isQuiet(hour: number, quietHours: Hours | null): boolean {
  if (!quietHours) return false
  const { from, to } = quietHours
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to
}
