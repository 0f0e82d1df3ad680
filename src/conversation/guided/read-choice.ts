import type { PaymentMethod } from "../intent.ts"
import type { Answer } from "./read-answer.ts"
import { saidWords } from "./said-words.ts"

/** Whatever else sounds like it is asked again: money moves on this word. */
const agreeing = asSet("1 ya y iya iyah yaa yes yep ok oke okay benar betul siap sip right correct")
const changing = asSet(`
  2 ubah ganti change edit salah revisi
  tidak no nggak enggak gak ga ngga tdk nope jangan belum
`)
/** Behind a yes they repeat the choice as it is written; alone they may be the wish for something else. */
const ordering = asSet("pesan beli order buy")

const methods: ReadonlyMap<string, PaymentMethod> = new Map([
  ["1", "saldo"],
  ["saldo", "saldo"],
  ["balance", "saldo"],
  ["2", "qris"],
  ["qris", "qris"],
  ["qr", "qris"],
  ["online", "qris"],
])

/** Whether the summary is agreed to, maybe by naming a way to pay. */
export function readChoice(line: string): Answer | undefined {
  const said = saidWords(line)
  if (changing.has(said)) return { kind: "change" }
  if (agreeing.has(said) || isWholeChoice(said)) return { kind: "yes" }
  return ordering.has(said) ? { kind: "not_a_choice" } : readMethod(line)
}

/** `ya, pesan` and `yes, order it`. */
function isWholeChoice(said: string): boolean {
  const [yes = "", order = "", ...rest] = said.replace(/ it$/, "").split(" ")
  return agreeing.has(yes) && ordering.has(order) && rest.length === 0
}

export function readMethod(line: string): Answer | undefined {
  const method = methods.get(saidWords(line).replace(/^(?:pakai|lewat|bayar|by|with) /, ""))
  return method && { kind: "method", method }
}

function asSet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/))
}
