import { SessionCipher } from "libsignal"

type Session = object & { serialize(): unknown; constructor: { deserialize(stored: unknown): object } }
type Decrypt = (this: SessionCipher, message: Buffer, session: Session) => Promise<Buffer>

const decrypt: Decrypt = Reflect.get(SessionCipher.prototype, "doDecryptWhisperMessage")

/**
 * Makes libsignal leave a session as it was when a message turns out to be another session's. It tries a
 * message on all that there are with a person; each one's ratchet steps before the message is found to be
 * none of its, and all are stored when one fits. From then on nothing that is sent on a broken one can be
 * read, and a customer has two sessions as soon as both sides began one. Returns how to end that.
 */
export function mendRatchets(): () => void {
  const decryptOrLeave: Decrypt = async function (message, session) {
    const before = session.serialize()
    try {
      return await decrypt.call(this, message, session)
    } catch (error) {
      Object.assign(session, session.constructor.deserialize(before))
      throw error
    }
  }
  Reflect.set(SessionCipher.prototype, "doDecryptWhisperMessage", decryptOrLeave)
  return () => void Reflect.set(SessionCipher.prototype, "doDecryptWhisperMessage", decrypt)
}
