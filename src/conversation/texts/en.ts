import { alerts } from "./en-alerts.ts"
import { broadcastDesk } from "./en-broadcast-desk.ts"
import { browsing } from "./en-browsing.ts"
import { catalogueDesk } from "./en-catalogue-desk.ts"
import { desk } from "./en-desk.ts"
import { deskMenu } from "./en-desk-menu.ts"
import { fulfilment } from "./en-fulfilment.ts"
import { guided } from "./en-guided.ts"
import { houseDesk } from "./en-house-desk.ts"
import { money } from "./en-money.ts"
import { operator } from "./en-operator.ts"
import { orders } from "./en-orders.ts"
import { ordersDesk } from "./en-orders-desk.ts"
import { peopleDesk } from "./en-people-desk.ts"
import { refusals } from "./en-refusals.ts"
import { restock } from "./en-restock.ts"
import { vouchers } from "./en-vouchers.ts"
import { vouchersDesk } from "./en-vouchers-desk.ts"
import { warranty } from "./en-warranty.ts"
import type { Texts } from "./texts.ts"
import type { Wording } from "./wording.ts"

export function english(wording: Wording): Texts {
  return {
    ...browsing(wording),
    ...orders(wording),
    ...money(wording),
    ...warranty(wording),
    ...guided(wording),
    ...vouchers(wording),
    ...restock(wording),
    ...refusals(wording),
    ...operator,
    ...desk(wording),
    ...houseDesk(wording),
    ...catalogueDesk(wording),
    ...vouchersDesk(wording),
    ...fulfilment(wording),
    ...ordersDesk(wording),
    ...broadcastDesk(wording),
    ...alerts(wording),
    ...deskMenu(wording),
    ...peopleDesk(wording),
  }
}
