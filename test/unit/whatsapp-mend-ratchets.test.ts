import { afterEach, beforeEach, expect, test } from "bun:test"
import { SessionCipher } from "libsignal"
import { silenceConsole } from "../../src/channels/whatsapp/mend-baileys.ts"
import { mendRatchets } from "../../src/channels/whatsapp/mend-ratchets.ts"
import { createSignalDevice } from "../simulators/whatsapp/signal-device.ts"
import { openSignalShop } from "../support/signal-shop.ts"

const jid = "6281200000001@s.whatsapp.net"
const decrypt = "doDecryptWhisperMessage"

let upstream: unknown
let speakAgain: () => void

beforeEach(() => {
  upstream = Reflect.get(SessionCipher.prototype, decrypt)
  speakAgain = silenceConsole()
})
afterEach(() => {
  Reflect.set(SessionCipher.prototype, decrypt, upstream)
  speakAgain()
})

/**
 * A customer's message waits while the customer begins a new session, and comes to the shop after it. Returns
 * what the customer reads of the shop's answer; throws when it can't be read.
 */
async function answerAfterLateMessage(): Promise<string> {
  const { repository, bundle } = openSignalShop()
  const customer = createSignalDevice(5000)
  const tell = (text: string) => customer.encrypt("shop", Buffer.from(text))
  const hear = async ({ type, bytes }: Awaited<ReturnType<typeof tell>>) =>
    Buffer.from(await repository.decryptMessage({ jid, type, ciphertext: bytes })).toString()
  const answer = async (text: string) => {
    const { type, ciphertext } = await repository.encryptMessage({ jid, data: Buffer.from(text) })
    const { plaintext } = await customer.decrypt("shop", { type, bytes: Buffer.from(ciphertext) })
    return plaintext.toString()
  }
  await customer.startSession("shop", await bundle())
  expect(await hear(await tell("one"))).toBe("one")
  expect(await answer("yes, one")).toBe("yes, one")
  const late = await tell("late")
  await customer.startSession("shop", await bundle())
  expect(await hear(await tell("two"))).toBe("two")
  expect(await hear(late)).toBe("late")
  return await answer("yes, two")
}

test("a message of an older session, coming late, does not break the present one", async () => {
  mendRatchets()
  mendRatchets()
  expect(await answerAfterLateMessage()).toBe("yes, two")
})

test("libsignal as it comes breaks it: the test before this one can fail", async () => {
  await expect(answerAfterLateMessage()).rejects.toThrow()
})
