import { catalogueCommands } from "./catalogue.ts"
import type { CatalogueAsked, CatalogueProblem } from "./catalogue-asked.ts"
import type { DeskCommand } from "./desk-command.ts"

/** What an operator asked for, in whichever room. */
export type DeskAsked = CatalogueAsked

/** Why that could not be read. */
export type DeskProblem = CatalogueProblem

/** Every room's commands. No word is in two rooms. */
export const deskCommands: readonly DeskCommand[] = [...catalogueCommands]
