import { recordAudit } from "../database/audit-log.ts"
import type { Statements } from "../database/connect.ts"
import { announceHouseChange, knowsZone, removeText, storeSetting, storeText } from "../database/house.ts"
import type { Language } from "./customer.ts"
import { type HouseSettings, keyOfSetting, type SettingName, storedValue } from "./house-settings.ts"
import type { Shop } from "./shop.ts"

/** A setting and a value it can have. */
export type SettingChange = {
  [Name in SettingName]: Readonly<{ name: Name; value: HouseSettings[Name] }>
}[SettingName]

/** A text in one language, by its key. */
export type TextPlace = Readonly<{ language: Language; key: string }>

/** Sets a setting, on the record. `refused`: PostgreSQL does not know that zone, and nothing was changed. */
export async function changeSetting(
  statements: Statements,
  { name, value, actor }: SettingChange & Readonly<{ actor: string }>,
): Promise<"changed" | "refused"> {
  if (name === "zone" && !(await knowsZone(statements, value))) return "refused"
  const key = keyOfSetting(name)
  const after = storedValue(value)
  const before = await storeSetting(statements, { key, value: after })
  await recordAudit(statements, {
    actor,
    action: "change_setting",
    subject: `setting:${key}`,
    details: { before: before ?? null, after },
  })
  return "changed"
}

/** Puts a template, which was read and found good, in place of a text, on the record. */
export async function changeText(
  statements: Statements,
  { actor, template, ...place }: TextPlace & Readonly<{ template: string; actor: string }>,
): Promise<void> {
  const before = await storeText(statements, { ...place, template })
  await recordAudit(statements, {
    actor,
    action: "change_text",
    subject: `text:${place.language}:${place.key}`,
    details: { before: before ?? null, after: template },
  })
}

/** Lets a text be as it was at first, on the record. `as_it_was`: nobody had changed it. */
export async function restoreText(
  statements: Statements,
  { actor, ...place }: TextPlace & Readonly<{ actor: string }>,
): Promise<"restored" | "as_it_was"> {
  const before = await removeText(statements, place)
  if (before === undefined) return "as_it_was"
  await recordAudit(statements, {
    actor,
    action: "restore_text",
    subject: `text:${place.language}:${place.key}`,
    details: { before },
  })
  return "restored"
}

/** Tells every process of a change once it is committed. Never rejects: they look by themselves, too. */
export async function announceChange({ database, log }: Pick<Shop, "database" | "log">): Promise<void> {
  try {
    await announceHouseChange(database)
  } catch (error) {
    log.warn("a change of the settings is seen a few seconds later", { error })
  }
}
