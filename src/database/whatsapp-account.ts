import { type Database, errorCode } from "./connect.ts"

/** How the shop's WhatsApp account is. `off`: nobody has ever turned it on. */
export type AccountState = "pairing" | "connecting" | "open" | "logged_out" | "replaced" | "stopped" | "off"

/** What is stored of the account. Everything in bytes is sealed. */
export type Account = Readonly<{
  state: AccountState
  creds: Uint8Array | null
  /** The account's own number. */
  phone: string | null
  qr: Uint8Array | null
  pairingCode: Uint8Array | null
  /** The number that a pairing code was last asked for. */
  pairingPhone: string | null
  pairingWantedSecondsAgo: number | null
  /** Raised with every wish for a pairing code. */
  pairingAsked: number
  /** Somebody has the account, and the lease runs. */
  held: boolean
  /** How much longer nothing is to be sent; 0 when it may. */
  pausedForMs: number
  /** Null when sending is not paused. */
  pauseReason: string | null
  problem: string | null
  /** Since when the state is what it is. */
  changedAt: Date
}>

/** The same SQLSTATE that functions of the database raise. */
const leaseLost = "LP002"

/** True for the refusal of a fenced write: the account is another's by now, or nobody's. */
export function isLeaseLost(error: unknown): boolean {
  return errorCode(error) === leaseLost
}

/**
 * Takes the account for `holder` when nobody has it or the lease ran out, by the database's clock, and renews
 * the lease of the one who has it. Taking it over raises the epoch; undefined while another's lease runs.
 */
export async function holdAccount(
  database: Database,
  given: { holder: string; ttlMs: number },
): Promise<{ epoch: number } | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "hold_whatsapp_account",
    () => sql<{ epoch: number | null }[]>`
      select hold_whatsapp_account(${given.holder}, ${given.ttlMs}) as epoch
    `,
  )
  const epoch = rows[0]?.epoch ?? undefined
  return epoch === undefined ? undefined : { epoch }
}

/** Lets the account go, so that another need not wait for the lease to run out. Idempotent. */
export async function releaseAccount(database: Database, given: { holder: string }): Promise<void> {
  const { sql } = database
  await database.ask(
    "release_whatsapp_account",
    () => sql`
      update whatsapp_account
         set holder = null,
             held_until = null,
             qr = null,
             pairing_code = null,
             changed_at = case when state in ('pairing', 'open') then clock_timestamp() else changed_at end,
             state = case when state in ('pairing', 'open') then 'connecting' else state end
       where holder = ${given.holder}
    `,
  )
}

/** What a holder whose lease ran out has written of its connection reads as `connecting`, without codes. */
export async function readAccount(database: Database): Promise<Account> {
  const { sql } = database
  const rows = await database.ask(
    "read_whatsapp_account",
    () => sql<Account[]>`
      select
        case
          when account.id is null then 'off'
          when not held and state in ('pairing', 'open') then 'connecting'
          else state
        end as state,
        creds,
        phone,
        case when held then qr end as qr,
        case when held then pairing_code end as "pairingCode",
        pairing_phone as "pairingPhone",
        extract(epoch from clock_timestamp() - pairing_wanted_at)::float as "pairingWantedSecondsAgo",
        coalesce(pairing_asked, 0) as "pairingAsked",
        held,
        paused_ms as "pausedForMs",
        case when paused_ms > 0 then pause_reason end as "pauseReason",
        problem,
        coalesce(
          case when not held and state in ('pairing', 'open') then held_until else changed_at end, now()
        ) as "changedAt"
      from (values (true)) as always (present)
      left join whatsapp_account as account on present
      cross join lateral (
        select coalesce(held_until > clock_timestamp(), false) as held,
               coalesce(
                 greatest(ceil(extract(epoch from paused_until - clock_timestamp()) * 1000), 0), 0
               )::float as paused_ms
      ) as at_present
    `,
  )
  const account = rows[0]
  if (!account) throw new Error("PostgreSQL did not say how the WhatsApp account is")
  return account
}

