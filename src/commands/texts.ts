import type { Language } from "../conversation/intent.ts"
import { bareExampleOf, exampleOf } from "../conversation/texts/slots/present.ts"
import { showText } from "../conversation/texts/slots/show-text.ts"
import { type Changeable, changeablesLike, findChangeable } from "../conversation/texts/slots/slots.ts"
import { readTemplate } from "../conversation/texts/slots/template.ts"
import { readTextFile } from "../operations/read-file.ts"
import { changeText, restoreText } from "../shop/change-house.ts"
import { readHouseNow } from "../shop/house.ts"
import { CommandError, type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"
import { changeHouse, speak } from "./house.ts"

const templateBytesMax = 64 * 1024

/** `lapak texts`, `lapak texts WORD`: the texts with this word in their name, or the one of this name. */
export async function textsCommand(line: CommandLine, sought = ""): Promise<ExitCode> {
  const say = speak()
  const found = findChangeable(sought)
  const listed = changeablesLike(sought)
  if (!found && listed.length === 0)
    throw new CommandError(say.houseProblem({ room: "house", kind: "unknown_text" }), 2)
  return await withFoundation<ExitCode>(line, async ({ database }) => {
    const { settings, changed } = await readHouseNow(database.sql)
    if (found) {
      const ways = [
        `Change it: lapak texts ${found.key} id --file FILE`,
        `Back to the original: lapak texts ${found.key} id --original`,
      ]
      line.print(say.textShown({ ...showText(found, { ...settings, changed, language: "en" }), ways }))
      return 0
    }
    const texts = listed.map(({ key }) => ({ key, isChanged: changed.id.has(key) || changed.en.has(key) }))
    line.print(say.textList({ texts, sought, page: 1, pages: 1 }))
    return 0
  })
}

/** `lapak texts KEY LANGUAGE --file FILE` */
export async function changeTextCommand(
  line: CommandLine,
  given: { key: string; language: string; path: string },
): Promise<ExitCode> {
  const { found, language } = placeOf(given)
  const { key } = found
  const read = readTemplate(await readTextFile(given.path, { bytesMax: templateBytesMax }), found.text)
  if (read.kind === "refused")
    throw new CommandError(
      speak().houseProblem({ room: "house", kind: "template", key, language, problem: read.problem }),
    )
  const template = read.text
  return await withFoundation<ExitCode>(line, async (foundation) => {
    await changeHouse(foundation, (statements) =>
      changeText(statements, { key, language, template, actor: "shell" }),
    )
    const { settings } = await readHouseNow(foundation.database.sql)
    line.print(`${key} (${language}) is changed. Customers read:\n`)
    line.print(exampleOf(found, language, { ...settings, template }))
    const bare = bareExampleOf(found, language, { ...settings, template })
    if (bare !== undefined) line.print(`\nAnd where all that can be empty is:\n\n${bare}`)
    return 0
  })
}

/** `lapak texts KEY LANGUAGE --original`. Idempotent. */
export async function restoreTextCommand(
  line: CommandLine,
  given: { key: string; language: string },
): Promise<ExitCode> {
  const { found, language } = placeOf(given)
  const place = { key: found.key, language }
  const say = speak()
  return await withFoundation<ExitCode>(line, async (foundation) => {
    const outcome = await changeHouse(foundation, (statements) =>
      restoreText(statements, { ...place, actor: "shell" }),
    )
    line.print(outcome === "restored" ? say.textRestored(place) : say.textWasOriginal(place))
    return 0
  })
}

function placeOf(given: { key: string; language: string }): { found: Changeable; language: Language } {
  const found = findChangeable(given.key)
  if (!found) throw new CommandError(speak().houseProblem({ room: "house", kind: "unknown_text" }), 2)
  const { language } = given
  if (language !== "id" && language !== "en") throw new CommandError("LANGUAGE is id or en.", 2)
  return { found, language }
}
