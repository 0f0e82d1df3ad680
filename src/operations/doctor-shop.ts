import type { Config } from "../config.ts"
import type { DeskFigures } from "../database/desk-figures.ts"
import type { ServerVitals, ShopVitals } from "../database/vitals.ts"
import { broken, type Finding, look, well } from "./finding.ts"
import { isUnpaired, type WhatsAppView } from "./whatsapp-view.ts"
import { describeWhatsApp } from "./whatsapp-words.ts"

/** What decides which cure fits. */
type Situation = Readonly<{
  /** A shop runs already. */
  isRunning: boolean
  /** `PUBLIC_URL` names this very machine. */
  isAtHome: boolean
}>

/** What is found about WhatsApp not being connected stands under this name. */
export const whatsappPart = "WhatsApp"

/** A provider that answers takes seconds. */
const longRefundSeconds = 3_600

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

export function examinePayments({ midtrans, staticQris, demo }: Config, situation: Situation): Finding {
  const part = "Payments"
  if (midtrans) return well(part, `Midtrans, ${midtrans.production ? "for real" : "sandbox: no real money"}`)
  if (staticQris) return well(part, "the shop's static QRIS code, heard of by the listener on a phone")
  const says = demo
    ? "pretended (the demo); for real money set Midtrans' key"
    : "from the balance alone; for QRIS set Midtrans' key"
  return lookAtSetting({ part, says, setting: "MIDTRANS_SERVER_KEY=…" }, situation)
}

/** `silent`: of the owners, those who never wrote; undefined while that is not known. */
export function examineOwners(
  { ownerNumbers, gateway, whatsapp }: Config,
  silent: readonly string[] | undefined,
  situation: Situation,
): Finding {
  const part = "Owners"
  if (ownerNumbers.length === 0) {
    const says = "none is named, so nobody is told what a person has to look at"
    return lookAtSetting({ part, says, setting: "OWNER_NUMBERS=628…" }, situation)
  }
  if (!silent || silent.length === 0 || !(gateway || whatsapp)) {
    return well(part, ownerNumbers.length === 1 ? "1 is named" : `${ownerNumbers.length} are named`)
  }
  const endings = silent.map((number) => `…${number.slice(-4)}`).join(", ")
  return look(part, `nothing can be told to who never wrote: write  .menu  to the shop once from ${endings}`)
}

/** Where customers are elsewhere, an address of this machine alone is none for them. */
export function examinePublicUrl({ gateway, whatsapp }: Config, situation: Situation): Finding[] {
  if (!situation.isAtHome || !(gateway || whatsapp)) return []
  const says =
    "PUBLIC_URL names this machine alone, so customers get the QR without a link to the payment page; " +
    "set the address in the world that leads here"
  return [lookAtSetting({ part: "Payment page", says, setting: "PUBLIC_URL=https://…" }, situation)]
}

/** `view`: how WhatsApp is, where it is on and that is known. */
export function examineChannel(
  { gateway, whatsapp }: Config,
  view: WhatsAppView | undefined,
  situation: Situation,
): Finding {
  const part = "Messages"
  const byGateway = "through the gateway at GATEWAY_URL"
  if (whatsapp && view?.state === "open") {
    return well(part, gateway ? "through WhatsApp, and the gateway at GATEWAY_URL" : "through WhatsApp")
  }
  if (whatsapp && gateway) return look(part, `${byGateway}; WhatsApp is not connected`)
  if (whatsapp) return look(part, "come when WhatsApp is connected")
  if (gateway) return well(part, byGateway)
  const says = "only from the page /try and from lapak chat; turn WhatsApp on, or set a gateway"
  return lookAtSetting({ part, says, setting: "WHATSAPP=on" }, situation)
}

/** Nothing of it is broken for the shop: it sells on its other channels. */
export function examineWhatsApp(view: WhatsAppView, situation: Situation): Finding {
  const says = describeWhatsApp(view)
  if (says === undefined) return well(whatsappPart, view.phone ? `connected as +${view.phone}` : "connected")
  const part = whatsappPart
  const sentence = says.replace(/\.$/, "")
  if (view.state === "open") return look("Sending", `${sentence}; what waits is sent afterwards`)
  if (view.problemCode === 405) {
    const setting = "WHATSAPP_VERSION=2.3000.…"
    return lookAtSetting({ part, says: sentence, setting }, situation)
  }
  if (view.state === "logged_out" || isUnpaired(view)) return look(part, sentence, "lapak pair")
  if (view.state === "replaced" || view.state === "stopped") return keepingAway(view, sentence, situation)
  if (view.held) return look(part, sentence)
  return situation.isRunning
    ? look(part, `${sentence}; restart the shop`)
    : look(part, sentence, "lapak serve")
}

function keepingAway({ state }: WhatsAppView, sentence: string, situation: Situation): Finding {
  const first = state === "replaced" ? "close it" : "settle it there"
  if (!situation.isRunning)
    return look(whatsappPart, `${sentence}; ${first}, then start the shop`, "lapak serve")
  const button = state === "replaced" ? "Connect here again" : "Connect again"
  const page = situation.isAtHome ? `press "${button}" on the page /whatsapp, or run` : "run"
  return look(whatsappPart, `${sentence}; ${first}, then ${page}`, "lapak pair")
}

/** A shop that runs takes a setting with its next start; one that does not, on the line that starts it. */
function lookAtSetting(
  { part, says, setting }: { part: string; says: string; setting: string },
  { isRunning }: Situation,
): Finding {
  return isRunning
    ? look(part, `${says}: put ${setting} into .env and restart the shop`)
    : look(part, says, `${setting} lapak serve`)
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

export function examineDecisions({ reviewsOpen, reviewsOldestSeconds }: DeskFigures): Finding {
  const part = "Decisions"
  if (reviewsOpen === 0) return well(part, "none waits for a person")
  const waiting = reviewsOpen === 1 ? "1 waits for a person" : `${reviewsOpen} wait for a person`
  return look(part, `${waiting}, the oldest since ${sinceOf(reviewsOldestSeconds)}`, "lapak reviews")
}

export function examineRefunds({ refundsWaiting, refundsOldestSeconds }: DeskFigures): Finding {
  const part = "Refunds"
  if (refundsWaiting === 0) return well(part, "none is under way")
  const says = `${refundsWaiting} wait for the provider, the oldest since ${sinceOf(refundsOldestSeconds)}`
  if (refundsOldestSeconds < longRefundSeconds) return well(part, says)
  return look(part, `${says}; a running shop asks again and again, so look whether it runs and what it logs`)
}

/** How long that is, in words: `3 h`. */
export function sinceOf(seconds: number): string {
  const hours = Math.floor(seconds / 3_600)
  if (hours < 1) return "less than an hour"
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`
}
