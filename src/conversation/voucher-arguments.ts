import { type Reading, readCode } from "./read-words.ts"

const removing = new Set("hapus remove batal cancel stop tidak off".split(" "))

/** Whether `.voucher WORD` drops the chosen voucher, so that none can be called so. */
export function dropsVoucher(word: string): boolean {
  return removing.has(word.toLowerCase())
}

/** `.voucher`, `.voucher CODE`, or `.voucher hapus`. */
export function readVoucher(words: readonly string[]): Reading {
  if (words.length === 0) return { kind: "voucher", wish: { kind: "show" } }
  if (words.length === 1 && dropsVoucher(words[0] ?? "")) return { kind: "voucher", wish: { kind: "drop" } }
  const code = readCode(words.join(" "))
  return code === undefined
    ? { reason: { kind: "malformed_voucher" } }
    : { kind: "voucher", wish: { kind: "choose", code } }
}

/** `.kabari`, `.kabari CODE`, or `.kabari CODE batal`. */
export function readRestock([codeWord, ...rest]: readonly string[]): Reading {
  if (codeWord === undefined) return { kind: "restock", wish: { kind: "list" } }
  const code = readCode(codeWord)
  if (code === undefined) return { reason: { kind: "malformed_code" } }
  if (rest.length === 0) return { kind: "restock", wish: { kind: "ask", code } }
  return rest.length === 1 && removing.has(rest[0]?.toLowerCase() ?? "")
    ? { kind: "restock", wish: { kind: "end", code } }
    : { reason: { kind: "too_many_words" } }
}
