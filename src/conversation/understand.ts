import type { Role } from "../shop/customer.ts"
import { readArguments } from "./arguments.ts"
import { asksForPerson } from "./asks-for-person.ts"
import { isMenuWord } from "./desk/menu.ts"
import { understandDesk } from "./desk/understand-desk.ts"
import { asciiDigits } from "./digits.ts"
import { isGreeting, saysThanks, withoutPoliteness } from "./greetings.ts"
import type { Command, Intent } from "./intent.ts"
import { hasWords, isTooLong } from "./line.ts"
import { normalWord, readable, withoutPrefix } from "./normal-words.ts"
import { findCommand, menuItems, nearestCommand } from "./vocabulary.ts"

/** Beyond this many words, a message that starts like a command is somebody talking, not ordering. */
const talkingWords = 3

/** What `buy` says of words that are no code and no number. */
const wishes: ReadonlySet<string> = new Set(["malformed_code", "quantity_not_a_number"])

/**
 * Reads one message. Total: every string there is has an intent. `/` and `!` mean the same as the prefix. To
 * customers the operator's commands are words that nobody knows.
 */
export function understand(text: string, prefix = ".", { role = "customer" }: { role?: Role } = {}): Intent {
  const asked = understandDesk(text, prefix, role)
  if (asked?.kind === "asked") return { kind: "desk", asked: asked.asked }
  if (asked) return { ...asked, kind: "desk_problem" }
  if (isTooLong(text)) return { kind: "too_long" }
  const line = readable(text)
  if (line === "") return { kind: "empty" }
  const rest = withoutPrefix(line, prefix)
  return rest === undefined ? understandPlain(line) : understandPrefixed(rest, role)
}

function understandPrefixed(rest: string, role: Role): Intent {
  if (rest === "") return { kind: "menu" }
  const words = rest.split(" ")
  if (isMenuWord(words)) return { kind: "unknown" }
  if (asksForPerson(words)) return { kind: "person" }
  if (saysThanks(words)) return { kind: "thanks" }
  const found = findCommand(words, { prefixed: true, role })
  if (found) return readArguments(found.command, found.rest)
  if (!hasWords(rest)) return { kind: "no_words" }
  const item = menuItem(rest)
  if (item) return readArguments(item, [])
  if (isGreeting(words)) return { kind: "menu" }
  return unknown(nearestCommand(words[0] ?? "", { prefixed: true }))
}

function understandPlain(line: string): Intent {
  if (!hasWords(line)) return { kind: "no_words" }
  const item = menuItem(line)
  if (item) return readArguments(item, [])
  const words = line.split(" ")
  const found = isGreeting(words) ? undefined : findCommand(withoutPoliteness(words), { prefixed: false })
  return (
    understandCommand(line) ?? unknown(found?.command ?? nearestCommand(words[0] ?? "", { prefixed: false }))
  )
}

/** A command in plain words, or a greeting; undefined for all else, numbers of the menu among it. */
export function understandCommand(line: string): Intent | undefined {
  const words = line.split(" ")
  if (asksForPerson(words)) return { kind: "person" }
  if (saysThanks(words)) return { kind: "thanks" }
  if (isGreeting(words)) return { kind: "menu" }
  const meant = withoutPoliteness(words)
  const found = findCommand(meant, { prefixed: false })
  if (!found) return undefined
  const intent = readArguments(found.command, found.rest)
  // `beli kopi susu` names what is wanted, as one does who knows no codes.
  if (intent.kind === "invalid" && intent.command === "buy" && wishes.has(intent.reason.kind))
    return { kind: "order", wish: found.rest.join(" ") }
  return intent.kind === "invalid" && meant.length > talkingWords ? undefined : intent
}

function unknown(suggestion: Command | undefined): Intent {
  return suggestion ? { kind: "unknown", suggestion } : { kind: "unknown" }
}

function menuItem(line: string): Command | undefined {
  const number = asciiDigits(normalWord(line))
  return /^[1-9]$/.test(number) ? menuItems[Number(number) - 1] : undefined
}
