import type { HouseSettings, SettingName } from "../../shop/house-settings.ts"
import type { HouseProblem } from "../desk/house.ts"
import type { Language } from "../intent.ts"

/** One text in one language, as it is now. */
export type ShownText = Readonly<{
  template: string
  isChanged: boolean
  /** As its customer would read it. */
  example: string
}>

export type ShownPlaceholder = Readonly<{
  name: string
  must?: "appear" | "appear_once" | undefined
  /** Its line goes when there is nothing to say. */
  isLine: boolean
  /** Not twice. */
  isBlock: boolean
  example: string
}>

export type ListedTexts = Readonly<{
  texts: ReadonlyArray<Readonly<{ key: string; isChanged: boolean }>>
  sought: string
  page: number
  pages: number
}>

/** Said to an owner who looks at, or changes, how the shop speaks and behaves. */
export interface HouseDeskTexts {
  textList(list: ListedTexts): string
  /** `ways` are how it is changed, where that is not by the chat's commands. */
  textShown(
    text: Readonly<{
      key: string
      texts: Readonly<Record<Language, ShownText>>
      placeholders: readonly ShownPlaceholder[]
      ways?: readonly string[] | undefined
    }>,
  ): string
  /**
   * Asked before a text is changed, or is as it was at first again. `bare` is the example where all that can
   * be empty is.
   */
  textPreview(
    text: Readonly<{
      key: string
      language: Language
      isRestored: boolean
      example: string
      bare?: string | undefined
    }>,
  ): string
  textChanged(text: Readonly<{ key: string; language: Language }>): string
  textRestored(text: Readonly<{ key: string; language: Language }>): string
  textWasOriginal(text: Readonly<{ key: string; language: Language }>): string
  settingList(settings: HouseSettings): string
  settingChanged(change: Readonly<{ name: SettingName; settings: HouseSettings }>): string
  /** Why a command of these could not be read, and how it goes. */
  houseProblem(problem: HouseProblem): string
  houseHelp(): string
}
