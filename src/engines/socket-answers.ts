import { createConnection } from "node:net"

/** Whether something accepts connections on the unix socket. */
export function socketAnswers(path: string, timeoutMs = 2_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path })
    const settle = (answer: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => settle(false), timeoutMs)
    socket.once("connect", () => settle(true))
    socket.once("error", () => settle(false))
  })
}
