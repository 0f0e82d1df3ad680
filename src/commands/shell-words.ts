import type { Texts } from "../conversation/texts/texts.ts"
import { textsFor } from "../conversation/texts/texts-for.ts"
import type { Database } from "../database/connect.ts"
import { readHouseSettings } from "../shop/house.ts"

/**
 * The chat's own words as the shell says them: in English, times in the shop's zone, and `prefix` before what
 * is to be typed next; without one, the chat's sign. Throws `DatabaseUnavailable`.
 */
export async function shellWords(database: Database, prefix?: string): Promise<Texts> {
  const settings = await readHouseSettings(database)
  return textsFor("en", { zone: settings.zone, prefix: prefix ?? settings.prefix })
}
