import type { PaymentMethod } from "../intent.ts"
import type { Answer } from "./read-answer.ts"
import { saidWords } from "./said-words.ts"

const agreeing = asSet(`
  1 ya y iya iyah yaa ok oke okay okey yes yep sip siap setuju betul benar lanjut lanjutkan confirm konfirmasi
  pesan beli order buy jadi deal gas
`)
const changing = asSet("2 ubah ganti change edit salah revisi")
const declining = asSet("tidak no nggak enggak gak ga ngga tdk nope jangan")

const methods: ReadonlyMap<string, PaymentMethod> = new Map([
  ["1", "saldo"],
  ["saldo", "saldo"],
  ["balance", "saldo"],
  ["2", "qris"],
  ["qris", "qris"],
  ["qr", "qris"],
  ["online", "qris"],
])

/** Whether the summary is agreed to. */
export function readChoice(line: string): Answer | undefined {
  const said = saidWords(line)
  if (agreeing.has(said)) return { kind: "yes" }
  if (changing.has(said)) return { kind: "change" }
  return declining.has(said) ? { kind: "leave" } : undefined
}

export function readMethod(line: string): Answer | undefined {
  const method = methods.get(saidWords(line).replace(/^(?:pakai|lewat|bayar|by|with) /, ""))
  return method && { kind: "method", method }
}

function asSet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/))
}
