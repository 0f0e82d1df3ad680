import type { HouseAsked, HouseProblem } from "../../conversation/desk/house.ts"
import { bareExampleOf, exampleOf } from "../../conversation/texts/slots/present.ts"
import { showText } from "../../conversation/texts/slots/show-text.ts"
import { type Changeable, changeablesLike, findChangeable } from "../../conversation/texts/slots/slots.ts"
import { announceChange, changeSetting, changeText, restoreText } from "../../shop/change-house.ts"
import { readHouseNow } from "../../shop/house.ts"
import type { Desk, DeskRoom, Preview } from "./desk-room.ts"

/** As many as are looked through on a phone. */
const listedMax = 40

type Stored = Awaited<ReturnType<typeof readHouseNow>>

/** Where an owner says how the shop speaks and behaves. */
export const houseDesk: DeskRoom<HouseAsked, HouseProblem> = {
  explain: (_command, problem, say) => say.houseProblem(problem),
  preview: async (desk, asked) => {
    if (asked.kind !== "change_text" && asked.kind !== "restore_text") return { kind: "go" }
    return preview(desk, asked, await readHouseNow(desk.statements))
  },
  act: async (desk, asked) => {
    const afterwards = () => announceChange(desk.shop)
    switch (asked.kind) {
      case "texts":
        return { text: listTexts(desk, asked, await readHouseNow(desk.statements)) }
      case "text":
        return { text: show(desk, asked.key, await readHouseNow(desk.statements)) }
      case "change_text":
        await changeText(desk.statements, { ...asked, actor: desk.actor })
        return { text: desk.say.textChanged(asked), afterwards }
      case "restore_text": {
        const outcome = await restoreText(desk.statements, { ...asked, actor: desk.actor })
        const text = outcome === "restored" ? desk.say.textRestored(asked) : desk.say.textWasOriginal(asked)
        return { text, afterwards }
      }
      case "settings": {
        const { settings } = await readHouseNow(desk.statements)
        return { text: desk.say.settingList(settings) }
      }
      case "set": {
        const { name } = asked.setting
        const outcome = await changeSetting(desk.statements, { ...asked.setting, actor: desk.actor })
        if (outcome === "refused")
          return { text: desk.say.houseProblem({ room: "house", kind: "setting_value", name }) }
        const { settings } = await readHouseNow(desk.statements)
        return { text: desk.say.settingChanged({ name, settings }), afterwards }
      }
    }
  },
}

function preview(
  { say }: Desk,
  asked: Extract<HouseAsked, { kind: "change_text" | "restore_text" }>,
  { settings, changed }: Stored,
): Preview {
  const { key, language } = asked
  const isRestored = asked.kind === "restore_text"
  if (isRestored && !changed[language].has(key))
    return { kind: "refuse", text: say.textWasOriginal({ key, language }) }
  const template = isRestored ? undefined : asked.template
  const place = { ...settings, template }
  const example = exampleOf(known(key), language, place)
  const bare = bareExampleOf(known(key), language, place)
  return { kind: "ask", text: say.textPreview({ key, language, isRestored, example, bare }) }
}

function listTexts(
  { say }: Desk,
  { sought, page }: Extract<HouseAsked, { kind: "texts" }>,
  { changed }: Stored,
): string {
  const found = changeablesLike(sought)
  const pages = Math.ceil(found.length / listedMax)
  const shown = Math.min(page, pages)
  return say.textList({
    texts: found
      .slice((shown - 1) * listedMax, shown * listedMax)
      .map(({ key }) => ({ key, isChanged: changed.id.has(key) || changed.en.has(key) })),
    sought,
    page: shown,
    pages,
  })
}

function show({ say, message }: Desk, key: string, { settings, changed }: Stored): string {
  const { language } = message
  return say.textShown(showText(known(key), { ...settings, changed, language }))
}

/** Whatever was read as a command names a text there is. */
function known(key: string): Changeable {
  const found = findChangeable(key)
  if (!found) throw new Error("a text was asked for that does not exist")
  return found
}
