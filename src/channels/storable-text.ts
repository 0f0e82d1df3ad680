import { createHash } from "node:crypto"

const nameCharactersMax = 100

/**
 * A text as PostgreSQL can keep it, which holds neither NUL nor half a surrogate pair: both are shown as the
 * replacement character.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd")
}

/** What a customer calls themselves, cut to 100 characters; undefined when nothing is left. */
export function storableName(name: string | null | undefined): string | undefined {
  const shortName = [...storableText(name ?? "").trim()].slice(0, nameCharactersMax).join("")
  return shortName === "" ? undefined : shortName
}

/** With room for the customer that is written beside it; see `accept_messages`. */
const idCharactersMax = 100

/**
 * An id that somebody's phone chose: as it is when it is a plain word of at most 100 characters, else what
 * stands for it, 64 characters, the same each time.
 */
export function storableId(id: string): string {
  const isPlain = id.length <= idCharactersMax && /^[!-~]+$/.test(id)
  return isPlain ? id : createHash("sha256").update(id).digest("hex")
}
