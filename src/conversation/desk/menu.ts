import { mayOperate, type Role } from "../../shop/customer.ts"
import { asciiDigits } from "../digits.ts"
import { normalWord, readable } from "../normal-words.ts"
import { findCommand } from "../vocabulary.ts"
import type { DeskCommand, DeskWords } from "./desk-command.ts"

/** A part of the operator's menu; `money` is what came before the rooms: refunds and reviews. */
export type MenuRoom = "catalogue" | "orders" | "money" | "people" | "vouchers" | "broadcast" | "house"

/** What an operator wants of their menu. */
export type MenuAsked = Readonly<{ room: "menu" }> &
  (
    | Readonly<{ kind: "open" }>
    /** As the menu numbers it, from 1. */
    | Readonly<{ kind: "enter"; number: number }>
    | Readonly<{ kind: "close" }>
  )

/** Said of any command, whichever room it belongs to. */
export type MenuProblem = Readonly<{ room: "menu"; kind: "lines_below" }>

/** The step of a conversation in which a number is an answer to the operator's menu. */
export const deskMenuStep = "desk_menu"

const menuWord = "admin"
/** Also one that the menu doesn't have: it is never a number of the customers' menu. */
const numbered = /^(?!0+$)[0-9]{1,3}$/
const closing = new Set(["batal", "cancel", "selesai", "tutup", "close", "keluar", "exit"])
const opening = new Set(["0", "menu", "kembali", "back"])

const menuWords = [menuWord, "toko", "operator"]

export const menuCommands: readonly DeskCommand[] = [{ words: menuWords, least: "admin", read: readMenu }]

/**
 * Whether this is the operators' menu, which nobody else knows: above all no wish for a person of somebody
 * who takes themselves for an operator.
 */
export function isMenuWord([word = ""]: readonly string[]): boolean {
  return menuWords.includes(normalWord(word))
}

function readMenu({ words }: DeskWords): { kind: "asked"; asked: MenuAsked } {
  const word = asciiDigits(normalWord(words[0] ?? ""))
  if (closing.has(word)) return { kind: "asked", asked: { room: "menu", kind: "close" } }
  if (numbered.test(word))
    return { kind: "asked", asked: { room: "menu", kind: "enter", number: Number(word) } }
  return { kind: "asked", asked: { room: "menu", kind: "open" } }
}

/**
 * The command that an answer to the open menu stands for; undefined where none is open, or something else was
 * said.
 */
export function commandOfMenuAnswer(
  conversation: Readonly<{ step: string }> | null,
  text: string,
  { prefix, role }: { prefix: string; role: Role },
): string | undefined {
  if (conversation?.step !== deskMenuStep || !mayOperate(role, "admin")) return undefined
  const word = asciiDigits(normalWord(readable(text.slice(0, 100))))
  const isAnswer = numbered.test(word) || closing.has(word) || opening.has(word)
  return isAnswer ? `${prefix}${menuWord} ${word}` : undefined
}

/**
 * What of a room's help this role may do: a line that begins with somebody else's command is left out. Empty
 * when no command is left.
 */
export function helpFor(role: Role, help: string, commands: readonly DeskCommand[]): string {
  const kept = help.split("\n").map((line) => ({ line, word: commandOf(line) }))
  const isMine = (word: string) => {
    const named = commands.filter(({ words }) => words.includes(word))
    if (named.length > 0) return named.some(({ least }) => mayOperate(role, least))
    return findCommand([word], { prefixed: true, role }) !== undefined
  }
  const mine = kept.filter(({ word }) => word === undefined || isMine(word))
  return mine.some(({ word }) => word !== undefined) ? mine.map(({ line }) => line).join("\n") : ""
}

/** The word behind the prefix, whatever sign that is. */
function commandOf(line: string): string | undefined {
  return /^[^\p{L}\p{N}\s*_]{1,3}(\p{L}[\p{L}\p{N}]*)/u.exec(line)?.[1]?.toLowerCase()
}
