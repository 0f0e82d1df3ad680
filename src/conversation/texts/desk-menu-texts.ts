import type { MenuRoom } from "../desk/menu.ts"
import type { MeantAtDesk } from "../desk/nearest-desk-word.ts"

/** The operator's own menu: rooms by number, and the commands of each. */
export interface DeskMenuTexts {
  /** Numbered in this order. */
  deskMenu(menu: Readonly<{ rooms: readonly MenuRoom[] }>): string
  /** `lines` are the room's own. */
  deskRoom(room: Readonly<{ room: MenuRoom; lines: string }>): string
  /** A number that the menu doesn't have. */
  deskMenuRange(menu: Readonly<{ rooms: number }>): string
  /** What a mistyped command of the desk may have been, or that it is not for admins. */
  deskMeant(meant: MeantAtDesk): string
  deskMenuClosed(): string
  /** Further lines stand below a command that is one line; `command` as it is shown, without the prefix. */
  linesBelow(given: Readonly<{ command: string }>): string
  /** Below the help that everybody gets. */
  deskHint(): string
}
