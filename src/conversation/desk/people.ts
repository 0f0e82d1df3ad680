import type { Role } from "../../shop/customer.ts"
import { type Rupiah, rupiah } from "../../shop/money.ts"
import { normalWord } from "../normal-words.ts"
import { takeAmount, takeReason } from "../operator-arguments.ts"
import { type ReadRest, readWho, type WhoProblem } from "./read-who.ts"

/** What an operator wants of the people of the shop. `who` is a customer as the operator named them. */
export type PeopleAsked = Readonly<{ room: "people" }> &
  (
    | Readonly<{ kind: "pause"; who: string; hours: number }>
    | Readonly<{ kind: "resume"; who: string }>
    | Readonly<{ kind: "queue" }>
    | Readonly<{ kind: "show"; who: string }>
    /** Above zero a credit, below zero a debit. */
    | Readonly<{ kind: "adjust"; who: string; amount: Rupiah; reason: string }>
    | Readonly<{ kind: "block"; who: string; reason: string }>
    | Readonly<{ kind: "unblock"; who: string }>
    | Readonly<{ kind: "role"; who: string; role: GivenRole }>
    | Readonly<{ kind: "team" }>
  )

/** Owners are named by the configuration alone. */
export type GivenRole = Exclude<Role, "owner">

export type PeopleCommand =
  | "pause"
  | "resume"
  | "queue"
  | "customer"
  | "credit"
  | "debit"
  | "block"
  | "unblock"
  | "role"
  | "team"

export type PeopleProblem = Readonly<{ room: "people" }> & Unread

type Unread =
  | WhoProblem
  | Readonly<{
      kind:
        | "missing_amount"
        | "amount_not_a_number"
        | "missing_reason"
        | "reason_too_long"
        | "hours_invalid"
        | "role_unknown"
        | "too_many_words"
    }>

export const pauseHours = Object.freeze({ usual: 12, min: 1, max: 168 })

const roles: ReadonlyMap<string, GivenRole> = new Map([
  ["customer", "customer"],
  ["pelanggan", "customer"],
  ["reseller", "reseller"],
  ["agen", "reseller"],
  ["admin", "admin"],
])

type Read = Readonly<{ kind: "asked"; asked: PeopleAsked }> | PeopleRefusal
type PeopleRefusal = Readonly<{ kind: "problem"; command: PeopleCommand; problem: PeopleProblem }>
type Words = Readonly<{ words: readonly string[] }>

export const peopleCommands = [
  {
    words: ["jeda", "pause"],
    least: "admin",
    read: ({ words }: Words) =>
      about("pause", words, readHours, (who, hours) => ({ room: "people", kind: "pause", who, hours })),
  },
  {
    words: ["lanjutkan", "lanjut", "resume"],
    least: "admin",
    read: ({ words }: Words) =>
      about("resume", words, readNothing, (who) => ({ room: "people", kind: "resume", who })),
  },
  {
    words: ["antre", "antrean", "antri", "queue"],
    least: "admin",
    read: (): Read => ({ kind: "asked", asked: { room: "people", kind: "queue" } }),
  },
  {
    words: ["pelanggan", "customer"],
    least: "admin",
    read: ({ words }: Words) =>
      about("customer", words, readNothing, (who) => ({ room: "people", kind: "show", who })),
  },
  {
    words: ["kredit", "credit"],
    least: "admin",
    read: ({ words }: Words) =>
      about("credit", words, readMoney, (who, money) => ({ room: "people", kind: "adjust", who, ...money })),
  },
  {
    words: ["debit", "debet"],
    least: "admin",
    read: ({ words }: Words) =>
      about("debit", words, readMoney, (who, { amount, reason }) => {
        return { room: "people", kind: "adjust", who, amount: rupiah(-amount), reason }
      }),
  },
  {
    words: ["blokir", "block"],
    least: "admin",
    read: ({ words }: Words) =>
      about("block", words, readReason, (who, reason) => ({ room: "people", kind: "block", who, reason })),
  },
  {
    words: ["bukablokir", "unblock"],
    least: "admin",
    read: ({ words }: Words) =>
      about("unblock", words, readNothing, (who) => ({ room: "people", kind: "unblock", who })),
  },
  {
    words: ["peran", "role"],
    least: "owner",
    read: ({ words }: Words) =>
      about("role", words, readRole, (who, role) => ({ room: "people", kind: "role", who, role })),
  },
  {
    words: ["tim", "team"],
    least: "admin",
    read: (): Read => ({ kind: "asked", asked: { room: "people", kind: "team" } }),
  },
] as const

/** Reads a customer and what follows, as the command wants it. */
function about<Value>(
  command: PeopleCommand,
  words: readonly string[],
  readRest: ReadRest<Value, Unread>,
  asked: (who: string, value: Value) => PeopleAsked,
): Read {
  const read = readWho(words, readRest)
  return "problem" in read
    ? { kind: "problem", command, problem: { room: "people", ...read.problem } }
    : { kind: "asked", asked: asked(read.who, read.value) }
}

const readNothing: ReadRest<undefined, Unread> = (rest) =>
  rest.length === 0 ? { value: undefined } : { problem: { kind: "too_many_words" } }

const readHours: ReadRest<number, Unread> = ([word, unit, ...rest]) => {
  if (word === undefined) return { value: pauseHours.usual }
  const [, digits, tail = ""] = /^([0-9]{1,3})(\p{L}*)$/u.exec(normalWord(word)) ?? []
  const hours = Number(digits)
  const isHours = [tail, normalWord(unit ?? "")].every((text) => /^(?:jam|j|hours?|h)?$/.test(text))
  const { min, max } = pauseHours
  if (rest.length > 0 || digits === undefined || !isHours || hours < min || hours > max)
    return { problem: { kind: "hours_invalid" } }
  return { value: hours }
}

const readMoney: ReadRest<Readonly<{ amount: Rupiah; reason: string }>, Unread> = (rest) => {
  if (rest.length === 0) return { problem: { kind: "missing_amount" } }
  const money = takeAmount(rest)
  if ("reason" in money) return { problem: { kind: "amount_not_a_number" } }
  // `10 000` is ten thousand, and not ten for the reason "000".
  if (/^[0-9]{3}(?![0-9])/.test(money.rest[0] ?? "")) return { problem: { kind: "amount_not_a_number" } }
  const said = readReason(money.rest)
  return "problem" in said ? said : { value: { amount: money.amount, reason: said.value } }
}

const readReason: ReadRest<string, Unread> = (rest) => {
  const said = takeReason(rest)
  if (typeof said === "string") return { value: said }
  return { problem: { kind: said.kind === "reason_too_long" ? "reason_too_long" : "missing_reason" } }
}

const readRole: ReadRest<GivenRole, Unread> = ([word = "", ...rest]) => {
  const role = roles.get(normalWord(word))
  if (!role) return { problem: { kind: "role_unknown" } }
  return rest.length > 0 ? { problem: { kind: "too_many_words" } } : { value: role }
}
