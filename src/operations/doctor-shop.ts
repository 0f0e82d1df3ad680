import type { Config } from "../config.ts"
import type { ServerVitals, ShopVitals } from "../database/vitals.ts"
import { broken, type Finding, look, well } from "./finding.ts"
import { isUnpaired, type WhatsAppView } from "./whatsapp-view.ts"
import { describeWhatsApp } from "./whatsapp-words.ts"

export function examinePostgres({ version, durable }: ServerVitals, { databaseUrl }: Config): Finding {
  const part = "PostgreSQL"
  const where = databaseUrl === undefined ? "Lapak's own" : "at DATABASE_URL"
  const says = `${version.split(" ", 1)[0]}, ${where}`
  if (durable) return well(part, `${says}, durable`)
  return broken(
    part,
    `${says}, forgets sales after a power cut: fsync, full_page_writes or synchronous_commit is off`,
    `psql "$DATABASE_URL" -c "alter system set fsync = on" -c "alter system set full_page_writes = on" -c "alter system set synchronous_commit = on" -c "select pg_reload_conf()"`,
  )
}

export function examineMigrations(pending: readonly string[]): Finding {
  const part = "Tables"
  if (pending.length === 0) return well(part, "up to date")
  return look(part, `${pending.length} migrations are to be applied; a start does it, too`, "lapak migrate")
}

export function examinePayments({ midtrans, demo }: Config): Finding {
  const part = "Payments"
  const mend = "MIDTRANS_SERVER_KEY=… lapak serve"
  if (midtrans) return well(part, `Midtrans, ${midtrans.production ? "for real" : "sandbox: no real money"}`)
  if (demo) return look(part, "pretended (the demo); for real money set Midtrans' key", mend)
  return look(part, "from the balance alone; for QRIS set Midtrans' key", mend)
}

export function examineChannel({ gateway, whatsapp }: Config): Finding {
  const part = "Messages"
  if (whatsapp && gateway) return well(part, "through WhatsApp, and the gateway at GATEWAY_URL")
  if (whatsapp) return well(part, "through WhatsApp")
  if (gateway) return well(part, "through the gateway at GATEWAY_URL")
  const says = "only from the page /try and from lapak chat; turn WhatsApp on, or set a gateway"
  return look(part, says, "WHATSAPP=on lapak serve")
}

/** Nothing of it is broken for the shop: it sells on its other channels. */
export function examineWhatsApp(view: WhatsAppView): Finding {
  const part = "WhatsApp"
  const says = describeWhatsApp(view)
  if (says === undefined) return well(part, view.phone ? `connected as +${view.phone}` : "connected")
  const sentence = says.replace(/\.$/, "")
  if (view.state === "logged_out" || isUnpaired(view)) return look(part, sentence, "lapak pair")
  if (view.state === "replaced") return look(part, `${sentence}; close it, then start again`, "lapak serve")
  if (view.state === "connecting" && view.held && view.problemCode !== 405) return look(part, sentence)
  if (view.state === "open") return look(part, `${sentence}; what waits is sent afterwards`)
  return look(
    part,
    sentence,
    view.problemCode === 405 ? "WHATSAPP_VERSION=2.3000.… lapak serve" : "lapak serve",
  )
}

export function examineStock({ products, low, lowCount }: ShopVitals): Finding {
  const part = "Stock"
  if (products === 0) return look(part, "nothing is on sale", "lapak import catalog FILE.csv")
  const [first] = low
  if (!first) return well(part, `${products} products on sale, none is short`)
  const says = low.map(({ code, free }) => (free === 0 ? `${code} is sold out` : `${code} has ${free} left`))
  if (lowCount > low.length) says.push(`${lowCount - low.length} more are short`)
  const mend =
    first.kind === "digital" ? `lapak import stock ${first.code} FILE` : "lapak import catalog FILE.csv"
  return look(part, says.join(", "), mend)
}

export function examineGivenUp({ messagesGivenUp }: ShopVitals): Finding {
  const part = "Sent messages"
  if (messagesGivenUp === 0) return well(part, "none was given up")
  const says = `${messagesGivenUp} were given up; see which and why, then send them again with --retry`
  return look(part, says, "lapak outbox")
}

export function examineReview({ paymentsInReview }: ShopVitals): Finding {
  const part = "Received payments"
  if (paymentsInReview === 0) return well(part, "none waits for a decision")
  return look(
    part,
    `${paymentsInReview} of another amount than was asked for; look at the provider's dashboard, then credit`,
    'lapak balance credit NUMBER AMOUNT --reason "payment …"',
  )
}
