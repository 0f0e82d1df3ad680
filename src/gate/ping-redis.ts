import { openConnection, type RedisAddress } from "./connection.ts"

const connectTimeoutMs = 2_000
const commandTimeoutMs = 1_000

/** Whether a Redis is there and answers, told within three seconds. Writes nothing. */
export async function pingRedis(address: RedisAddress): Promise<boolean> {
  if (address.kind === "absent") return false
  const { promise: connected, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), connectTimeoutMs)
  const connection = openConnection({
    address,
    commandTimeoutMs,
    pendingCommands: 1,
    onConnected: () => resolve(true),
    onBroken: () => resolve(false),
  })
  try {
    if (!(await connected)) return false
    return (await connection.send(["PING"])).kind === "answered"
  } finally {
    clearTimeout(timer)
    connection.close()
  }
}
