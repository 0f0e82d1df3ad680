import type { CertifiedKey } from "./certificate-chain.ts"
import { createHandshake, type Introduction, noiseHeader, type Transport } from "./noise-handshake.ts"
import { decode, encode, type Stanza } from "./stanza.ts"

/** The bytes below a connection. */
export type Wire = Readonly<{ send(bytes: Buffer): void; close(): void; terminate(): void }>

/** One client's connection after its handshake. */
export type Connection = Readonly<{
  introduction: Introduction
  /** Does nothing once the connection is gone. */
  send(node: Stanza): void
  /** Closes politely, after what was sent. */
  close(): void
  /** Breaks it off. */
  drop(): void
}>

export type ConnectionEvents = Readonly<{
  onIntroduced(connection: Connection): void
  onStanza(node: Stanza, connection: Connection): void
  onGone(connection: Connection | undefined): void
  onProblem(problem: string): void
}>

/** What the web socket tells its connection. */
export type ConnectionInput = Readonly<{
  receive(bytes: Buffer): void
  gone(): void
  /** Breaks it off. */
  drop(): void
  /** From now on nothing is read or answered, while the connection stays open. */
  freeze(): void
  /** Everything that waited goes on, in order. */
  thaw(): void
}>

/** Which way a client should come next time; it says so before its hello. Means nothing here. */
export const routingInfo = Buffer.from([8, 11, 8, 2])

const routingPrefixLength = 7
const frozenLimit = 20_000

export function openConnection(
  wire: Wire,
  certified: CertifiedKey,
  events: ConnectionEvents,
): ConnectionInput {
  const handshake = createHandshake(certified)
  let awaited = "header" as "header" | "hello" | "finish" | "stanza" | "nothing"
  let received: Buffer = Buffer.alloc(0)
  let transport: Transport | undefined
  let connection: Connection | undefined
  let isFrozen = false
  const held: (() => void)[] = []

  const unlessFrozen = (action: () => void) => {
    if (!isFrozen) action()
    else if (held.length < frozenLimit) held.push(action)
  }
  const sendFrame = (body: Buffer) => {
    const frame = Buffer.allocUnsafe(body.length + 3)
    frame.writeUIntBE(body.length, 0, 3)
    body.copy(frame, 3)
    wire.send(frame)
  }
  const connect = (introduction: Introduction): Connection => ({
    introduction,
    send: (node) =>
      unlessFrozen(() => {
        if (transport && awaited !== "nothing") sendFrame(transport.encrypt(encode(node)))
      }),
    close: () => unlessFrozen(() => wire.close()),
    drop: () => wire.terminate(),
  })
  const takeFrame = (frame: Buffer) => {
    if (awaited === "hello") {
      sendFrame(handshake.answer(frame))
      awaited = "finish"
    } else if (awaited === "finish") {
      const finished = handshake.finish(frame)
      transport = finished.transport
      awaited = "stanza"
      connection = connect(finished.introduction)
      events.onIntroduced(connection)
    } else if (transport && connection) {
      events.onStanza(decode(transport.decrypt(frame)), connection)
    }
  }
  const takeFrames = () => {
    if (awaited === "header") {
      const header = readHeader(received)
      if (!header) return
      if (header.routing && !header.routing.equals(routingInfo))
        events.onProblem("a client came by another route than it was told")
      received = received.subarray(header.length)
      awaited = "hello"
    }
    while (received.length >= 3) {
      const end = 3 + received.readUIntBE(0, 3)
      if (received.length < end) return
      const frame = received.subarray(3, end)
      received = received.subarray(end)
      takeFrame(frame)
    }
  }
  return {
    receive: (bytes) =>
      unlessFrozen(() => {
        received = received.length === 0 ? bytes : Buffer.concat([received, bytes])
        try {
          takeFrames()
        } catch (error) {
          // A client that distrusts the certificate hangs up here, which is its right; nonsense is not.
          events.onProblem(`a connection sent what can't be read: ${String(error)}`)
          wire.terminate()
        }
      }),
    gone() {
      awaited = "nothing"
      held.length = 0
      events.onGone(connection)
    },
    drop: () => wire.terminate(),
    freeze() {
      isFrozen = true
    },
    thaw() {
      isFrozen = false
      for (const action of held.splice(0)) action()
    },
  }
}

/**
 * What stands before the first frame. Undefined while it is not all there; throws when it is something
 * else.
 */
function readHeader(received: Buffer): { length: number; routing: Buffer | undefined } | undefined {
  const isRouted = received.subarray(0, 2).toString() === "ED"
  if (isRouted && received.length < routingPrefixLength) return undefined
  const routingEnd = isRouted ? routingPrefixLength + received.readUIntBE(4, 3) : 0
  const length = routingEnd + noiseHeader.length
  if (received.length < length) return undefined
  if (!received.subarray(routingEnd, length).equals(noiseHeader)) throw new Error("not a WhatsApp client")
  return { length, routing: isRouted ? received.subarray(routingPrefixLength, routingEnd) : undefined }
}
