import type { Language } from "../../intent.ts"
import { textsFor } from "../texts-for.ts"
import { wordsFor } from "./phrases-for.ts"
import type { Changeable } from "./slots.ts"
import { readTemplate } from "./template.ts"
import { callOf, sayingOf, type Writing, write } from "./with-templates.ts"

export type Place = Readonly<{ prefix: string; zone: string; shopName: string }>

/** Stands for the prefix where a text is looked through for it: no text has it otherwise. */
const prefixMark = "\uE000"

/**
 * A text as Lapak has it, with placeholders where its sample's values stand: what an operator starts from.
 * Kept as it is, it says the same as the text.
 */
export function originalTemplate({ name, text }: Changeable, language: Language, zone: string): string {
  if (text.slots.original) return "{original}"
  const marked = { prefix: prefixMark, zone }
  const said = sayingOf(textsFor(language, marked), name)(...callOf(text.sample))
  const words = wordsFor(language, marked)
  const values = Object.entries(text.slots)
    .map(([slot, { write }]) => ({ slot, value: write(text.sample, words) }))
    .filter(({ value }) => value.trim() !== "")
    .sort((one, other) => other.value.length - one.value.length)
  let parts: readonly Part[] = [{ kind: "words", text: said }]
  for (const { slot, value } of values) parts = parts.flatMap((part) => replaced(part, value, slot))
  return parts
    .map((part) => (part.kind === "slot" ? `{${part.name}}` : part.text.replaceAll(prefixMark, "{prefix}")))
    .join("")
}

type Part = Readonly<{ kind: "words"; text: string }> | Readonly<{ kind: "slot"; name: string }>

function replaced(part: Part, value: string, name: string): readonly Part[] {
  if (part.kind === "slot") return [part]
  return part.text.split(wholeWord(value)).flatMap((text, index): Part[] =>
    index === 0
      ? [{ kind: "words", text }]
      : [
          { kind: "slot", name },
          { kind: "words", text },
        ],
  )
}

/** A value is not found within a longer word or number. */
function wholeWord(value: string): RegExp {
  const quoted = value.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
  const before = /^[\p{L}\p{N}]/u.test(value) ? "(?<![\\p{L}\\p{N}])" : ""
  const after = /[\p{L}\p{N}]$/u.test(value) ? "(?![\\p{L}\\p{N}])" : ""
  return new RegExp(`${before}${quoted}${after}`, "u")
}

/** A text as its sample's customer would read it, with a template in its place, or as it is. */
export function exampleOf(
  changeable: Changeable,
  language: Language,
  given: Place & Readonly<{ template?: string | undefined }>,
): string {
  const { name, text } = changeable
  const original = sayingOf(textsFor(language, given), name)(...callOf(text.sample))
  const read = given.template === undefined ? undefined : readTemplate(given.template, text)
  if (read?.kind !== "read") return original
  const writing: Writing = { words: wordsFor(language, given), ...given }
  return write(read.template, { ...writing, text, given: text.sample, original })
}

/** The same where everything that can be empty is; undefined where that makes no difference. */
export function bareExampleOf(
  changeable: Changeable,
  language: Language,
  given: Place & Readonly<{ template?: string | undefined }>,
): string | undefined {
  const { text } = changeable
  const slots = Object.entries(text.slots).map(([name, slot]) => [
    name,
    slot.isLine ? { ...slot, write: () => "" } : slot,
  ])
  const bare = { ...changeable, text: { ...text, slots: Object.fromEntries(slots) } }
  const example = exampleOf(bare, language, given)
  return example === "" || example === exampleOf(changeable, language, given) ? undefined : example
}
