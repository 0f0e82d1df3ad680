import type { Wording } from "../wording.ts"
import type { Phrases } from "./phrases.ts"

/** What a placeholder can be written with: the wording of a language, and the pieces of its own texts. */
export type Words = Wording & Phrases

/** One placeholder of a text: what stands in its place, and what a changed text owes to it. */
export interface Slot<Given> {
  /** Formatted as a customer reads it; an empty text where there is nothing to say. */
  write(given: Given, words: Words): string
  /** What the text is for may not be left out of it; goods and lists, moreover, stand in it once. */
  readonly must?: "appear" | "appear_once"
  /** A list, or a whole paragraph: it stands in a text once, or not at all. */
  readonly isBlock?: boolean
  /** The line that holds it goes when it is empty. */
  readonly isLine?: boolean
}

/** One text, or one of the forms a text has: its placeholders, and an example with everything in it. */
export type TextSlots<Given> = Readonly<{
  sample: Given
  slots: Readonly<Record<string, Slot<Given>>>
}>

/** A text that has several forms, each changed by itself under the name of the text and its own. */
export interface Forms<Given> {
  pick(given: Given): string
  readonly forms: Readonly<Record<string, TextSlots<Given>>>
}

export type Entry<Given> = TextSlots<Given> | Forms<Given>

/** What a text is called with: the one thing it takes (never a list), or all of them. */
export type GivenTo<Say extends (...given: never[]) => string> =
  Parameters<Say> extends [infer Only] ? Only : Parameters<Say>

/** An entry for every text; one that is missing does not compile. */
export type SlotTable<Part> = {
  readonly [Key in keyof Part]: Part[Key] extends (...given: never[]) => string
    ? Entry<GivenTo<Part[Key]>>
    : never
}

type Write<Given> = (given: Given, words: Words) => string

export function slot<Given>(write: Write<Given>): Slot<Given> {
  return { write }
}

/** Can't be left out. */
export function needed<Given>(write: Write<Given>): Slot<Given> {
  return { write, must: "appear" }
}

/** Can't be left out, and can't be said twice. */
export function once<Given>(write: Write<Given>): Slot<Given> {
  return { write, must: "appear_once" }
}

/** Takes its line with it when it is empty. */
export function line<Given>(write: Write<Given>): Slot<Given> {
  return { write, isLine: true }
}

/** A list or a paragraph that can be left out: not twice in a text, and takes its line with it. */
export function block<Given>(write: Write<Given>): Slot<Given> {
  return { write, isLine: true, isBlock: true }
}

/** A text that is always the same. */
export const fixed: TextSlots<[]> = { sample: [], slots: {} }

/** A text that is too much of a piece to be taken apart: only words around it can be added. */
export function framed<Given>(sample: Given): TextSlots<Given> {
  return { sample, slots: { original: once(() => "") } }
}

/** The forms of a text that says a different thing for each kind. */
export function byKind<Given extends Readonly<{ kind: string }>>(
  forms: {
    readonly [Kind in Given["kind"]]: TextSlots<Extract<Given, Readonly<{ kind: Kind }>>>
  },
): Forms<Given> {
  return { pick: ({ kind }) => kind, forms }
}
