import {
  deskMenuStep,
  helpFor,
  type MenuAsked,
  type MenuProblem,
  type MenuRoom,
} from "../../conversation/desk/menu.ts"
import { type DeskAsked, deskCommands } from "../../conversation/desk/rooms.ts"
import type { Texts } from "../../conversation/texts/texts.ts"
import type { Role } from "../../shop/customer.ts"
import type { DeskRoom } from "./desk-room.ts"

/** What each room says of its commands, in the order of the menu. */
const helps: Readonly<Record<Exclude<DeskAsked["room"], "menu"> | "money", (say: Texts) => string>> = {
  catalogue: (say) => say.catalogueHelp(),
  orders: (say) => say.ordersHelp(),
  money: (say) => say.ownerHelp(),
  people: (say) => say.peopleHelp(),
  house: (say) => say.houseHelp(),
  vouchers: (say) => say.vouchersHelp(),
  broadcast: (say) => say.broadcastHelp(),
}

/** The operator's menu: numbers open its rooms until it is closed, or something else is asked for. */
export const menuDesk: DeskRoom<MenuAsked, MenuProblem> = {
  explain: (command, _problem, say) => say.linesBelow({ command }),
  act: async ({ say, message }, asked) => {
    if (asked.kind === "close") return { text: say.deskMenuClosed(), conversation: null }
    const rooms = roomsFor(message.role, say)
    const entered = asked.kind === "enter" ? rooms[asked.number - 1] : undefined
    const conversation = { step: deskMenuStep, data: {} }
    if (entered) return { text: say.deskRoom(entered), conversation }
    if (asked.kind === "enter") return { text: say.deskMenuRange({ rooms: rooms.length }), conversation }
    return { text: say.deskMenu({ rooms: rooms.map(({ room }) => room) }), conversation }
  },
}

/** The rooms in which this role may do anything, with what that is. */
function roomsFor(role: Role, say: Texts): readonly Readonly<{ room: MenuRoom; lines: string }>[] {
  return (Object.keys(helps) as (keyof typeof helps)[])
    .map((room) => ({ room, lines: helpFor(role, helps[room](say), deskCommands) }))
    .filter(({ lines }) => lines !== "")
}
