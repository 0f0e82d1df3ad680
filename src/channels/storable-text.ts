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
