import * as v from "valibot"

/** A notification as a phone showed it, whichever app forwarded it. */
export type Forwarded = Readonly<{
  packageName: string
  title: string
  text: string
  /** Undefined: the forwarder does not say when. */
  postedAt: Date | undefined
}>

export type ForwardedReading =
  | Readonly<{ kind: "read"; forwarded: Forwarded }>
  | Readonly<{ kind: "malformed"; field: string; reason: string }>

const words_max = 4_000

const packageName = v.pipe(
  v.string("must be a string"),
  v.regex(/^[A-Za-z0-9._-]{1,200}$/, "must be the name of an Android package"),
)
const words = v.pipe(
  v.nullish(v.string("must be a string"), ""),
  v.maxLength(words_max, `must have at most ${words_max} characters`),
)

/** Unix time in seconds or milliseconds, as a number or as text, or a date as ISO 8601 writes it. */
const moment = v.pipe(
  v.nullish(v.union([v.number(), v.string()], "must be a time")),
  v.transform((given) => (given === undefined || given === null || given === "" ? undefined : toDate(given))),
  v.check((date) => date === undefined || isSensible(date), "must be a time"),
)

/**
 * The formats of the forwarders in use. What else they send (a secret, an amount they think they read) is
 * left behind here: it proves nothing.
 */
const formats = [
  {
    marker: v.looseObject({ source: v.unknown() }),
    schema: v.pipe(
      v.object({
        source: v.object({ package: packageName }, "must be an object"),
        notification: v.object({ title: words, text: words, timestamp: moment }, "must be an object"),
      }),
      v.transform(({ source, notification }) => ({
        packageName: source.package,
        title: notification.title,
        text: notification.text,
        postedAt: notification.timestamp,
      })),
    ),
  },
  {
    marker: v.looseObject({ packageName: v.unknown() }),
    schema: v.pipe(
      v.object({ packageName, title: words, text: words, postedAt: moment }),
      v.transform((body) => ({ ...body, postedAt: body.postedAt })),
    ),
  },
  {
    marker: v.looseObject({ pkg: v.unknown() }),
    schema: v.pipe(
      v.object({ pkg: packageName, title: words, text: words }),
      v.transform(({ pkg, title, text }) => ({ packageName: pkg, title, text, postedAt: undefined })),
    ),
  },
] as const

/** Reads the body of a forwarder's request, telling the formats apart by what each alone has. */
export function readForwarded(body: unknown): ForwardedReading {
  const format = formats.find(({ marker }) => v.is(marker, body))
  if (!format)
    return { kind: "malformed", field: "body", reason: "must be JSON of a known notification forwarder" }
  const parsed = v.safeParse(format.schema, body)
  if (parsed.success) return { kind: "read", forwarded: parsed.output }
  const [issue] = parsed.issues
  return {
    kind: "malformed",
    field: v.getDotPath(issue) ?? "body",
    reason: issue.received === "undefined" ? "is missing" : issue.message,
  }
}

const seconds_most = 100_000_000_000

function toDate(given: number | string): Date {
  const number = typeof given === "number" ? given : /^[0-9]{1,15}$/.test(given) ? Number(given) : undefined
  if (number === undefined) return new Date(given)
  return new Date(number < seconds_most ? number * 1_000 : number)
}

/** Within what PostgreSQL and a person can make sense of. */
function isSensible(date: Date): boolean {
  return date.getTime() >= 0 && date.getTime() < Date.UTC(2200, 0)
}
