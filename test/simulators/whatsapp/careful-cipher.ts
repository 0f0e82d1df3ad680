import { SessionCipher } from "libsignal"

type Session = object & { serialize(): unknown; constructor: { deserialize(stored: unknown): object } }
type Decrypt = (message: Buffer, session: Session) => Promise<Buffer>

/**
 * A phone tries a message on each of its sessions. Libsignal's ratchet of a session steps even when the
 * message turns out to be another session's, and is broken from then on; a phone's does not, and neither does
 * this one's.
 */
export class CarefulCipher extends SessionCipher {
  async doDecryptWhisperMessage(message: Buffer, session: Session): Promise<Buffer> {
    const before = session.serialize()
    try {
      const decrypt: Decrypt = Reflect.get(SessionCipher.prototype, "doDecryptWhisperMessage")
      return await decrypt.call(this, message, session)
    } catch (error) {
      Object.assign(session, session.constructor.deserialize(before))
      throw error
    }
  }
}
