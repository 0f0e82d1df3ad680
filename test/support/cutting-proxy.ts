import { connect, createServer, type Socket } from "node:net"
import { join } from "node:path"

/**
 * Stands between a process and PostgreSQL, on a socket in `folder`. Told to, it drops a connection in the
 * very moment when a committed answer that matches is on its way back: the work is done, and nobody hears of
 * it.
 */
export async function cuttingProxy(folder: string, target: string) {
  const open = new Set<Socket>()
  let wanted: RegExp | undefined
  let cutsAfterSending = 0
  let cuts = 0
  const server = createServer((client) => {
    const upstream = connect(target)
    const end = () => {
      for (const socket of [client, upstream]) {
        open.delete(socket)
        socket.destroy()
      }
    }
    for (const socket of [client, upstream]) open.add(socket.on("close", end).on("error", end))
    client.on("data", (bytes: Buffer) => {
      if (cutsAfterSending > 0 && isWholeRequest(bytes)) {
        cutsAfterSending -= 1
        cuts += 1
        // PostgreSQL gets all of it, and then finds nobody to tell.
        client.removeAllListeners("close").destroy()
        upstream.removeAllListeners("data").resume().end(bytes)
        return
      }
      upstream.write(bytes)
    })
    upstream.on("data", (bytes: Buffer) => {
      if (wanted && isCommitted(bytes) && wanted.test(bytes.toString("latin1"))) {
        wanted = undefined
        cuts += 1
        return end()
      }
      client.write(bytes)
    })
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(join(folder, ".s.PGSQL.5432"), resolve)
  await promise
  return {
    /** Cuts the next committed answer that matches; counts from zero again. */
    cutNext: (inTheAnswer: RegExp) => {
      cuts = 0
      wanted = inTheAnswer
    },
    /** Cuts so many connections, each right after a whole request went through and before its answer. */
    cutAfterSending: (times: number) => {
      cutsAfterSending = times
    },
    /** Cuts what is open now. */
    cutAll: () => {
      cuts += open.size
      for (const socket of open) socket.destroy()
    },
    /** Cuts nothing more. */
    spare: () => {
      wanted = undefined
      cutsAfterSending = 0
    },
    cuts: () => cuts,
    stop: async () => {
      for (const socket of open) socket.destroy()
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      await closed.promise
    },
  }
}

/** The answer ends with "ready for query, and idle": no transaction is open any more. */
function isCommitted(bytes: Buffer): boolean {
  return bytes.subarray(-6).toString("latin1") === "Z\0\0\0\x05I"
}

/** The request ends with a Sync behind an Execute: PostgreSQL will do it and commit it, or fail. */
function isWholeRequest(bytes: Buffer): boolean {
  return bytes.subarray(-5).toString("latin1") === "S\0\0\0\x04" && bytes.includes("E\0\0\0")
}
