import { createClient } from "redis"

/** Sends one command to a Redis on a unix socket, past everything of ours, and returns its answer. */
export async function redisCommand(socketPath: string, ...words: string[]): Promise<unknown> {
  const client = createClient({ socket: { path: socketPath, tls: false, reconnectStrategy: false } })
  client.on("error", () => undefined)
  await client.connect()
  try {
    return await client.sendCommand(words)
  } finally {
    client.destroy()
  }
}
