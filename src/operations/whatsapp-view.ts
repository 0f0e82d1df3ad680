import type { Config } from "../config.ts"
import type { Database } from "../database/connect.ts"
import { type Account, type AccountState, readAccount } from "../database/whatsapp-account.ts"
import { SealBrokenError, type Vault } from "./vault.ts"

/** How the shop's WhatsApp is, for its operator. The codes let whoever has them connect: never log them. */
export type WhatsAppView = Readonly<{
  /** `off`: by `WHATSAPP`. `stopped`: WhatsApp refuses the account. */
  state: AccountState
  /** The text inside the QR to scan. */
  qr: string | undefined
  /** Eight characters to type on the phone. */
  pairingCode: string | undefined
  /** The number that a pairing code was asked for. */
  pairingPhone: string | undefined
  /** The shop's own number, once a phone is paired. */
  phone: string | undefined
  /** Nothing is sent until then; undefined: sending is not paused. */
  pausedUntil: Date | undefined
  /** WhatsApp's number for why sending is paused, such as 463. */
  pauseCode: number | undefined
  /** WhatsApp's number for why there is no connection, such as 405. */
  problemCode: number | undefined
  /** No phone is paired, and WhatsApp gives nothing to pair one with. */
  unreachable: boolean
  /** Since when the state is what it is. */
  since: Date
  /** Some process of the shop has the account, connected or about to be. */
  held: boolean
}>

const qrContext = "whatsapp:qr"
const codeContext = "whatsapp:code"

/** What a view is read from. */
export type ViewParts = Readonly<{
  config: Pick<Config, "whatsapp">
  database: Database
  vault: Vault
  clock: () => Date
}>

/** Reads what the process that holds the account has written of it. Throws while PostgreSQL is away. */
export async function readWhatsAppView(parts: ViewParts): Promise<WhatsAppView> {
  return toWhatsAppView(await readAccount(parts.database), parts)
}

/** The same of an account that was read already; without the vault, what is sealed stays so. */
export function toWhatsAppView(
  account: Account,
  { config, vault, clock }: Readonly<{ config: ViewParts["config"]; vault?: Vault; clock: () => Date }>,
): WhatsAppView {
  const isPaused = account.pausedForMs > 0
  const qr = opened(vault, account.qr, qrContext)
  const isPairable = account.phone !== null || account.qr !== null || account.pairingCode !== null
  return {
    state: stateOf(account, config.whatsapp !== undefined),
    qr,
    pairingCode: opened(vault, account.pairingCode, codeContext),
    pairingPhone: account.pairingPhone ?? undefined,
    phone: account.phone ?? undefined,
    pausedUntil: isPaused ? new Date(clock().getTime() + account.pausedForMs) : undefined,
    pauseCode: isPaused ? codeIn(account.pauseReason) : undefined,
    problemCode: codeIn(account.problem),
    unreachable: !isPairable && account.problem !== null,
    since: account.changedAt,
    held: account.held,
  }
}

/** No phone is paired, and pairing one is what comes next. */
export function isUnpaired({ state, phone }: WhatsAppView): boolean {
  return phone === undefined && (state === "pairing" || state === "connecting" || state === "logged_out")
}

/** `ABCD-EFGH`, as WhatsApp shows it on the phone. */
export function spelledCode(code: string): string {
  return /^[A-Z0-9]{8}$/.test(code) ? `${code.slice(0, 4)}-${code.slice(4)}` : code
}

/** Nobody has written anything of an account that was turned on a moment ago. */
function stateOf({ state }: Account, isOn: boolean): AccountState {
  if (!isOn) return "off"
  return state === "off" ? "connecting" : state
}

/** What was sealed under another secret is as good as gone: its holder shows a new one soon. */
function opened(vault: Vault | undefined, sealed: Uint8Array | null, context: string): string | undefined {
  if (!vault || sealed === null) return undefined
  try {
    return vault.open(sealed, context)
  } catch (error) {
    if (error instanceof SealBrokenError) return undefined
    throw error
  }
}

function codeIn(text: string | null): number | undefined {
  const digits = /\b[0-9]{3}\b/.exec(text ?? "")?.[0]
  return digits === undefined ? undefined : Number(digits)
}
