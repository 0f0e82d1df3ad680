import { defaultSettings } from "../../../shop/house-settings.ts"
import type { HouseDeskTexts } from "../house-desk-texts.ts"
import { fixed, framed, type SlotTable } from "./slot.ts"

const key = "menu"

const shown = { template: "{original}", isChanged: false, example: "Halo Budi!" }

/** Said to the owner alone, about all the others. */
export const houseDeskSlots: SlotTable<HouseDeskTexts> = {
  textList: framed({ texts: [{ key, isChanged: false }], sought: "", page: 1, pages: 2 }),
  textShown: framed({ key, texts: { id: shown, en: shown }, placeholders: [] }),
  textPreview: framed({ key, language: "id", isRestored: false, example: shown.example }),
  textChanged: framed({ key, language: "id" }),
  textRestored: framed({ key, language: "id" }),
  textWasOriginal: framed({ key, language: "id" }),
  settingList: framed(defaultSettings),
  settingChanged: framed({ name: "shopName", settings: defaultSettings }),
  houseProblem: framed({ room: "house", kind: "unknown_text" }),
  houseHelp: fixed,
}
