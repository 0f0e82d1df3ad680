import { isRightlySigned, type SignedPreKey } from "./account.ts"
import { withoutDevice } from "./mailbox.ts"
import { bigEndian, bytesOf, child, children, type Stanza, stanza } from "./stanza.ts"
import type { World } from "./world.ts"

/** Checks and keeps what a client uploads: 812 keys at first, a few whenever they run low. */
export function storeOneTimeKeys(query: Stanza, { account, problems }: World): Stanza[] {
  const { companion } = account
  if (!companion) return []
  if (!bytesOf(query, "identity")?.equals(companion.registration.identityKey))
    problems.note("one-time keys were uploaded under another identity")
  if (bytesOf(query, "registration")?.readUInt32BE(0) !== companion.registration.registrationId)
    problems.note("one-time keys were uploaded under another registration id")
  acceptSignedKey(child(query, "skey"), { account, problems }, "uploaded")
  for (const key of children(child(query, "list"), "key")) {
    const keyId = bytesOf(key, "id")
    const value = bytesOf(key, "value")
    if (keyId?.length !== 3 || value?.length !== 32) problems.note("a one-time key has the wrong length")
    else companion.oneTimeKeys.set(keyId.readUIntBE(0, 3), value)
  }
  return []
}

export function rotateSignedKey(query: Stanza, world: World): Stanza[] {
  acceptSignedKey(child(child(query, "rotate"), "skey"), world, "rotated")
  return []
}

function acceptSignedKey(
  node: Stanza | undefined,
  { account, problems }: Pick<World, "account" | "problems">,
  how: string,
): void {
  const [keyId, publicKey, signature] = ["id", "value", "signature"].map((tag) => bytesOf(node, tag))
  const identityKey = account.companion?.registration.identityKey
  if (keyId?.length !== 3 || !publicKey || !signature || !identityKey) {
    problems.note(`a signed key was ${how} that is not whole`)
    return
  }
  const key: SignedPreKey = { keyId: keyId.readUIntBE(0, 3), publicKey, signature }
  const isKnown =
    account.signedPreKey?.signature.equals(signature) && account.signedPreKey.publicKey.equals(publicKey)
  if (!isKnown && !isRightlySigned(key, identityKey))
    problems.note(`a signed key was ${how} with a wrong signature`)
  else account.signedPreKey = key
}

/** The server's view of the client's keys. */
export function digest({ account }: World): Stanza {
  const { companion, signedPreKey } = account
  const ids = [...(companion?.oneTimeKeys.keys() ?? [])]
  return stanza("digest", {}, [
    stanza("registration", {}, bigEndian(companion?.registration.registrationId ?? 0, 4)),
    stanza("type", {}, Buffer.from([5])),
    stanza("identity", {}, companion?.registration.identityKey),
    stanza("skey", {}, [stanza("id", {}, bigEndian(signedPreKey?.keyId ?? 0, 3))]),
    stanza(
      "list",
      {},
      ids.map((keyId) => stanza("id", {}, bigEndian(keyId, 3))),
    ),
  ])
}

/** The keys of whomever the client wants to write to, a one-time key of each. */
export function keysOf(query: Stanza, world: World): Stanza[] {
  return children(child(query, "key"), "user").flatMap(({ attrs: { jid } }) => {
    const device = findDevice(jid ?? "", world)
    if (!jid || !device) {
      world.problems.note(`keys were asked for of ${jid}, whom nobody knows`)
      return []
    }
    return [stanza("user", { jid }, device.keys())]
  })
}

/** The phone of whoever has this address: a customer's, or the owner's own. */
export function findDevice(jid: string, { account, customers }: World) {
  const address = withoutDevice(jid)
  if (address !== jid && !jid.includes(":0@")) return undefined
  if (address === account.jid || address === account.lid) return account.phone
  return customers.get(address)?.device
}
