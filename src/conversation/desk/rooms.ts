import { type BroadcastAsked, type BroadcastProblem, broadcastCommands } from "./broadcast.ts"
import { catalogueCommands } from "./catalogue.ts"
import type { CatalogueAsked, CatalogueProblem } from "./catalogue-asked.ts"
import type { DeskCommand } from "./desk-command.ts"
import { type HouseAsked, type HouseProblem, houseCommands } from "./house.ts"
import { type MenuAsked, type MenuProblem, menuCommands } from "./menu.ts"
import { type OrdersAsked, type OrdersProblem, ordersCommands } from "./orders.ts"
import { type PeopleAsked, type PeopleProblem, peopleCommands } from "./people.ts"
import { type VouchersAsked, type VouchersProblem, vouchersCommands } from "./vouchers.ts"

/** What an operator asked for, in whichever room. */
export type DeskAsked =
  | MenuAsked
  | CatalogueAsked
  | OrdersAsked
  | PeopleAsked
  | BroadcastAsked
  | VouchersAsked
  | HouseAsked

/** Why that could not be read. */
export type DeskProblem =
  | MenuProblem
  | CatalogueProblem
  | OrdersProblem
  | PeopleProblem
  | BroadcastProblem
  | VouchersProblem
  | HouseProblem

/** Every room's commands. No word is in two rooms. */
export const deskCommands: readonly DeskCommand[] = [
  ...menuCommands,
  ...catalogueCommands,
  ...ordersCommands,
  ...peopleCommands,
  ...broadcastCommands,
  ...vouchersCommands,
  ...houseCommands,
]
