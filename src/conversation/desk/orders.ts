import { readCode } from "../read-words.ts"
import type { DeskCommand, DeskWords } from "./desk-command.ts"

type Wanted =
  | Readonly<{ kind: "sales"; period: "day" | "week" | "month" }>
  | Readonly<{ kind: "find"; text: string }>
  | Readonly<{ kind: "show"; orderCode: string }>
  | Readonly<{ kind: "to_ship" }>
  | Readonly<{ kind: "pack"; orderCode: string }>
  | Readonly<{ kind: "ship"; orderCode: string; courier: string; tracking: string }>
  | Readonly<{ kind: "complete"; orderCode: string }>
  | Readonly<{ kind: "resend"; orderCode: string }>

/** What an operator wants of the shop's orders. */
export type OrdersAsked = Readonly<{ room: "orders" }> & Wanted

export type OrdersCommand = Wanted["kind"]

export type OrdersProblem = Readonly<{
  room: "orders"
  command: OrdersCommand
  kind:
    | "missing_order_code"
    | "malformed_order_code"
    | "unknown_period"
    | "missing_text"
    | "text_too_short"
    | "missing_parcel"
    | "courier_malformed"
    | "courier_too_long"
    | "tracking_malformed"
    | "tracking_too_long"
    | "too_many_words"
}>

/** In characters. */
export const parcelLimits = Object.freeze({ courier: 40, tracking: 60 })

/** Less than that fits nearly every order. */
const searchedLeast = 3
const searchedMost = 40

const periods: ReadonlyMap<string, "day" | "week" | "month"> = new Map([
  ["hari", "day"],
  ["today", "day"],
  ["day", "day"],
  ["minggu", "week"],
  ["week", "week"],
  ["bulan", "month"],
  ["month", "month"],
])

type Read = Readonly<{ kind: "asked"; asked: OrdersAsked }> | Refusal
type Refusal = Readonly<{ kind: "problem"; command: OrdersCommand; problem: OrdersProblem }>

export const ordersCommands: readonly DeskCommand[] = [
  { words: ["penjualan", "sales"], least: "admin", read: readSales },
  { words: ["cari", "find"], least: "admin", read: readSearch },
  { words: ["pesanan", "orders", "show"], least: "admin", read: readOne("show") },
  { words: ["perludikirim", "toship"], least: "admin", read: () => asked({ kind: "to_ship" }) },
  { words: ["dikemas", "pack", "packing", "packed"], least: "admin", read: readOne("pack") },
  { words: ["resi", "ship", "shipped"], least: "admin", read: readParcel },
  { words: ["selesai", "complete", "completed"], least: "admin", read: readOne("complete") },
  { words: ["kirimulang", "resendorder"], least: "admin", read: readOne("resend") },
]

/** Why a parcel cannot be said to be on its way by these; undefined when it can. */
export function parcelProblem({
  courier,
  tracking,
}: Readonly<{ courier: string; tracking: string }>): OrdersProblem["kind"] | undefined {
  if ([...courier].length > parcelLimits.courier) return "courier_too_long"
  if (tracking.length > parcelLimits.tracking) return "tracking_too_long"
  if (!/^[\p{L}\p{N}][\p{L}\p{N} .,&'()/+-]*$/u.test(courier)) return "courier_malformed"
  // A number without a digit is a word of the courier's name, and the number was left out.
  return /^(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9./-]*$/.test(tracking) ? undefined : "tracking_malformed"
}

function asked(wanted: Wanted): Read {
  return { kind: "asked", asked: { room: "orders", ...wanted } }
}

function problem(command: OrdersCommand, kind: OrdersProblem["kind"]): Refusal {
  return { kind: "problem", command, problem: { room: "orders", command, kind } }
}

function readSales({ words }: DeskWords): Read {
  const said = words
    .join("")
    .toLowerCase()
    .replace(/^this|ini$/, "")
  const period = said === "" ? "day" : periods.get(said)
  return period ? asked({ kind: "sales", period }) : problem("sales", "unknown_period")
}

function readSearch({ words }: DeskWords): Read {
  const text = words.join(" ").slice(0, searchedMost).toWellFormed()
  if (text === "") return problem("find", "missing_text")
  return [...text].length < searchedLeast ? problem("find", "text_too_short") : asked({ kind: "find", text })
}

function readOne(kind: "show" | "pack" | "complete" | "resend"): (given: DeskWords) => Read {
  return ({ words: [codeWord, ...rest] }) => {
    const orderCode = readOrderCode(kind, codeWord)
    if (typeof orderCode !== "string") return orderCode
    return rest.length > 0 ? problem(kind, "too_many_words") : asked({ kind, orderCode })
  }
}

/** CODE, then the courier in however many words, then the number. */
function readParcel({ words: [codeWord, ...rest] }: DeskWords): Read {
  const orderCode = readOrderCode("ship", codeWord)
  if (typeof orderCode !== "string") return orderCode
  const courier = rest.slice(0, -1).join(" ")
  const tracking = rest.at(-1) ?? ""
  if (courier === "") return problem("ship", "missing_parcel")
  const wrong = parcelProblem({ courier, tracking })
  return wrong ? problem("ship", wrong) : asked({ kind: "ship", orderCode, courier, tracking })
}

function readOrderCode(command: OrdersCommand, word: string | undefined): string | Refusal {
  if (word === undefined) return problem(command, "missing_order_code")
  return readCode(word) ?? problem(command, "malformed_order_code")
}
