import {
  completeOldShipments,
  completeOrder,
  type OrderStep,
  type OrderToPack,
  type Parcel,
  packOrder,
  type ReceivedOrder,
  type ResentToCustomer,
  receiveOrder,
  resendToCustomer,
  type Shipment,
  type ShippedOrder,
  type StepRefusal,
  shipOrder,
  tellOrdersToPack,
} from "../database/fulfilment.ts"
import { readHouseSettings } from "./house.ts"
import { hourIn, isQuiet } from "./quiet-hours.ts"
import type { Shop } from "./shop.ts"

export {
  completeOrder,
  type OrderStep,
  type OrderToPack,
  type Parcel,
  packOrder,
  type ReceivedOrder,
  type ResentToCustomer,
  receiveOrder,
  resendToCustomer,
  type Shipment,
  type ShippedOrder,
  type StepRefusal,
  shipOrder,
}

/** After that nobody is waiting for goods any more: they arrived, or somebody complained. */
const arrivesWithinDays = 14
const batchSize = 50
const toldAtOnce = 100

/** Ends what was shipped long ago, and tells its customers. Several processes may do it at once. */
export async function completeShipments(shop: Shop): Promise<number> {
  const { database } = shop
  const completed = await database.ask("complete_old_shipments", () =>
    completeOldShipments(database.sql, { days: arrivesWithinDays, limit: batchSize }),
  )
  if (completed > 0) shop.promised()
  return completed
}

/**
 * Tells the operators of orders to pack, each once; what was paid in the quiet hours, after them. Several
 * processes may do it at once.
 */
export async function announceOrdersToPack(shop: Shop): Promise<number> {
  const { database } = shop
  const { zone, quietHours } = await readHouseSettings(database)
  if (isQuiet(hourIn(zone, shop.clock()), quietHours)) return 0
  const told = await database.ask("tell_orders_to_pack", () =>
    tellOrdersToPack(database.sql, { limit: toldAtOnce }),
  )
  if (told > 0) shop.promised()
  return told
}
