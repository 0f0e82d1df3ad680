import type { DeskCommand } from "./desk-command.ts"
import { type VouchersAsked, type VouchersProblem, vouchersCommands } from "./vouchers.ts"

/** What an operator asked for, in whichever room. */
export type DeskAsked = VouchersAsked

/** Why that could not be read. */
export type DeskProblem = VouchersProblem

/** Every room's commands. No word is in two rooms. */
export const deskCommands: readonly DeskCommand[] = [...vouchersCommands]
