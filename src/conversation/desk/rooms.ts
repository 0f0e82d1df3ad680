import type { DeskCommand } from "./desk-command.ts"
import { type OrdersAsked, type OrdersProblem, ordersCommands } from "./orders.ts"

/** What an operator asked for, in whichever room. */
export type DeskAsked = OrdersAsked

/** Why that could not be read. */
export type DeskProblem = OrdersProblem

/** Every room's commands. No word is in two rooms. */
export const deskCommands: readonly DeskCommand[] = [...ordersCommands]
