import { readSetting } from "../conversation/desk/read-setting.ts"
import { changeSetting } from "../shop/change-house.ts"
import { readHouseNow } from "../shop/house.ts"
import { CommandError, type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"
import { changeHouse, speak } from "./house.ts"

/** `lapak settings`, `lapak settings NAME VALUE` */
export async function settingsCommand(line: CommandLine, words: readonly string[]): Promise<ExitCode> {
  const say = speak()
  if (words.length === 0)
    return await withFoundation<ExitCode>(line, async ({ database }) => {
      line.print(say.settingList((await readHouseNow(database.sql)).settings))
      return 0
    })
  const setting = readSetting(words.flatMap((word) => word.split(/\s+/)).filter((word) => word !== ""))
  if ("kind" in setting) throw new CommandError(say.houseProblem({ room: "house", ...setting }), 2)
  const { name } = setting
  return await withFoundation<ExitCode>(line, async (foundation) => {
    const outcome = await changeHouse(foundation, (statements) =>
      changeSetting(statements, { ...setting, actor: "shell" }),
    )
    if (outcome === "refused")
      throw new CommandError(say.houseProblem({ room: "house", kind: "setting_value", name }), 2)
    const { settings } = await readHouseNow(foundation.database.sql)
    line.print(say.settingChanged({ name, settings }))
    return 0
  })
}
