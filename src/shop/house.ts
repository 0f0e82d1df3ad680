import type { Database, Statements } from "../database/connect.ts"
import { readHouse, readHouseInside, type StoredHouse } from "../database/house.ts"
import { readSettings } from "../database/settings.ts"
import type { Log } from "../operations/log.ts"
import type { Language } from "./customer.ts"
import { type HouseSettings, settingKeys, settingsFrom } from "./house-settings.ts"

/** The texts an operator changed, each under its key. */
export type ChangedTexts = Readonly<Record<Language, ReadonlyMap<string, string>>>

/** How the shop speaks and behaves at one moment. */
export type HouseSnapshot<Texts> = Readonly<{
  settings: HouseSettings
  changed: ChangedTexts
  texts: Texts
}>

/** The settings and texts of the shop, kept in memory. */
export type House<Texts> = Readonly<{
  /** As they were last seen; the defaults until then. */
  current(): HouseSnapshot<Texts>
  /**
   * As they are since this version, which a claimed message has: read again when what is kept is older. While
   * PostgreSQL is away, what is kept stays. Never rejects.
   */
  at(version: number): Promise<HouseSnapshot<Texts>>
  /** Reads them again. Throws `DatabaseUnavailable`. */
  refresh(): Promise<void>
}>

export function createHouse<Texts>(parts: {
  database: Database
  log: Log
  /** Writes the texts anew for other settings; costly, so done once a change. */
  write: (settings: HouseSettings, changed: ChangedTexts) => Texts
}): House<Texts> {
  const { database, log } = parts
  let seen = "nothing"
  let version = Number.NEGATIVE_INFINITY
  let snapshot = take({ version: 0, settings: {}, texts: [] })
  let reading: Promise<void> | undefined

  function take(stored: StoredHouse): HouseSnapshot<Texts> {
    const { settings, changed } = understood(stored)
    return { settings, changed, texts: parts.write(settings, changed) }
  }
  const read = async () => {
    const stored = await readHouse(database, settingKeys)
    const found = JSON.stringify([stored.settings, stored.texts])
    if (found !== seen) snapshot = take(stored)
    seen = found
    version = stored.version
  }
  const refresh = () => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
  return {
    current: () => snapshot,
    at: async (wanted) => {
      try {
        // A reading that was under way may have begun before this version was there.
        if (version < wanted) await refresh()
        if (version < wanted) await refresh()
      } catch (error) {
        log.warn("the settings could not be read again", { error })
      }
      return snapshot
    },
    refresh,
  }
}

/** The settings as they are now. */
export async function readHouseSettings(database: Database): Promise<HouseSettings> {
  return settingsFrom(Object.fromEntries(await readSettings(database, settingKeys)))
}

/** The settings and changed texts as a transaction sees them. */
export async function readHouseNow(
  statements: Statements,
): Promise<Pick<HouseSnapshot<unknown>, "settings" | "changed">> {
  return understood(await readHouseInside(statements, settingKeys))
}

function understood({ settings, texts }: Pick<StoredHouse, "settings" | "texts">) {
  const of = (language: Language) =>
    new Map(texts.filter((text) => text.language === language).map(({ key, template }) => [key, template]))
  return { settings: settingsFrom(settings), changed: { id: of("id"), en: of("en") } }
}
