import type { Log } from "../../operations/log.ts"
import { pause } from "../../operations/pause.ts"
import type { AccountStore } from "./account-store.ts"
import type { Connection } from "./connection.ts"

/** Puts the codes to pair with where every process of the shop can read them. */
export type PairingPublisher = Readonly<{
  state: "pairing" | "logged_out"
  /** A new code to scan, on this connection. */
  show(connection: Connection, qr: string): void
  stop(): void
}>

export const qrContext = "whatsapp:qr"
export const codeContext = "whatsapp:code"

const lookMs = 1_000

export function publishPairing(parts: {
  store: AccountStore
  epoch: number
  seal: (text: string, context: string) => Uint8Array
  /** WhatsApp ended the login before: said until the account is paired again. */
  wasLoggedOut: boolean
  log: Log
}): PairingPublisher {
  const { store, epoch, seal, log } = parts
  const state = parts.wasLoggedOut ? "logged_out" : "pairing"
  const stopped = new AbortController()
  let qr: string | undefined
  let code: string | undefined
  let watching = false

  const publish = async () => {
    if (stopped.signal.aborted || qr === undefined) return
    await store.show(epoch, {
      state,
      qr: seal(qr, qrContext),
      ...(code === undefined ? {} : { pairingCode: seal(code, codeContext) }),
    })
  }
  /** Makes a code as often as somebody asks for one; the first look takes wishes from before. */
  const watch = async (connection: Connection) => {
    let answered = 0
    while (!stopped.signal.aborted && !connection.gone.aborted) {
      const { pairingAsked, pairingPhone, pairingWantedSecondsAgo } = await store.read()
      const isFresh = (pairingWantedSecondsAgo ?? Number.POSITIVE_INFINITY) < 120
      if (pairingPhone !== null && pairingAsked > answered && isFresh) {
        answered = pairingAsked
        code = await connection.requestCode(pairingPhone)
        await publish()
      }
      await pause(lookMs, stopped.signal)
    }
  }
  const failed = (connection: Connection) => (error: unknown) => {
    if (stopped.signal.aborted) return
    log.warn("pairing has to begin anew", { error })
    connection.end(428)
  }

  return {
    state,
    show: (connection, newest) => {
      qr = newest
      publish().catch(failed(connection))
      if (watching) return
      watching = true
      watch(connection).catch(failed(connection))
    },
    stop: () => stopped.abort(),
  }
}
