import {
  areJidsSameUser,
  isLidUser,
  type SocketConfig,
  type WAMessageKey,
  type WASocket,
} from "@whiskeysockets/baileys"
import { storableId } from "../storable-text.ts"
import type { AccountStore } from "./account-store.ts"
import type { SentMessage } from "./send.ts"

type Mapping = WASocket["signalRepository"]["lidMapping"]

/** What Baileys needs to send a message again to a phone that could not read it, out of the database. */
export function sendingAgain(parts: {
  store: AccountStore
  readSent: (id: string) => Promise<SentMessage | undefined>
  mapping: () => Mapping
  /** Runs work whose failure has to end the connection: what asked is confirmed however it ends. */
  orEnd: <Result>(work: () => Promise<Result>) => Promise<Result>
}): Pick<SocketConfig, "getMessage" | "msgRetryCounterCache"> {
  const { store, orEnd } = parts
  return {
    getMessage: async ({ id, remoteJid }: WAMessageKey) => {
      const sent = id ? await orEnd(() => parts.readSent(storableId(id))) : undefined
      return sent && (await isSamePerson(parts.mapping(), remoteJid, sent.to)) ? sent.content : undefined
    },
    // How often it was asked for, for as long as its content is kept.
    msgRetryCounterCache: {
      // Baileys' own type promises whatever is asked for; it asks for counts only.
      get: <Value>(id: string) => orEnd(() => store.readRetryCount(storableId(id))) as Promise<Value>,
      set: async (id: string, count: unknown) => {
        if (typeof count === "number") await orEnd(() => store.saveRetryCount(storableId(id), count))
      },
      del: (id: string) => orEnd(() => store.saveRetryCount(storableId(id), 0)),
      flushAll: () => undefined,
    },
  }
}

/** Whoever asks for a message gets their own only, under whichever address they ask. */
async function isSamePerson(
  mapping: Mapping,
  asking: string | null | undefined,
  written: string,
): Promise<boolean> {
  if (!asking) return false
  if (areJidsSameUser(asking, written)) return true
  const other = isLidUser(asking) ? await mapping.getPNForLID(asking) : await mapping.getLIDForPN(asking)
  return other !== null && areJidsSameUser(other, written)
}
