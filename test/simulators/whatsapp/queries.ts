import { digest, keysOf, rotateSignedKey, storeOneTimeKeys } from "./key-queries.ts"
import { withoutDevice } from "./mailbox.ts"
import { bytesOf, child, children, phoneJid, type Stanza, serverJid, stanza } from "./stanza.ts"
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
