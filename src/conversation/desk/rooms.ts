import type { DeskCommand } from "./desk-command.ts"

/** What an operator asked for, in whichever room. */
export type DeskAsked = Readonly<{ room: never }>

/** Why that could not be read. */
export type DeskProblem = Readonly<{ room: never }>

/** Every room's commands. No word is in two rooms. */
export const deskCommands: readonly DeskCommand[] = []
