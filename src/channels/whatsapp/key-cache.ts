/** Keys as text, kept between the account store and Baileys; only what is stored is in it. */
export type KeyCache = Readonly<{
  /** Those that exist. */
  get(type: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Writes through `store`, then remembers; when that fails, nothing is remembered of these keys. */
  change(
    entries: readonly Readonly<{ type: string; id: string; text: string | null }>[],
    store: () => Promise<void>,
  ): Promise<void>
}>

/** Together: some megabytes, a thousand customers or two. */
const charactersMax = 8_000_000

/**
 * Belongs to one connection, whose process alone may write keys as long as it holds the account. Absent keys
 * are remembered as well.
 */
export function createKeyCache(
  read: (type: string, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): KeyCache {
  const texts = new Map<string, string | null>()
  /** For each read under way, what was written beside it: that is not taken for the newest. */
  const reading = new Set<Set<string>>()
  let characters = 0

  const forget = (place: string) => {
    const text = texts.get(place)
    if (texts.delete(place)) characters -= place.length + (text?.length ?? 0)
  }
  const remember = (place: string, text: string | null) => {
    forget(place)
    texts.set(place, text)
    characters += place.length + (text?.length ?? 0)
    for (const oldest of texts.keys()) {
      if (characters <= charactersMax) return
      forget(oldest)
    }
  }
  const writing = (entries: readonly Readonly<{ type: string; id: string }>[]) => {
    for (const { type, id } of entries) {
      const place = placeOf(type, id)
      forget(place)
      for (const written of reading) written.add(place)
    }
  }

  return {
    get: async (type, ids) => {
      const found = new Map<string, string>()
      const missing: string[] = []
      for (const id of ids) {
        const text = texts.get(placeOf(type, id))
        if (text === undefined) missing.push(id)
        else if (text !== null) found.set(id, text)
      }
      if (missing.length === 0) return found
      const written = new Set<string>()
      reading.add(written)
      try {
        const stored = await read(type, missing)
        for (const id of missing) {
          const text = stored.get(id)
          if (text !== undefined) found.set(id, text)
          if (!written.has(placeOf(type, id))) remember(placeOf(type, id), text ?? null)
        }
        return found
      } finally {
        reading.delete(written)
      }
    },
    change: async (entries, store) => {
      writing(entries)
      try {
        await store()
      } finally {
        // Again: what was read meanwhile may be of before or after.
        writing(entries)
      }
      for (const { type, id, text } of entries) remember(placeOf(type, id), text)
    },
  }
}

const placeOf = (type: string, id: string) => `${type} ${id}`
