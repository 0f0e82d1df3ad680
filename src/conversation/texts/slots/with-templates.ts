import type { Language } from "../../intent.ts"
import type { Texts } from "../texts.ts"
import { oneLine } from "../wording.ts"
import { fill, type Value } from "./fill.ts"
import type { TextSlots, Words } from "./slot.ts"
import { type Changeable, changeables, type TextName } from "./slots.ts"
import { readTemplate, type Template } from "./template.ts"

/** What changed texts are written with. */
export type Writing = Readonly<{ words: Words; prefix: string; shopName: string }>

/** Changed texts of one language, by their keys. */
export type Templates = ReadonlyMap<string, string>

/** The changed texts of the shop. */
export type TemplatesByLanguage = Readonly<Record<Language, Templates>>

/** WhatsApp takes 65,536 in a message, and some texts are said one below another. */
const charactersMax = 60_000

type Say = (...given: readonly unknown[]) => string

/**
 * The texts with those in place of which a template is kept. One that can't be used any more, because its
 * text has other placeholders now, or that grows too long with what is filled in, is as if it were not there.
 * Saying them never throws where the texts themselves do not.
 */
export function withTemplates(texts: Texts, templates: Templates, writing: Writing): Texts {
  const changed = new Map<TextName, readonly Changed[]>()
  for (const changeable of changeables) {
    const kept = templates.get(changeable.key)
    const read = kept === undefined ? undefined : readTemplate(kept, changeable.text)
    if (read?.kind !== "read") continue
    const others = changed.get(changeable.name) ?? []
    changed.set(changeable.name, [...others, { changeable, template: read.template }])
  }
  const said = [...changed].map(([name, forms]) => [name, saying(texts, name, forms, writing)])
  return { ...texts, ...Object.fromEntries(said) }
}

type Changed = Readonly<{ changeable: Changeable; template: Template }>

function saying(texts: Texts, name: TextName, forms: readonly Changed[], writing: Writing): Say {
  const say = sayingOf(texts, name)
  return (...all) => {
    const marked = say(...all)
    try {
      const given = givenOf(all)
      const form = forms.find(({ changeable }) => changeable.fits(given))
      if (!form) return marked
      const isDemo = marked.startsWith(texts.demoMark)
      const original = isDemo ? marked.slice(texts.demoMark.length).trimStart() : marked
      const text = write(form.template, { ...writing, text: form.changeable.text, given, original })
      if (text.trim() === "" || text.length > charactersMax) return marked
      return isDemo ? texts.demo(text) : text
    } catch {
      // A shop that says its own words is better than one that says nothing.
      return marked
    }
  }
}

/** Writes a template out for what is given. */
export function write(
  template: Template,
  from: Writing & Readonly<{ text: TextSlots<unknown>; given: unknown; original: string }>,
): string {
  return fill(template, (name) => valueFor(name, from))
}

function valueFor(
  name: string,
  { words, prefix, shopName, text, given, original }: Parameters<typeof write>[1],
): Value {
  if (name === "original") return { text: original, isLine: false }
  if (Object.hasOwn(text.slots, name)) {
    const slot = text.slots[name]
    return { text: slot?.write(given, words) ?? "", isLine: slot?.isLine ?? false }
  }
  return { text: name === "prefix" ? prefix : oneLine(shopName), isLine: false }
}

/** One text as a function of whatever it takes. */
export function sayingOf(texts: Texts, name: TextName): Say {
  return texts[name] as Say
}

/** What the entry of a text knows it by; see `GivenTo`. */
function givenOf(all: readonly unknown[]): unknown {
  return all.length === 1 ? all[0] : all
}

/** What a text is called with to say its sample. */
export function callOf(sample: unknown): readonly unknown[] {
  return Array.isArray(sample) ? sample : [sample]
}
