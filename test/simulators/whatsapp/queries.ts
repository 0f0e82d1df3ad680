import { isRightlySigned, type SignedPreKey } from "./account.ts"
import { withoutDevice } from "./mailbox.ts"
import { bigEndian, bytesOf, child, children, phoneJid, type Stanza, serverJid, stanza } from "./stanza.ts"
import { seconds, type World } from "./world.ts"

/** Answers what a logged-in client asks. Undefined: this is nothing the server knows. */
export function answerQuery(query: Stanza, world: World): Stanza | undefined {
  const [asked] = children(query)
  const about = `${query.attrs.xmlns} ${query.attrs.type} ${asked?.tag ?? ""}`.trim()
  const content = answerAbout(about, query, world)
  if (!content) return undefined
  return stanza("iq", { from: serverJid, type: "result", id: query.attrs.id }, content)
}

function answerAbout(about: string, query: Stanza, world: World): Stanza[] | undefined {
  switch (about) {
    case "encrypt get count":
      return [stanza("count", { value: String(world.account.companion?.oneTimeKeys.size ?? 0) })]
    case "encrypt set registration":
      return storeOneTimeKeys(query, world)
    case "encrypt set rotate":
      return rotateSignedKey(query, world)
    case "encrypt get digest":
      return [digest(world)]
    case "encrypt get key":
      return [stanza("list", {}, keysOf(query, world))]
    case "usync get usync":
      return answerUsync(query, world)
    case "abt get props":
      return [stanza("props", { protocol: "1", hash: "0", refresh: "86400" })]
    case "privacy get privacy":
      return [stanza("privacy", {}, privacySettings())]
    case "privacy set tokens":
      return []
    case "blocklist get":
      return [stanza("list", { dhash: "0" })]
    case "w:sync:app:state set sync":
      return [stanza("sync", {}, emptyCollections(query))]
    case "w:m set media_conn":
      return [mediaConnection(world)]
    case "w:mex get query":
      return [stanza("result", {}, Buffer.from(unrestricted))]
    case "md set remove-companion-device":
    case "passive set active":
    case "passive set passive":
    case "w:p get ping":
    case "w:stats undefined add":
    case "urn:xmpp:whatsapp:dirty set clean":
      return []
    default:
      return undefined
  }
}

function storeOneTimeKeys(query: Stanza, { account, problems }: World): Stanza[] {
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

function rotateSignedKey(query: Stanza, world: World): Stanza[] {
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

function digest({ account }: World): Stanza {
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

function keysOf(query: Stanza, world: World): Stanza[] {
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

function answerUsync(query: Stanza, world: World): Stanza[] {
  const usync = child(query, "usync")
  const wanted = children(child(usync, "query")).map(({ tag }) => tag)
  const users = children(child(usync, "list"), "user").map((user) => describeUser(user, wanted, world))
  const result = stanza(
    "result",
    {},
    wanted.map((tag) => stanza(tag)),
  )
  return [stanza("usync", { ...usync?.attrs }, [result, stanza("list", {}, users)])]
}

function describeUser(user: Stanza, wanted: readonly string[], world: World): Stanza {
  const asked = user.attrs.jid ?? jidOfNumber(bytesOf(user, "contact")?.toString() ?? "")
  const jid = withoutDevice(asked)
  const { account } = world
  const isOwn = jid === account.jid || jid === account.lid
  const customer = world.customers.get(jid)
  const lid = isOwn ? account.lid : customer?.lid
  if (wanted.includes("devices")) world.told.add(jid)
  const answers: Record<string, () => Stanza[]> = {
    devices: () => [
      stanza("devices", {}, [stanza("device-list", {}, devicesOf(isOwn, customer !== undefined, world))]),
    ],
    lid: () => (lid && !jid.endsWith("@lid") ? [stanza("lid", { val: lid })] : []),
    contact: () => [stanza("contact", { type: lid ? "in" : "out" })],
  }
  return stanza(
    "user",
    { jid },
    wanted.flatMap((tag) => answers[tag]?.() ?? [stanza(tag)]),
  )
}

function devicesOf(isOwn: boolean, isCustomer: boolean, { account: { companion } }: World): Stanza[] {
  const main = stanza("device", { id: "0" })
  if (!isOwn) return isCustomer ? [main] : []
  const device = String(companion?.device ?? 1)
  return [main, stanza("device", { id: device, "key-index": device })]
}

function jidOfNumber(number: string): string {
  return phoneJid(number.replace(/\D/g, ""))
}

/** The account may write to whom it likes. */
const unrestricted = JSON.stringify({ data: { xwa2_fetch_account_reachout_timelock: { is_active: false } } })

function mediaConnection({ media }: World): Stanza {
  const host = stanza("host", { hostname: media.host, maxContentLengthBytes: "16000000" })
  return stanza("media_conn", { auth: media.auth, ttl: "300", auth_ttl: "300", max_buckets: "12" }, [host])
}

function privacySettings(): Stanza[] {
  const settings = {
    readreceipts: "all",
    last: "all",
    online: "all",
    profile: "all",
    status: "all",
    groupadd: "all",
  }
  return Object.entries(settings).map(([name, value]) => stanza("category", { name, value }))
}

function emptyCollections(query: Stanza): Stanza[] {
  return children(child(query, "sync"), "collection").map(({ attrs: { name, version } }) =>
    stanza("collection", { name, version, has_more_patches: "false" }),
  )
}

/** What a login is answered with. */
export function success({ account, clock }: World): Stanza {
  return stanza("success", {
    t: seconds(clock()),
    lid: account.companion?.lid,
    props: "1",
    companion_enc_static: "",
    abprops: "1",
  })
}
