import { mayOperate, type Role } from "../../shop/customer.ts"
import { normalWord, readable, withoutPrefix } from "../normal-words.ts"
import { nearestOwnWord, nearestWord, operatorWords } from "../vocabulary.ts"
import { deskCommands } from "./rooms.ts"

/** What an operator may have meant by a command that nobody knows. */
export type MeantAtDesk =
  /** A slip away from this word of theirs. */
  | Readonly<{ kind: "slip"; word: string }>
  /** A word as it should be, but an owner's, and they are none. */
  | Readonly<{ kind: "owners"; word: string }>

const words: readonly Readonly<{ word: string; least: "admin" | "owner" }>[] = [
  ...deskCommands.flatMap(({ words, least }) => words.map((word) => ({ word, least }))),
  ...[...operatorWords].map(([word, { least }]) => ({ word, least })),
]

/** Undefined for messages without the prefix, and where a customers' word is nearer. */
export function nearestDeskWord(
  text: string,
  { prefix, role }: { prefix: string; role: Role },
): MeantAtDesk | undefined {
  if (!mayOperate(role, "admin")) return undefined
  const line = withoutPrefix(readable(text.slice(0, 200)), prefix)
  const typed = normalWord(line?.split(" ")[0] ?? "")
  if (typed === "") return undefined
  const known = words.find(({ word }) => word === typed)
  if (known) return mayOperate(role, known.least) ? undefined : { kind: "owners", word: typed }
  const own = words.filter(({ least }) => mayOperate(role, least)).map(({ word }) => word)
  const near = nearestWord(typed, own, { prefixed: true })
  const other = nearestOwnWord(typed)
  return near && near.slips <= (other?.slips ?? near.slips) ? { kind: "slip", word: near.word } : undefined
}