/** Stores the whole of what the account is logged in with. Throws an error that `isLeaseLost` knows. */
export async function saveCreds(
  database: Database,
  epoch: number,
  given: { creds: Uint8Array; phone: string | null },
): Promise<void> {
  const { sql } = database
  await changeHeld(
    database,
    "save_whatsapp_creds",
    () => sql`
      update whatsapp_account
         set creds = ${given.creds},
             phone = ${given.phone}
       where epoch = ${epoch}
         and holder is not null
      returning id
    `,
  )
}

/**
 * Says how the connection is; what is left out is none. A wish to pair ends when the account is open. Throws
 * an error that `isLeaseLost` knows.
 */
export async function showAccount(
  database: Database,
  epoch: number,
  shown: {
    state: Exclude<AccountState, "off">
    qr?: Uint8Array | undefined
    pairingCode?: Uint8Array | undefined
    problem?: string | undefined
  },
): Promise<void> {
  const { sql } = database
  await changeHeld(
    database,
    "show_whatsapp_account",
    () => sql`
      update whatsapp_account
         set changed_at = case when state = ${shown.state} then changed_at else clock_timestamp() end,
             state = ${shown.state},
             qr = ${shown.qr ?? null},
             pairing_code = ${shown.pairingCode ?? null},
             problem = ${shown.problem ?? null},
             pairing_wanted_at = case when ${shown.state} <> 'open' then pairing_wanted_at end,
             pairing_phone = case when ${shown.state} <> 'open' then pairing_phone end
       where epoch = ${epoch}
         and holder is not null
      returning id
    `,
  )
}

/**
 * Forgets creds, number, keys and retry counts, all or none: the account was logged out and has to be paired
 * again. Throws an error that `isLeaseLost` knows.
 */
export async function wipeAccount(database: Database, epoch: number, state: "logged_out"): Promise<void> {
  const { sql } = database
  await database.ask("wipe_whatsapp_account", () => sql`select wipe_whatsapp_account(${epoch}, ${state})`)
}

/**
 * Nothing is to be sent for this long, across restarts; 0 ends it. Throws an error that `isLeaseLost` knows.
 */
export async function pauseSending(
  database: Database,
  epoch: number,
  given: { ms: number; reason: string },
): Promise<void> {
  const { sql } = database
  await changeHeld(
    database,
    "pause_whatsapp_sending",
    () => sql`
      update whatsapp_account
         set paused_until = clock_timestamp() + ${given.ms} * interval '1 millisecond',
             pause_reason = ${given.reason}
       where epoch = ${epoch}
         and holder is not null
      returning id
    `,
  )
}

/** Somebody wants to pair the account now; with their number, by a code. From any process. */
export async function askToPair(
  database: Database,
  given: { phone?: string | undefined } = {},
): Promise<void> {
  const { sql } = database
  const phone = given.phone ?? null
  const asked = phone === null ? 0 : 1
  await database.ask(
    "ask_to_pair",
    () => sql`
      insert into whatsapp_account as account (pairing_wanted_at, pairing_phone, pairing_asked)
      values (clock_timestamp(), ${phone}, ${asked})
      on conflict (id) do update
         set pairing_wanted_at = clock_timestamp(),
             pairing_phone = coalesce(excluded.pairing_phone, account.pairing_phone),
             -- A code for another number is none for this one.
             pairing_code = case when excluded.pairing_phone is null then account.pairing_code end,
             pairing_asked = account.pairing_asked + excluded.pairing_asked
    `,
  )
}

/**
 * The operator wants an account that another took, or that was stopped, connected again. From any process.
 */
export async function askAgain(database: Database): Promise<void> {
  const { sql } = database
  await database.ask(
    "ask_to_connect_again",
    () => sql`
      update whatsapp_account
         set state = 'connecting',
             problem = null,
             changed_at = clock_timestamp()
       where state in ('replaced', 'stopped')
    `,
  )
}

/** A change of the account's row by its holder; the rows it returns say whether it was still the holder. */
async function changeHeld(
  database: Database,
  operation: string,
  change: () => PromiseLike<readonly unknown[]>,
): Promise<void> {
  const changed = await database.ask(operation, change)
  if (changed.length > 0) return
  throw Object.assign(new Error("the WhatsApp account is no longer held by this process"), {
    code: leaseLost,
  })
}
