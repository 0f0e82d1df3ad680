import { type Companion, isRightlySigned, withTypeByte } from "./account.ts"
import type { ClientMessages } from "./client-messages.ts"
import { type Connection, type ConnectionEvents, routingInfo } from "./connection.ts"
import { loginFailure, streamErrorNode } from "./faults.ts"
import { receiptIds, refused } from "./mailbox.ts"
import { welcomeDevice } from "./own-phone.ts"
import type { CodePairing } from "./pair-by-code.ts"
import type { Pairing } from "./pairing.ts"
import { answerQuery, success } from "./queries.ts"
import type { KeyBundle } from "./signal-device.ts"
import { bytesOf, child, children, type Stanza, serverJid, stanza } from "./stanza.ts"
import { seconds, type World } from "./world.ts"

export type SessionParts = Readonly<{
  world: World
  pairing: Pairing
  codePairing: CodePairing
  messages: ClientMessages
}>

const versionLimit = 1_000

/** What happens on each connection from its introduction to its end. */
export function createSessions(parts: SessionParts): ConnectionEvents {
  const { world, pairing, messages } = parts
  const welcomed = new WeakSet<Companion>()
  const handlers: Record<string, (node: Stanza, connection: Connection) => void> = {
    iq: (node, connection) => takeQuery(node, connection, parts, welcomed),
    message: (node, connection) => {
      if (connection === world.connection) messages.take(node)
    },
    receipt: (node, connection) => takeReceipt(node, connection, world),
    ack: (node) => takeAck(node, world),
    presence: () => {},
    chatstate: () => {},
    ib: () => {},
  }
  return {
    onIntroduced(connection) {
      const { payload } = connection.introduction
      const { primary, secondary, tertiary } = payload.userAgent?.appVersion ?? {}
      const version = [primary ?? 0, secondary ?? 0, tertiary ?? 0]
      if (world.versions.length < versionLimit) world.versions.push(version.join("."))
      const failure = loginFailure(version, world.faults)
      if (failure !== undefined) fail(connection, failure)
      else if (payload.devicePairingData) pairing.begin(connection)
      else logIn(connection, world)
    },
    onStanza(node, connection) {
      world.record.add(node, world.clock())
      const handler = handlers[node.tag]
      if (handler) handler(node, connection)
      else world.problems.note(`a stanza <${node.tag}> came, which the server doesn't know`)
    },
    onGone(connection) {
      if (!connection) return
      pairing.forget(connection)
      if (world.connection !== connection) return
      world.connection = undefined
      world.mailbox.close()
    },
    onProblem: (problem) => world.problems.note(problem),
  }
}

function fail(connection: Connection, reason: number): void {
  connection.send(stanza("failure", { reason: String(reason), location: "atn" }))
  connection.close()
}

function logIn(connection: Connection, world: World): void {
  const { payload, noiseKey } = connection.introduction
  const { companion, number } = world.account
  const isKnown =
    companion?.registration.noiseKey.equals(noiseKey) &&
    String(payload.username) === number &&
    payload.device === companion.device
  if (!isKnown) {
    fail(connection, 401)
    return
  }
  const former = world.connection
  world.connection = connection
  world.mailbox.close()
  if (former) {
    world.replacements += 1
    former.send(streamErrorNode("conflict"))
    former.close()
  }
  connection.send(success(world))
  const route = stanza("edge_routing", {}, [stanza("routing_info", {}, routingInfo)])
  connection.send(stanza("ib", { from: serverJid }, [route]))
  const dirty = stanza("dirty", { type: "account_sync", timestamp: seconds(world.clock()) })
  connection.send(stanza("ib", { from: serverJid }, [dirty]))
}

