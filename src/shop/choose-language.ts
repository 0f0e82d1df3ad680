import { setLanguage } from "../database/users.ts"
import type { Language } from "./customer.ts"
import type { UserId } from "./ids.ts"
import type { Shop } from "./shop.ts"

/** Remembers the language a customer wants to be answered in. Idempotent. */
export async function chooseLanguage(shop: Shop, userId: UserId, language: Language): Promise<void> {
  await setLanguage(shop.database, userId, language)
}
