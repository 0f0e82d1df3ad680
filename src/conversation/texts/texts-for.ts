import type { Language } from "../intent.ts"
import { english } from "./en.ts"
import { indonesian } from "./id.ts"
import type { Texts } from "./texts.ts"
import { type Manner, makeWording } from "./wording.ts"

/** Make them once and keep them: a time format is costly. Throws a RangeError for an unknown zone. */
export function textsFor(
  language: Language,
  { prefix = ".", zone = "Asia/Jakarta", offersQris }: Partial<Manner> = {},
): Texts {
  const wording = makeWording(language, { prefix, zone, offersQris })
  return language === "en" ? english(wording) : indonesian(wording)
}
