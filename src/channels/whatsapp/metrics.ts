import type { AccountState } from "./account-store.ts"

/** What the channel tells the figures. */
export interface WhatsAppMetrics {
  whatsappState(state: AccountState): void
  /** `delivered`, `failed`, `refused`. */
  whatsappSent(outcome: string): void
  /** `accepted`, `duplicate`, `ignored`, `own_phone`, `not_stored`. */
  whatsappReceived(kind: string): void
  whatsappDisconnected(code: number): void
  whatsappQueue(waiting: number): void
  whatsappPaused(paused: boolean): void
  whatsappLease(held: boolean): void
}
