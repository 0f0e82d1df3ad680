import { alerts } from "./id-alerts.ts"
import { broadcastDesk } from "./id-broadcast-desk.ts"
import { browsing } from "./id-browsing.ts"
import { catalogueDesk } from "./id-catalogue-desk.ts"
import { desk } from "./id-desk.ts"
import { deskMenu } from "./id-desk-menu.ts"
import { fulfilment } from "./id-fulfilment.ts"
import { guided } from "./id-guided.ts"
import { houseDesk } from "./id-house-desk.ts"
import { money } from "./id-money.ts"
import { operator } from "./id-operator.ts"
import { orders } from "./id-orders.ts"
import { ordersDesk } from "./id-orders-desk.ts"
import { peopleDesk } from "./id-people-desk.ts"
import { refusals } from "./id-refusals.ts"
import { restock } from "./id-restock.ts"
import { vouchers } from "./id-vouchers.ts"
import { vouchersDesk } from "./id-vouchers-desk.ts"
import { warranty } from "./id-warranty.ts"
import type { Texts } from "./texts.ts"
import type { Wording } from "./wording.ts"

export function indonesian(wording: Wording): Texts {
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
