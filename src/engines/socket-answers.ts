import { createConnection, type Socket } from "node:net"
import { setTimeout as pause } from "node:timers/promises"

/** Whether something accepts connections on the unix socket. */
export function socketAnswers(path: string, timeoutMs = 2_000): Promise<boolean> {
  return settled(path, timeoutMs, (socket, settle) => {
    socket.once("connect", () => settle(true))
  })
}

/**
 * Whether a Redis on the unix socket does its work. It listens before it has read its files, and may still
 * end over one that is damaged: only its own word counts.
 */
export function redisAnswers(path: string, timeoutMs = 2_000): Promise<boolean> {
  return settled(path, timeoutMs, (socket, settle) => {
    socket.once("connect", () => socket.write("PING\r\n"))
    socket.once("data", (bytes) => settle(bytes.toString("latin1").startsWith("+PONG")))
    socket.once("close", () => settle(false))
  })
}

function settled(
  path: string,
  timeoutMs: number,
  ask: (socket: Socket, settle: (answer: boolean) => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path })
    const settle = (answer: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => settle(false), timeoutMs)
    socket.once("error", () => settle(false))
    ask(socket, settle)
  })
}

/**
 * Whether a server that is not seen in this process table, being in another container, serves the socket. A
 * server that was just killed also looks so until the kernel has closed its socket: only an answer that lasts
 * counts.
 */
export async function answersFromElsewhere(path: string): Promise<boolean> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (!(await socketAnswers(path))) return false
    await pause(100)
  }
  return true
}
