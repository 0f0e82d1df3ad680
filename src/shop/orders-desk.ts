export {
  type DeskOrder,
  type FoundOrder,
  listUnshipped,
  readDeskOrder,
  searchOrders,
  type UnshippedOrder,
} from "../database/orders-desk.ts"
export { readSales, type SalesFigures, type SalesPeriod } from "../database/sales-figures.ts"
