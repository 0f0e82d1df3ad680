import { type BroadcastAsked, type BroadcastProblem, broadcastCommands } from "./broadcast.ts"
import type { DeskCommand } from "./desk-command.ts"

/** What an operator asked for, in whichever room. */
export type DeskAsked = BroadcastAsked

/** Why that could not be read. */
export type DeskProblem = BroadcastProblem

/** Every room's commands. No word is in two rooms. */
export const deskCommands: readonly DeskCommand[] = [...broadcastCommands]
