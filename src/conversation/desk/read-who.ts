/** A customer as an operator names them, and the words behind it. */
export type NamedCustomer = Readonly<{ who: string; rest: readonly string[] }>

/** What the words behind a customer turned out to be, or why they could not be read. */
export type ReadRest<Value, Problem> = (
  rest: readonly string[],
) => Readonly<{ value: Value }> | Readonly<{ problem: Problem }>

export type WhoProblem = Readonly<{
  kind:
    | "missing_number"
    | "number_unreadable"
    /** Its groups can be put together with what follows in more than one way: nothing is guessed. */
    | "number_unclear"
}>

/** So many groups of digits a number is written in at most: `+62 812 34 56 78 90`. */
const groupsMax = 6
/** Fewer digits than these name nobody by the end of their number. */
const endDigitsMin = 4

/**
 * Reads a customer (a number as people write it, also in groups; the end of one; a LID) and what follows. A
 * number in groups may swallow the amount behind it, so each way to put them together is tried, and only one
 * may make sense.
 */
export function readWho<Value, Problem>(
  words: readonly string[],
  readRest: ReadRest<Value, Problem>,
): Readonly<{ who: string; value: Value }> | Readonly<{ problem: Problem | WhoProblem }> {
  if (words.length === 0) return { problem: { kind: "missing_number" } }
  const { whole, end } = readingsOf(words)
  const read = [...whole, ...end].map(({ who, rest }) => ({ who, ...readRest(rest) }))
  const [first] = read
  if (!first) return { problem: { kind: "number_unreadable" } }
  const sensible = read.flatMap((one) => ("value" in one ? [{ who: one.who, value: one.value }] : []))
  const sensibleWhole = sensible.filter(({ who }) => whole.some((one) => one.who === who))
  if (sensibleWhole.length > 1) return { problem: { kind: "number_unclear" } }
  const chosen = sensibleWhole[0] ?? sensible[0]
  return (
    chosen ?? ("problem" in first ? { problem: first.problem } : { problem: { kind: "number_unreadable" } })
  )
}

function readingsOf(words: readonly string[]): Record<"whole" | "end", readonly NamedCustomer[]> {
  const [first = "", ...rest] = words
  if (/^[0-9]{5,20}@lid$/i.test(first)) return { whole: [{ who: first.toLowerCase(), rest }], end: [] }
  if (isWhole(first)) return { whole: [{ who: digitsOf(first), rest }], end: [] }
  const groups = words.findIndex((word) => !isGroup(word))
  const most = Math.min(groupsMax, groups === -1 ? words.length : groups)
  const whole = Array.from({ length: Math.max(0, most - 1) }, (_, place) => place + 2)
    .map((count) => ({ who: words.slice(0, count).map(digitsOf).join(""), rest: words.slice(count) }))
    .filter(({ who }) => isWhole(who))
  // With more groups behind it, the first is the beginning of a number and not the end of one.
  const isEnd = isGroup(first) && !(whole.length > 0 && isGroup(words[2] ?? ""))
  const end = digitsOf(first).replace("+", "")
  return { whole, end: isEnd && end.length >= endDigitsMin ? [{ who: end, rest }] : [] }
}

/** Digits, maybe with what people put between them. */
function isGroup(word: string): boolean {
  return /^\(?\+?[0-9][0-9().-]*$/.test(word)
}

/** Long enough to be all of a number, and begun as one is. */
function isWhole(word: string): boolean {
  return isGroup(word) && /^(?:0[0-9]{9,13}|\+?62[0-9]{9,13}|\+[1-9][0-9]{7,14})$/.test(digitsOf(word))
}

function digitsOf(word: string): string {
  return word.replace(/[().-]/g, "")
}
