import type { ServerWebSocket } from "bun"
import type { CertifiedKey } from "./certificate-chain.ts"
import { type ConnectionEvents, type ConnectionInput, openConnection } from "./connection.ts"
import type { Faults } from "./faults.ts"

export type Listener = Readonly<{
  url: string
  inputs(): Iterable<ConnectionInput>
  stop(): Promise<void>
}>

type SocketData = { input: ConnectionInput | undefined }

const largestFrame = 32 * 1024 * 1024

/** Serves the web socket `/ws/chat`, and `/sw.js`, by which clients learn the present version. */
export function listen(options: {
  port: number
  certified: CertifiedKey
  events: ConnectionEvents
  faults: Faults
}): Listener {
  const { certified, events, faults } = options
  const inputs = new Set<ConnectionInput>()
  const server = Bun.serve<SocketData>({
    hostname: "127.0.0.1",
    port: options.port,
    fetch(request, upgrading) {
      const { pathname } = new URL(request.url)
      if (pathname === "/sw.js") return new Response(serviceWorker(faults.requiredVersion))
      if (pathname !== "/ws/chat") return new Response("not here", { status: 404 })
      if (faults.upgradeStatus !== undefined) return new Response("refused", { status: faults.upgradeStatus })
      if (upgrading.upgrade(request, { data: { input: undefined } })) return undefined
      return new Response("only web sockets", { status: 426 })
    },
    websocket: {
      idleTimeout: 0,
      sendPings: false,
      maxPayloadLength: largestFrame,
      backpressureLimit: largestFrame,
      open(socket) {
        const input = openConnection(wireOf(socket), certified, events)
        socket.data.input = input
        inputs.add(input)
        if (faults.freezesNewConnections) input.freeze()
      },
      message(socket, bytes) {
        socket.data.input?.receive(Buffer.from(bytes))
      },
      close({ data: { input } }) {
        if (!input) return
        inputs.delete(input)
        input.gone()
      },
    },
  })
  return {
    url: `ws://127.0.0.1:${server.port}/ws/chat`,
    inputs: () => inputs,
    async stop() {
      for (const input of [...inputs]) input.drop()
      await server.stop(true)
    },
  }
}

function wireOf(socket: ServerWebSocket<SocketData>) {
  return {
    send: (bytes: Buffer) => void socket.send(bytes),
    close: () => socket.close(),
    terminate: () => socket.terminate(),
  }
}

/** The revision that a client without one should use, in the place where WhatsApp has it. */
function serviceWorker(version: readonly number[] | undefined): string {
  return `self.__swData=JSON.parse("{\\"client_revision\\":${version?.[2] ?? 1_043_857_760}}")`
}
