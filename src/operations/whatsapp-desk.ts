import { isUnavailable } from "../database/connect.ts"
import { askAgain, askToPair, readAccount } from "../database/whatsapp-account.ts"
import { watchForQr } from "./watch-for-qr.ts"
import { isUnpaired, toWhatsAppView, type ViewParts, type WhatsAppView } from "./whatsapp-view.ts"

/** What the operator can see and do of the shop's WhatsApp, whichever process holds it. */
export type WhatsAppDesk = Readonly<{
  /** Whoever looks while no phone is paired wants to pair one: the holder is told so. */
  view: () => Promise<WhatsAppView | "unavailable">
  /** Asks for a code to type on the phone with this number; digits with the country code. */
  wantCode: (phone: string) => Promise<"ok" | "unavailable">
  /** Connects again after another program took over, or WhatsApp refused. Idempotent. */
  again: () => Promise<"ok" | "unavailable">
}>

/** Each wish is a write, and pages look every other second. */
const wishEverySeconds = 5

export function openWhatsAppDesk(parts: ViewParts): WhatsAppDesk {
  const { database, config } = parts
  const watch = watchForQr(parts.clock)
  const look = async () => {
    const account = await readAccount(database)
    const view = watch(toWhatsAppView(account, parts))
    const wishedSecondsAgo = account.pairingWantedSecondsAgo ?? Number.POSITIVE_INFINITY
    if (isUnpaired(view) && wishedSecondsAgo >= wishEverySeconds) await askToPair(database)
    return view
  }
  /** A shop that does not use WhatsApp has nothing to be asked for. */
  const ask = (work: () => Promise<void>) =>
    orUnavailable(async () => {
      if (config.whatsapp) await work()
      return "ok" as const
    })
  return {
    view: () => orUnavailable(look),
    wantCode: (phone) => ask(() => askToPair(database, { phone })),
    again: () => ask(() => askAgain(database)),
  }
}

async function orUnavailable<Result>(work: () => Promise<Result>): Promise<Result | "unavailable"> {
  try {
    return await work()
  } catch (error) {
    if (!isUnavailable(error)) throw error
    return "unavailable"
  }
}
