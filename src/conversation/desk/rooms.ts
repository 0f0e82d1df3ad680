import type { DeskCommand } from "./desk-command.ts"
import { type HouseAsked, type HouseProblem, houseCommands } from "./house.ts"

/** What an operator asked for, in whichever room. */
export type DeskAsked = HouseAsked

/** Why that could not be read. */
export type DeskProblem = HouseProblem

/** Every room's commands. No word is in two rooms. */
export const deskCommands: readonly DeskCommand[] = [...houseCommands]
