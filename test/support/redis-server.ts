import { mkdtemp, rm } from "node:fs/promises"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A real Redis of one test's own, on a unix socket in a temporary folder. */
export type RedisServer = {
  readonly path: string
  pid(): number
  /** Ends it without warning. What it had in memory is gone unless it was started durable. */
  kill(): Promise<void>
  /** It stays connected, and silent, until `thaw`. */
  freeze(): void
  thaw(): void
  /** Starts it again in the same place, after `kill`. */
  restart(): Promise<void>
  /** Ends it in whatever state it is and removes its folder. Idempotent. */
  stop(): Promise<void>
}

const startedWithinMs = 60_000

/** `durable`: with its append-only file, so that a restart remembers. */
export async function startRedisServer(options: { durable?: boolean } = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "lapak-redis-"))
  const path = join(folder, "redis.sock")
  let child = spawnRedis(folder, path, options)
  await untilItAnswers(path)
  let stopped = false

  async function kill() {
    child.kill("SIGKILL")
    await child.exited
  }

  return {
    path,
    pid: () => child.pid,
    kill,
    freeze: () => child.kill("SIGSTOP"),
    thaw: () => child.kill("SIGCONT"),
    async restart() {
      await kill()
      await rm(path, { force: true })
      child = spawnRedis(folder, path, options)
      await untilItAnswers(path)
    },
    async stop() {
      if (stopped) return
      stopped = true
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function spawnRedis(folder: string, path: string, options: { durable?: boolean }) {
  const durable = options.durable
    ? ["--appendonly", "yes", "--appendfsync", "always"]
    : ["--appendonly", "no"]
  const place = ["--port", "0", "--unixsocket", path, "--dir", folder, "--save", "", "--daemonize", "no"]
  return Bun.spawn(["redis-server", ...place, ...durable, "--logfile", join(folder, "redis.log")], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  })
}

async function untilItAnswers(path: string): Promise<void> {
  const deadline = performance.now() + startedWithinMs
  while (!(await answers(path))) {
    if (performance.now() > deadline) throw new Error("redis-server did not start; is it installed?")
    await Bun.sleep(10)
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const end = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.once("error", () => end(false))
    socket.once("connect", () => socket.write("PING\r\n"))
    socket.once("data", (data) => end(data.toString().startsWith("+PONG")))
    socket.once("close", () => end(false))
  })
}
