import {
  type AuthenticationCreds,
  BufferJSON,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
} from "@whiskeysockets/baileys"
import type { Vault } from "../../operations/vault.ts"
import type { AccountStore, KeyEntry } from "./account-store.ts"
import { createKeyCache } from "./key-cache.ts"
import { pruneChains } from "./prune-chains.ts"

/** What Baileys needs to be somebody, kept in the account store. */
export type AuthState = Readonly<{
  creds: AuthenticationCreds
  keys: SignalKeyStore
  /** Stores the whole creds as they are now; returns when that is done. */
  saveCreds: () => Promise<void>
  /**
   * Returns when nothing is being written any more; whatever comes later is refused. The next connection
   * stands on what is stored by then.
   */
  close: () => Promise<void>
}>

const credsContext = "whatsapp:creds"

/**
 * Opens the login. Without a paired one it begins a new one, of which nothing is stored before it is paired.
 * `fatal` is called when something could not be read or stored: the connection has to end, since Baileys goes
 * on with what it holds in memory.
 */
export async function openAuthState(parts: {
  store: AccountStore
  epoch: number
  vault: Vault
  fatal: (error: unknown) => void
}): Promise<AuthState> {
  const { store, epoch, vault, fatal } = parts
  const { creds: sealed } = await store.read()
  const creds = sealed ? decode<AuthenticationCreds>(vault.open(sealed, credsContext)) : initAuthCreds()
  const writing = new Set<Promise<void>>()
  let saving: Promise<void> = Promise.resolve()
  let changed = false
  let closed = false

  const write = async () => {
    if (!changed || creds.account === undefined) return
    changed = false
    await store.saveCreds(epoch, vault.seal(encode(creds), credsContext), phoneOf(creds))
  }
  /** Baileys refuses a message for good when a key can't be had, so the line has to be gone by then. */
  const orFatal = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      fatal(error)
      throw error
    }
  }
  const guarded = async (work: () => Promise<void>) => {
    if (closed) throw new Error("this connection is over: its keys are no longer written")
    const written = work()
    writing.add(written)
    await orFatal(() => written).finally(() => writing.delete(written))
  }
  const settle = () => {
    saving = saving.then(() => guarded(write))
    // Whoever waits gets the failure; that somebody does is not certain.
    saving.catch(() => undefined)
    return saving
  }
  const cache = createKeyCache((type, ids) => readPlain(parts, type, ids))

  return {
    creds,
    saveCreds: () => {
      changed = true
      return settle()
    },
    keys: {
      get: async <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
        const texts = await orFatal(() => cache.get(type, ids))
        const found: { [id: string]: SignalDataTypeMap[T] } = {}
        for (const [id, text] of texts) found[id] = revive(type, decode(text))
        return found
      },
      set: async (data) => {
        const plain = entriesOf(data)
        // Creds first: a key may be lost, but the number of one that was given away is never used again.
        await settle()
        await guarded(() => cache.change(plain, () => store.writeKeys(epoch, plain.map(sealWith(vault)))))
      },
    },
    close: async () => {
      const last = saving
      await Promise.allSettled([last, ...writing])
      closed = true
      await Promise.allSettled(writing)
    },
  }
}

/** The number of the account's phone, digits only; null before pairing. */
export function phoneOf({ me }: AuthenticationCreds): string | null {
  return /^([0-9]+)/.exec(me?.id ?? "")?.[1] ?? null
}

type PlainEntry = Readonly<{ type: string; id: string; text: string | null }>

function entriesOf(data: SignalDataSet): PlainEntry[] {
  return Object.entries(data).flatMap(([type, values]) =>
    Object.entries(values ?? {}).map(([id, value]) => ({
      type,
      id,
      text: value === null || value === undefined ? null : encode(shorten(type, value)),
    })),
  )
}

function shorten(type: string, value: unknown): unknown {
  return type === "session" ? pruneChains(value) : value
}

function sealWith(vault: Vault): (entry: PlainEntry) => KeyEntry {
  return ({ type, id, text }) => ({
    type,
    id,
    value: text === null ? null : vault.seal(text, keyContext(type, id)),
  })
}

async function readPlain(
  { store, vault }: { store: AccountStore; vault: Vault },
  type: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const sealed = await store.readKeys(type, ids)
  return new Map([...sealed].map(([id, value]) => [id, vault.open(value, keyContext(type, id))]))
}

const keyContext = (type: string, id: string) => `whatsapp:key:${type}:${id}`

const encode = (value: unknown) => JSON.stringify(value, BufferJSON.replacer)

function decode<Value>(text: string): Value {
  return JSON.parse(text, BufferJSON.reviver)
}

function revive<T extends keyof SignalDataTypeMap>(
  type: T,
  value: SignalDataTypeMap[T],
): SignalDataTypeMap[T] {
  if (type !== "app-state-sync-key") return value
  const plain: object = Object(value)
  const key: unknown = proto.Message.AppStateSyncKeyData.fromObject({ ...plain })
  return key as SignalDataTypeMap[T]
}
