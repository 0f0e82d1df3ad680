/** As it is compared: lower case, no styled letters, no punctuation behind it. */
export function normalWord(word: string): string {
  return (
    word
      .normalize("NFKC")
      .toLowerCase()
      // Begins only where such a run does: of a long one, not each sign is tried anew.
      .replace(/(?<![^\p{L}\p{N}])[^\p{L}\p{N}]+$/u, "")
  )
}

/** One line of what can be seen: nothing invisible, single spaces, keycaps as their digit. */
export function readable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Z}]+/gu, " ")
    .replace(/\p{Default_Ignorable_Code_Point}|\u20e3/gu, "")
    .replace(/ {2,}/g, " ")
    .trim()
}

/**
 * What stands behind the first words of a line, counted as `readable` splits them, and as it was typed: an
 * emoji made of several signs stays whole.
 */
export function behindWords(line: string, count: number): string {
  const words = [...line.matchAll(/[^\p{Cc}\p{Z}]+/gu)].filter(([word]) => readable(word) !== "")
  const last = words[count - 1]
  const from = last ? last.index + last[0].length : count > 0 ? line.length : 0
  return line.slice(from).trim().toWellFormed()
}

/** What stands behind the prefix, or one of the signs that mean the same; undefined without any. */
export function withoutPrefix(line: string, prefix: string): string | undefined {
  const mark = [prefix, "/", "!"].find((mark) => mark !== "" && line.startsWith(mark))
  return mark === undefined ? undefined : line.slice(mark.length).trim()
}