function takeQuery(
  query: Stanza,
  connection: Connection,
  { world, codePairing }: SessionParts,
  welcomed: WeakSet<Companion>,
): void {
  const { id = "", type, xmlns } = query.attrs
  const asked = children(query)[0]?.tag
  if (type === "result" || type === "error") {
    world.asked.get(id)?.(query)
    world.asked.delete(id)
    return
  }
  if (asked === "link_code_companion_reg") {
    codePairing.take(query, connection)
    return
  }
  const answer = answerQuery(query, world)
  if (answer) connection.send(answer)
  else {
    world.problems.note(`the client asked ${xmlns} ${asked}, which the server doesn't know`)
    const error = stanza("error", { code: "501", text: "feature-not-implemented" })
    connection.send(stanza("iq", { from: serverJid, type: "error", id }, [error]))
  }
  if (connection !== world.connection) return
  if (asked === "remove-companion-device") {
    world.account.companion = undefined
    connection.close()
  } else if (xmlns === "passive" && asked === "active") startDelivering(connection, world, welcomed)
}

function startDelivering(connection: Connection, world: World, welcomed: WeakSet<Companion>): void {
  world.mailbox.open((node) => connection.send(node))
  const { companion } = world.account
  if (!companion || welcomed.has(companion)) return
  welcomed.add(companion)
  welcomeDevice(world).catch(unlessUnlinked(world))
}

/** Nothing can be encrypted for a device that is unlinked meanwhile; that is nobody's fault. */
function unlessUnlinked({ account, problems }: World): (error: unknown) => void {
  return (error) => {
    if (account.companion) problems.note(`the server could not encrypt for the client: ${String(error)}`)
  }
}

function takeReceipt(receipt: Stanza, connection: Connection, world: World): void {
  const { id, to, recipient, type, participant } = receipt.attrs
  const chat = recipient ?? to ?? ""
  if (type === "retry") sendAgain(receipt, chat, world).catch(unlessUnlinked(world))
  else for (const one of receiptIds(receipt)) world.mailbox.settle(chat, one, type ?? "delivered")
  const t = seconds(world.clock())
  connection.send(stanza("ack", { class: "receipt", id, from: to, type, participant, t }))
}

/** The client could not decrypt: its sender encrypts the same message anew, on a new session. */
async function sendAgain(receipt: Stanza, chat: string, world: World): Promise<void> {
  const again = world.mailbox.askedAgain(chat, receipt.attrs.id ?? "")
  const keys = child(receipt, "keys")
  const bundle = keys ? readBundle(receipt, keys, world) : undefined
  if (again) world.mailbox.put(await again(bundle ?? "fresh keys"), again)
}

function readBundle(receipt: Stanza, keys: Stanza, { account, problems }: World): KeyBundle | undefined {
  const [signed, oneTime] = [child(keys, "skey"), child(keys, "key")]
  const [publicKey, signature] = [bytesOf(signed, "value"), bytesOf(signed, "signature")]
  const identityKey = bytesOf(keys, "identity")
  const keyId = bytesOf(signed, "id")?.readUIntBE(0, 3)
  const isWhole = publicKey && signature && identityKey && keyId !== undefined
  const signedPreKey = isWhole ? { keyId, publicKey, signature } : undefined
  const isOwn = identityKey && account.companion?.registration.identityKey.equals(identityKey)
  if (!signedPreKey || !isOwn || !isRightlySigned(signedPreKey, identityKey)) {
    problems.note("the keys in a retry receipt are not whole or not signed rightly")
    return undefined
  }
  const [oneTimeId, oneTimeKey] = [bytesOf(oneTime, "id"), bytesOf(oneTime, "value")]
  const preKey = oneTimeId &&
    oneTimeKey && { keyId: oneTimeId.readUIntBE(0, 3), publicKey: withTypeByte(oneTimeKey) }
  return {
    registrationId: bytesOf(receipt, "registration")?.readUInt32BE(0) ?? 0,
    identityKey: withTypeByte(identityKey),
    signedPreKey: { ...signedPreKey, publicKey: withTypeByte(signedPreKey.publicKey) },
    preKey,
  }
}

function takeAck({ attrs }: Stanza, world: World): void {
  if (attrs.class !== "message") return
  const by = attrs.error ? `${refused}${attrs.error}` : "ack"
  world.mailbox.settle(attrs.recipient ?? attrs.to ?? "", attrs.id ?? "", by)
}
