import { AsyncLocalStorage } from "node:async_hooks"
import {
  addTransactionCapability,
  DEFAULT_CONNECTION_CONFIG,
  jidDecode,
  type SignalKeyStore,
  type SocketConfig,
} from "@whiskeysockets/baileys"
import { createKeyedLock, inEachTurn, type KeyedLock } from "./keyed-lock.ts"
import { quietLogger } from "./quiet-logger.ts"

type MakeRepository = SocketConfig["makeSignalRepository"]

/** What Baileys is given to keep sessions with. */
export type Sessions = Readonly<{ makeRepository: MakeRepository; keys: SignalKeyStore }>

type SessionParts = Readonly<{
  onDecrypted: OnDecrypted
  /** Keys of groups are kept. */
  obeysGroups: boolean
  /** Aborted when the connection has ended: from then on nothing is decrypted. */
  gone: AbortSignal
}>

/** What was decrypted, before the ratchet moved on: when this throws, it does not move. */
export type OnDecrypted = (message: { ciphertext: Uint8Array; padded: Uint8Array }) => Promise<void>

/**
 * The Signal sessions, in transactions of their own.
 *
 * Baileys' own order is: commit the ratchet, send the receipt, tell the program; a crash in between loses the
 * message. Here the message is handed to `onDecrypted` inside the transaction, so that it is stored before
 * the ratchet is committed and before any receipt.
 *
 * Baileys commits what a send did to a session after the send, in a transaction that knows nothing of a
 * message being received from the same person: one of the two would overwrite the other's step, and a key
 * would be used twice. Here each step is committed before it leaves, and steps of one person's session come
 * one after the other.
 */
export function createSessions(keys: SignalKeyStore, parts: SessionParts): Sessions {
  const inTurn = createKeyedLock()
  return {
    makeRepository: makeRepositoryWith(keys, inTurn, parts),
    keys: {
      get: (type, ids) => keys.get(type, ids),
      // Baileys throws sessions away by their names; not while a step of one is being taken.
      set: async (data) => {
        const names = Object.keys(data.session ?? {}).sort()
        await inEachTurn(inTurn, names, async () => await keys.set(data))
      },
    },
  }
}

function makeRepositoryWith(
  keys: SignalKeyStore,
  inTurn: KeyedLock,
  { onDecrypted, obeysGroups, gone }: SessionParts,
): MakeRepository {
  return ({ creds }, _logger, findLids) => {
    const own = addTransactionCapability(keys, quietLogger, { maxCommitRetries: 1, delayBetweenTriesMs: 0 })
    const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
      { creds, keys: own },
      quietLogger,
      findLids,
    )
    // What is begun from inside a transaction would otherwise count as part of it, long after its end.
    const outside = AsyncLocalStorage.snapshot()
    /** The name under which the session with a device is kept. */
    const sessionOf = async (jid: string) =>
      repository.jidToSignalProtocolAddress((await repository.lidMapping.getLIDForPN(jid)) ?? jid)
    /** The names of the sessions with every device of a person, under both addresses. */
    const sessionsOfAll = async (from: string, to: string) => {
      const user = jidDecode(from)?.user ?? ""
      const { [user]: devices = [] } = await keys.get("device-list", [user])
      const ends = ["", ...devices.map((device) => `.${device}`)]
      const names = [from, to].flatMap((jid) => {
        const name = repository.jidToSignalProtocolAddress(jid)
        return ends.map((end) => (end === "" ? name : name.replace(/\.[0-9]+$/, end)))
      })
      return names.sort()
    }
    return {
      ...repository,
      decryptMessage: async (given) =>
        await inTurn(await sessionOf(given.jid), () =>
          own.transaction(async () => {
            if (gone.aborted) throw new Error("the connection has ended: the message has to come again")
            const padded = await repository.decryptMessage(given)
            await outside(() => onDecrypted({ ciphertext: given.ciphertext, padded }))
            return padded
          }, given.jid),
        ),
      decryptGroupMessage: async (given) =>
        await inTurn(`${given.group} ${given.authorJid}`, () =>
          own.transaction(async () => {
            const padded = await repository.decryptGroupMessage(given)
            await outside(() => onDecrypted({ ciphertext: given.msg, padded }))
            return padded
          }, given.group),
        ),
      encryptMessage: async (given) =>
        await inTurn(await sessionOf(given.jid), () => repository.encryptMessage(given)),
      injectE2ESession: async (given) =>
        await inTurn(await sessionOf(given.jid), () => repository.injectE2ESession(given)),
      deleteSession: async (jids) => {
        const names = jids.map((jid) => repository.jidToSignalProtocolAddress(jid)).sort()
        await inEachTurn(inTurn, names, () => repository.deleteSession(jids))
      },
      migrateSession: async (from, to) => {
        const names = await sessionsOfAll(from, to)
        return await inEachTurn(inTurn, names, () => repository.migrateSession(from, to))
      },
      // Anybody can put one into a private message: obeyed, it would fill the table of keys.
      processSenderKeyDistributionMessage: async (given) => {
        const { groupId } = given.item
        if (!obeysGroups || !/^[0-9-]{1,40}@(g\.us|broadcast)$|^status@broadcast$/.test(groupId ?? "")) return
        await repository.processSenderKeyDistributionMessage(given)
      },
    }
  }
}
