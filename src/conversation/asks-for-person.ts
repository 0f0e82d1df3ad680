import { withoutPoliteness } from "./greetings.ts"
import { normalWord } from "./normal-words.ts"

const phrases: ReadonlySet<string> = new Set([
  "admin",
  "bantuan admin",
  "hubungi admin",
  "hubungi penjual",
  "chat admin",
  "chat penjual",
  "tanya admin",
  "panggil admin",
  "bicara admin",
  "bicara penjual",
  "bicara dengan admin",
  "bicara dengan penjual",
  "bicara dengan orang",
  "mau bicara dengan admin",
  "mau bicara dengan orang",
  "customer service",
  "human",
  "talk to human",
  "talk to a human",
  "talk to a person",
  "talk to the seller",
  "speak to a human",
  "speak to a person",
  "i want to talk to a human",
  "i want to talk to a person",
])

/** A message that says nothing but that a person is wanted, maybe with polite words around it. */
export function asksForPerson(words: readonly string[]): boolean {
  const spoken = words.map(normalWord).filter((word) => word !== "")
  const polite = withoutPoliteness(spoken).length
  // `admin` is a polite word, too: one that belongs to a phrase is not taken off it.
  const ends = Array.from({ length: spoken.length - polite + 1 }, (_, taken) => spoken.length - taken)
  return ends.some((end) => phrases.has(spoken.slice(0, end).join(" ")))
}
