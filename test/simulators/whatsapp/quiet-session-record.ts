import { SessionRecord } from "libsignal"

type Session = {
  indexInfo: { closed: number; used: number; baseKey: Buffer; remoteIdentityKey: Buffer }
}

const open = -1
const keptSessions = 10

/**
 * libsignal's record of sessions, without its printing: closing a session there prints private keys. Here a
 * session that is set closes the others by itself, so that nothing is left to print about.
 */
export class QuietSessionRecord extends SessionRecord {
  declare readonly sessions: Record<string, Session>

  /**
   * While a message that may start a session is read, the open one is not shown: libsignal would print it.
   */
  isReceiving = false

  /** The identity key, with its type byte, of whoever the open session is with. */
  peerIdentity(): Buffer {
    return this.#open()?.indexInfo.remoteIdentityKey ?? Buffer.alloc(0)
  }

  override haveOpenSession(): boolean {
    return this.#open() !== undefined
  }

  getOpenSession(): Session | undefined {
    return this.isReceiving ? undefined : this.#open()
  }

  setSession(session: Session): void {
    for (const other of Object.values(this.sessions)) this.closeSession(other)
    this.sessions[session.indexInfo.baseKey.toString("base64")] = session
  }

  closeSession(session: Session): void {
    if (session.indexInfo.closed === open) session.indexInfo.closed = Date.now()
  }

  removeOldSessions(): void {
    const closed = Object.entries(this.sessions).filter(([, { indexInfo }]) => indexInfo.closed !== open)
    for (const [key] of closed.slice(0, -keptSessions)) delete this.sessions[key]
  }

  #open(): Session | undefined {
    return Object.values(this.sessions).find(({ indexInfo }) => indexInfo.closed === open)
  }
}
