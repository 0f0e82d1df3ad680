import type { ClientMessages } from "./client-messages.ts"
import type { Connection, ConnectionEvents } from "./connection.ts"
import { receiptIds } from "./mailbox.ts"
import type { Pairing } from "./pairing.ts"
import { answerQuery, success } from "./queries.ts"
import { type Stanza, serverJid, stanza } from "./stanza.ts"
import { seconds, type World } from "./world.ts"

/** What happens on each connection from its introduction to its end. */
export function createSessions(world: World, pairing: Pairing, messages: ClientMessages): ConnectionEvents {
  const handlers: Record<string, (node: Stanza, connection: Connection) => void> = {
    iq: (node, connection) => takeQuery(node, connection, world),
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
      if (connection.introduction.payload.devicePairingData) pairing.begin(connection)
      else logIn(connection, world)
    },
    onStanza(node, connection) {
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

function logIn(connection: Connection, world: World): void {
  const { payload, noiseKey } = connection.introduction
  const { companion, number } = world.account
  const isKnown =
    companion?.registration.noiseKey.equals(noiseKey) &&
    String(payload.username) === number &&
    payload.device === companion.device
  if (!isKnown) {
    connection.send(stanza("failure", { reason: "401", location: "atn" }))
    connection.close()
    return
  }
  const former = world.connection
  world.connection = connection
  world.mailbox.close()
  if (former) {
    former.send(stanza("stream:error", {}, [stanza("conflict", { type: "replaced" })]))
    former.close()
  }
  connection.send(success(world))
}

function takeQuery(query: Stanza, connection: Connection, world: World): void {
  const { id = "", type } = query.attrs
  if (type === "result" || type === "error") {
    world.asked.get(id)?.(query)
    world.asked.delete(id)
    return
  }
  const answer = answerQuery(query, world)
  if (answer) connection.send(answer)
  else {
    world.problems.note(`the client asked ${query.attrs.xmlns}, which the server doesn't know`)
    const error = stanza("error", { code: "501", text: "feature-not-implemented" })
    connection.send(stanza("iq", { from: serverJid, type: "error", id }, [error]))
  }
  const isActive =
    query.attrs.xmlns === "passive" && Array.isArray(query.content) && query.content[0]?.tag === "active"
  if (isActive && connection === world.connection) world.mailbox.open((node) => connection.send(node))
}

function takeReceipt(receipt: Stanza, connection: Connection, world: World): void {
  const { id, to, recipient, type, participant } = receipt.attrs
  for (const one of receiptIds(receipt)) world.mailbox.settle(recipient ?? to ?? "", one, type ?? "delivered")
  connection.send(
    stanza("ack", { class: "receipt", id, from: to, type, participant, t: seconds(world.clock()) }),
  )
}

function takeAck({ attrs }: Stanza, world: World): void {
  if (attrs.class !== "message") return
  world.mailbox.settle(
    attrs.recipient ?? attrs.to ?? "",
    attrs.id ?? "",
    attrs.error ? `refused ${attrs.error}` : "ack",
  )
}
