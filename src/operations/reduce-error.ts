/** What of an error may be written down: nothing that somebody else's text could have come into. */
export type ReducedError = Readonly<{
  name: string
  code?: string
  constraint?: string
  /** `function file:line`, innermost first. */
  stack?: readonly string[]
  cause?: ReducedError
}>

const causeLimit = 3
const frameLimit = 12

/** Never throws, whatever was thrown. Causes are followed three deep. */
export function reduceError(thrown: unknown): ReducedError {
  try {
    return reduce(thrown, causeLimit)
  } catch {
    return { name: "unreadable" }
  }
}

/** One bounded line, in which runs of `digitRun` digits and more, as phone numbers have, are blotted out. */
export function masked(text: string, maxCharacters: number, digitRun = 7): string {
  return text
    .slice(0, maxCharacters)
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")
    .replace(new RegExp(`\\d(?:[ .()-]?\\d){${digitRun - 1},}`, "g"), "***")
}

function reduce(thrown: unknown, causesLeft: number): ReducedError {
  if (typeof thrown !== "object" || thrown === null) return { name: typeof thrown }
  const has = (key: string): unknown => Reflect.get(thrown, key)
  const code = identifier(has("code"))
  const constraint = identifier(has("constraint_name") ?? has("constraint"))
  const stack = frames(has("stack"), has("message"))
  const cause = has("cause")
  return {
    name: className(has("name")) ?? className(thrown.constructor?.name) ?? "Error",
    ...(code && { code }),
    ...(constraint && { constraint }),
    ...(stack.length > 0 && { stack }),
    ...(cause !== undefined && causesLeft > 0 && { cause: reduce(cause, causesLeft - 1) }),
  }
}

function className(name: unknown): string | undefined {
  return typeof name === "string" && name !== "Error" && /^[A-Za-z]{1,64}$/.test(name) ? name : undefined
}

function identifier(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value
  if (typeof text !== "string" || !/^[A-Za-z0-9_.-]{1,64}$/.test(text)) return undefined
  return masked(text, 64)
}

/** A message of several lines may imitate frames, so it is cut away before they are looked for. */
function frames(stack: unknown, message: unknown): string[] {
  if (typeof stack !== "string") return []
  const told = typeof message === "string" && message !== "" ? stack.indexOf(message) : -1
  const rest = told === -1 ? stack : stack.slice(told + String(message).length)
  return rest
    .split("\n")
    .flatMap((line) => frame(line) ?? [])
    .slice(0, frameLimit)
}

function frame(line: string): string | undefined {
  const [, name, path, number] =
    /^ +at (?:(?:async |new )*([\w$.<>]{1,80}) \()?([^()\s]{1,400}?):(\d{1,6})(?::\d+)?\)?$/.exec(line) ?? []
  if (path === undefined || number === undefined) return undefined
  return `${masked(name ?? "<anonymous>", 80)} ${masked(withinProject(path), 120)}:${number}`
}

/** Where the project lies on a machine is nobody's business. */
function withinProject(path: string): string {
  const known = /(?:^|\/)((?:src|test|tools|node_modules)\/.*)$/.exec(path)?.[1]
  return known ?? path.slice(path.lastIndexOf("/") + 1)
}
