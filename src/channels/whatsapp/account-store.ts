/** What everybody who shares the shop can read of the account. */
export type AccountState = "pairing" | "connecting" | "open" | "logged_out" | "replaced" | "stopped" | "off"

export type AccountRow = Readonly<{
  state: AccountState
  /** Sealed; null while no phone is paired. */
  creds: Uint8Array | null
  phone: string | null
  pairingPhone: string | null
  /** Seconds since somebody last wanted to pair; null when nobody ever did. */
  pairingWantedSecondsAgo: number | null
  /** Raised by every wish for a pairing code. */
  pairingAsked: number
  /** 0 when sending is not paused. */
  pausedForMs: number
}>

/** Values are sealed by the caller; null deletes. */
export type KeyEntry = Readonly<{ type: string; id: string; value: Uint8Array | null }>

export type ShownState = Readonly<{
  state: Exclude<AccountState, "off">
  qr?: Uint8Array
  pairingCode?: Uint8Array
  /** A word of ours for why, read by the operator's pages. */
  problem?: string
}>

/**
 * Where the account is kept between connections and shared between processes: PostgreSQL. Whatever takes an
 * `epoch` is refused (`isLeaseLost`) once another process has taken the account over.
 */
export interface AccountStore {
  /** Takes or renews the right to be connected; undefined while another process has it. */
  hold(holder: string, ttlMs: number): Promise<{ epoch: number } | undefined>
  release(holder: string): Promise<void>
  read(): Promise<AccountRow>
  saveCreds(epoch: number, creds: Uint8Array, phone: string | null): Promise<void>
  readKeys(type: string, ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>
  /** All of them or none. */
  writeKeys(epoch: number, entries: readonly KeyEntry[]): Promise<void>
  show(epoch: number, shown: ShownState): Promise<void>
  /** Forgets the login and every key: WhatsApp has ended it. */
  wipe(epoch: number): Promise<void>
  pauseSending(epoch: number, pause: { ms: number; reason: string }): Promise<void>
  findSent(id: string): Promise<Uint8Array | undefined>
  /** Returns what is stored under the id: the first content stays. */
  saveSent(epoch: number, sent: { id: string; message: Uint8Array }): Promise<Uint8Array>
  readRetryCount(id: string): Promise<number | undefined>
  saveRetryCount(id: string, count: number): Promise<void>
  /** The operator starts the shop anew: a stopped or replaced account may connect again. */
  connectAgain(): Promise<void>
  isLeaseLost(error: unknown): boolean
}
