import { mayOperate, type Role } from "../../shop/customer.ts"
import { behindWords, normalWord, readable, withoutPrefix } from "../normal-words.ts"
import { type DeskCommand, type DeskReading, hasLines } from "./desk-command.ts"
import { deskCommands } from "./rooms.ts"

/** Reads an operator's command; undefined when the message is none, or not for this role. Total. */
export function understandDesk(text: string, prefix: string, role: Role): DeskReading | undefined {
  if (!mayOperate(role, "admin")) return undefined
  const [first = "", ...lines] = text.toWellFormed().split(/\r\n|\r|\n/)
  const line = withoutPrefix(readable(first), prefix)
  if (line === undefined) return undefined
  const [name = "", ...words] = line.split(" ").filter((word) => word !== "")
  const command = findDeskCommand(name)
  if (!command || !mayOperate(role, command.least)) return undefined
  if (!command.takesLines && hasLines(lines))
    return {
      kind: "problem",
      command: command.words[0] ?? "",
      problem: { room: "menu", kind: "lines_below" },
    }
  const before = readable(first).split(" ").length - words.length
  return command.read({ words, lines, behind: (count) => behindWords(first, before + count) })
}

function findDeskCommand(name: string): DeskCommand | undefined {
  const wanted = normalWord(name)
  return deskCommands.find(({ words }) => words.includes(wanted))
}
