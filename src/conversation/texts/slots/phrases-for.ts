import type { Language } from "../../intent.ts"
import { type Manner, makeWording } from "../wording.ts"
import { englishPhrases } from "./en-phrases.ts"
import { indonesianPhrases } from "./id-phrases.ts"
import type { Words } from "./slot.ts"

/** What placeholders are written with. Throws a RangeError for an unknown zone. */
export function wordsFor(language: Language, manner: Manner): Words {
  const wording = makeWording(language, manner)
  const phrases = language === "en" ? englishPhrases(wording) : indonesianPhrases(wording)
  return { ...wording, ...phrases }
}
