import peopleAndProducts from "../../sql/0001-people-and-products.sql" with { type: "text" }
import ordersAndUnits from "../../sql/0002-orders-and-units.sql" with { type: "text" }
import ledger from "../../sql/0003-ledger.sql" with { type: "text" }
import payments from "../../sql/0004-payments.sql" with { type: "text" }
import messages from "../../sql/0005-messages.sql" with { type: "text" }
import messageFunctions from "../../sql/0006-message-functions.sql" with { type: "text" }
import saleFunctions from "../../sql/0007-sale-functions.sql" with { type: "text" }
import paymentFunctions from "../../sql/0008-payment-functions.sql" with { type: "text" }
import whatsappAccount from "../../sql/0009-whatsapp-account.sql" with { type: "text" }
import customerAddresses from "../../sql/0010-customer-addresses.sql" with { type: "text" }
import messagesByAddress from "../../sql/0011-messages-by-address.sql" with { type: "text" }
import broadcasts from "../../sql/0012-broadcasts.sql" with { type: "text" }
import oddMoney from "../../sql/0013-odd-money.sql" with { type: "text" }
import midtrans from "../../sql/0014-midtrans.sql" with { type: "text" }
import staticQris from "../../sql/0015-static-qris.sql" with { type: "text" }
import warranty from "../../sql/0016-warranty.sql" with { type: "text" }
import refunds from "../../sql/0017-refunds.sql" with { type: "text" }
import messagesAsPromised from "../../sql/0018-messages-as-promised.sql" with { type: "text" }
import pricesVouchersTalk from "../../sql/0019-prices-vouchers-talk.sql" with { type: "text" }
import house from "../../sql/0020-house.sql" with { type: "text" }
import vouchersAndRestockAlerts from "../../sql/0021-vouchers-and-restock-alerts.sql" with { type: "text" }
import fulfilment from "../../sql/0022-fulfilment.sql" with { type: "text" }
import analytics from "../../sql/0023-analytics.sql" with { type: "text" }
import catalogueDesk from "../../sql/0024-catalogue-desk.sql" with { type: "text" }
import peopleDesk from "../../sql/0025-people-desk.sql" with { type: "text" }
import broadcastsAlertsSummary from "../../sql/0026-broadcasts-alerts-summary.sql" with { type: "text" }
import guidedOrder from "../../sql/0027-guided-order.sql" with { type: "text" }

export type Migration = Readonly<{ name: string; text: string }>

/** Every migration in order, embedded. Append-only: one that was released is never edited. */
export const migrations: readonly Migration[] = [
  { name: "0001-people-and-products", text: peopleAndProducts },
  { name: "0002-orders-and-units", text: ordersAndUnits },
  { name: "0003-ledger", text: ledger },
  { name: "0004-payments", text: payments },
  { name: "0005-messages", text: messages },
  { name: "0006-message-functions", text: messageFunctions },
  { name: "0007-sale-functions", text: saleFunctions },
  { name: "0008-payment-functions", text: paymentFunctions },
  { name: "0009-whatsapp-account", text: whatsappAccount },
  { name: "0010-customer-addresses", text: customerAddresses },
  { name: "0011-messages-by-address", text: messagesByAddress },
  { name: "0012-broadcasts", text: broadcasts },
  { name: "0013-odd-money", text: oddMoney },
  { name: "0014-midtrans", text: midtrans },
  { name: "0015-static-qris", text: staticQris },
  { name: "0016-warranty", text: warranty },
  { name: "0017-refunds", text: refunds },
  { name: "0018-messages-as-promised", text: messagesAsPromised },
  { name: "0019-prices-vouchers-talk", text: pricesVouchersTalk },
  { name: "0020-house", text: house },
  { name: "0021-vouchers-and-restock-alerts", text: vouchersAndRestockAlerts },
  { name: "0022-fulfilment", text: fulfilment },
  { name: "0023-analytics", text: analytics },
  { name: "0024-catalogue-desk", text: catalogueDesk },
  { name: "0025-people-desk", text: peopleDesk },
  { name: "0026-broadcasts-alerts-summary", text: broadcastsAlertsSummary },
  { name: "0027-guided-order", text: guidedOrder },
]
