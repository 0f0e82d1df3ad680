import type { Language } from "../../intent.ts"
import { makeWording } from "../wording.ts"
import { englishPhrases } from "./en-phrases.ts"
import { indonesianPhrases } from "./id-phrases.ts"
import type { Words } from "./slot.ts"

/** What placeholders are written with. Throws a RangeError for an unknown zone. */
export function wordsFor(
  language: Language,
  { prefix, zone }: Readonly<{ prefix: string; zone: string }>,
): Words {
  const wording = makeWording(language, { prefix, zone })
  const phrases = language === "en" ? englishPhrases(wording) : indonesianPhrases(wording)
  return { ...wording, ...phrases }
}
