import type { MenuRoom } from "../desk/menu.ts"
import type { DeskMenuTexts } from "./desk-menu-texts.ts"
import { join, type Wording } from "./wording.ts"

const titles: Readonly<Record<MenuRoom, string>> = {
  catalogue: "Products, prices and stock",
  orders: "Sales and orders",
  money: "Refunds and reviews",
  people: "Customers, balances and the team",
  vouchers: "Vouchers",
  broadcast: "Broadcasts",
  house: "The shop's settings and texts",
}

export function deskMenu({ desk }: Wording): DeskMenuTexts {
  return {
    deskMenu: ({ rooms }) =>
      join(
        "*The operator's menu*",
        ...rooms.map((room, place) => `${place + 1}. ${titles[room]}`),
        "",
        "Answer with a number to see the commands, with examples.",
      ),
    deskRoom: ({ room, lines }) =>
      join(
        `*${titles[room]}*`,
        lines,
        "",
        "Another number for another part, *0* for the menu, *cancel* to end.",
      ),
    deskMenuRange: ({ rooms }) => `Choose 1 to ${rooms}, *0* for the menu, or *cancel* to end.`,
    deskMeant: ({ kind, word }) =>
      kind === "slip" ? `Did you mean: ${desk(word)}` : `${desk(word)} is for the shop’s owners only.`,
    deskMenuClosed: () => `All right. The operator's menu opens again with ${desk("admin")}`,
    linesBelow: ({ command }) =>
      `${desk(command)} is written on one line alone, so the lines below it were not read. Nothing was done.`,
    deskHint: () => `For the shop's operators: ${desk("admin")}`,
  }
}
