import type { DeskAsked, DeskProblem } from "../../conversation/desk/rooms.ts"
import { broadcastDesk } from "./broadcast.ts"
import { catalogueDesk } from "./catalogue.ts"
import type { DeskRoom } from "./desk-room.ts"
import { houseDesk } from "./house.ts"
import { menuDesk } from "./menu.ts"
import { ordersDesk } from "./orders.ts"
import { peopleDesk } from "./people.ts"
import { vouchersDesk } from "./vouchers.ts"

type RoomOf<Name> = DeskRoom<Extract<DeskAsked, { room: Name }>, Extract<DeskProblem, { room: Name }>>

/** Every room of the desk, by its name. */
export const deskRooms: { readonly [Name in DeskAsked["room"]]: RoomOf<Name> } = {
  catalogue: catalogueDesk,
  orders: ordersDesk,
  menu: menuDesk,
  people: peopleDesk,
  house: houseDesk,
  vouchers: vouchersDesk,
  broadcast: broadcastDesk,
}

/** The room in which this was asked for, or could not be read. */
export function roomOf({ room }: DeskAsked | DeskProblem): DeskRoom {
  return deskRooms[room] as DeskRoom
}
