import type { Language } from "../intent.ts"
import { wordsFor } from "./slots/phrases-for.ts"
import { type Templates, withTemplates } from "./slots/with-templates.ts"
import type { Texts } from "./texts.ts"
import { textsFor } from "./texts-for.ts"
import type { Manner } from "./wording.ts"

/**
 * What a shop says in each language: with its sign before commands, in its zone, and with the texts its
 * operator changed. Make them once for a setting and keep them. Throws a RangeError for an unknown zone.
 */
export function houseTexts(
  shop: Manner & Readonly<{ shopName: string }>,
  changed: Readonly<Record<Language, Templates>>,
): Readonly<Record<Language, Texts>> {
  const of = (language: Language) =>
    withTemplates(textsFor(language, shop), changed[language], { ...shop, words: wordsFor(language, shop) })
  return { id: of("id"), en: of("en") }
}
