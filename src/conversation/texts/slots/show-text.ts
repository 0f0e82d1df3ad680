import type { Language } from "../../intent.ts"
import type { HouseDeskTexts, ShownPlaceholder, ShownText } from "../house-desk-texts.ts"
import { oneLine } from "../wording.ts"
import { wordsFor } from "./phrases-for.ts"
import { exampleOf, originalTemplate, type Place } from "./present.ts"
import type { Changeable } from "./slots.ts"
import { placeholdersOf, readTemplate } from "./template.ts"
import type { TemplatesByLanguage } from "./with-templates.ts"

const exampleMax = 60

/** Everything an operator wants to see of a text, in whose language the examples are. */
export function showText(
  changeable: Changeable,
  { changed, ...place }: Place & Readonly<{ changed: TemplatesByLanguage; language: Language }>,
): Parameters<HouseDeskTexts["textShown"]>[0] {
  const of = (language: Language): ShownText => {
    const kept = changed[language].get(changeable.key)
    const isChanged = kept !== undefined && readTemplate(kept, changeable.text).kind === "read"
    return {
      template: isChanged ? kept : originalTemplate(changeable, language, place.zone),
      isChanged,
      example: exampleOf(changeable, language, { ...place, template: kept }),
    }
  }
  return {
    key: changeable.key,
    texts: { id: of("id"), en: of("en") },
    placeholders: placeholdersOf(changeable.text).map((name) => placeholder(changeable, name, place)),
  }
}

function placeholder(
  { text }: Changeable,
  name: string,
  { language, ...place }: Place & Readonly<{ language: Language }>,
): ShownPlaceholder {
  const slot = Object.hasOwn(text.slots, name) ? text.slots[name] : undefined
  return {
    name,
    must: slot?.must,
    isLine: slot?.isLine ?? false,
    isBlock: slot?.isBlock ?? false,
    example: exampleFor(),
  }

  function exampleFor(): string {
    if (name === "original") return "…"
    if (slot) return oneLine(slot.write(text.sample, wordsFor(language, place)), exampleMax)
    return name === "prefix" ? place.prefix : oneLine(place.shopName)
  }
}
