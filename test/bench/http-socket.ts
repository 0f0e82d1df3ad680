/** One kept-alive connection that posts ready-made requests and tells the status of each answer. */
export type Poster = Readonly<{ post: (request: Uint8Array) => Promise<number>; close: () => void }>

/** Gets each request's head and body, and answers 200. */
export type TakeRequest = (head: string, body: string) => void

const emptyAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

/**
 * As much HTTP as this measurement needs, on bare sockets: a whole client would use as much of the machine as
 * the shop that is to be measured.
 */
export async function openPoster(port: number): Promise<Poster> {
  let settle: { resolve: (status: number) => void; reject: (error: Error) => void } | undefined
  const split = splitMessages((head) => {
    settle?.resolve(Number(head.slice(9, 12)))
    settle = undefined
  })
  const lost = () => settle?.reject(new Error("the shop closed a connection"))
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: { data: (_, bytes) => split(bytes), close: lost, error: lost },
  })
  return {
    post: (request) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject }
        if (socket.write(request) !== request.byteLength) reject(new Error("a request was cut off"))
      }),
    close: () => socket.end(),
  }
}

/** A server that takes every request. */
export function listenForPosts(take: TakeRequest): { port: number; stop: () => void } {
  const server = Bun.listen<{ split: (bytes: Buffer) => void }>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (socket) => {
        socket.data = {
          split: splitMessages((head, body) => {
            take(head, body)
            socket.write(emptyAnswer)
          }),
        }
      },
      data: (socket, bytes) => socket.data.split(bytes),
    },
  })
  return { port: server.port, stop: () => server.stop(true) }
}

/** Cuts a stream of bytes into messages by their Content-Length. */
function splitMessages(take: TakeRequest): (bytes: Buffer) => void {
  let rest: Buffer | undefined
  return (bytes) => {
    let pending = rest === undefined ? bytes : Buffer.concat([rest, bytes])
    rest = undefined
    while (pending.length > 0) {
      const headEnd = pending.indexOf("\r\n\r\n")
      const head = headEnd < 0 ? "" : pending.toString("latin1", 0, headEnd)
      const end = headEnd + 4 + Number(/\r\ncontent-length: *([0-9]+)/i.exec(head)?.[1] ?? 0)
      if (headEnd < 0 || pending.length < end) {
        // The bytes are the socket's, which writes over them.
        rest = Buffer.from(pending)
        return
      }
      take(head, pending.toString("utf8", headEnd + 4, end))
      pending = pending.subarray(end)
    }
  }
}
