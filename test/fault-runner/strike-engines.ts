import { pause } from "../../src/operations/pause.ts"
import { eventually } from "../support/eventually.ts"
import type { Scene } from "./open-scene.ts"
import type { Strikes } from "./strike.ts"

export const strikePostgres: Strikes<"postgres"> = {
  frozen: async ({ forMs }, scene, over) => {
    const thaw = await freezePostgres(scene)
    await pause(forMs, over)
    await thaw()
  },
  killed: async ({ forMs }, { postgres }, over) => {
    await postgres.signal("SIGKILL")
    await pause(forMs, over)
    await eventually("PostgreSQL starts again", () =>
      postgres.start().then(
        () => true,
        // Servers of the dead one may still be on their way out.
        () => false,
      ),
    )
  },
  /** One of its servers is killed: PostgreSQL throws all the others out and recovers. */
  server_killed: async ({ chance }, scene) => {
    const pids = await serverPids(scene)
    const pid = pids[chance % Math.max(1, pids.length)]
    if (pid !== undefined) signal(pid, "SIGKILL")
  },
  servers_ended: async (_, { ask, stall }) => {
    await ask(
      () => stall.sql`
        select pg_terminate_backend(pid)
          from pg_stat_activity
         where backend_type = 'client backend'
           and pid <> pg_backend_pid()
      `,
    )
  },
}

export const strikeRedis: Strikes<"redis"> = {
  frozen: async ({ forMs }, { stall }, over) => {
    await stall.redis.signal("SIGSTOP")
    await pause(forMs, over)
    await stall.redis.signal("SIGCONT")
  },
  killed: async ({ forMs }, { stall }, over) => {
    await stall.redis.signal("SIGKILL")
    await pause(forMs, over)
    await stall.redis.start()
  },
  flushed: async ({ times, forMs }, { stall }, over) => {
    for (let flushes = 0; flushes < times && !over.aborted; flushes += 1) {
      await stall.redis.command("FLUSHALL")
      await pause(forMs / times, over)
    }
  },
}

/** Stops PostgreSQL with all its servers: stopping the first process alone would stop no statement. */
async function freezePostgres({ ask, stall, postgres }: Scene): Promise<() => Promise<void>> {
  const servers = await ask(
    () => stall.sql<{ pid: number }[]>`select pid from pg_stat_activity where pid <> pg_backend_pid()`,
  )
  await postgres.signal("SIGSTOP")
  for (const { pid } of servers) signal(pid, "SIGSTOP")
  return async () => {
    for (const { pid } of servers) signal(pid, "SIGCONT")
    await postgres.signal("SIGCONT")
  }
}

async function serverPids({ ask, stall }: Scene): Promise<number[]> {
  const rows = await ask(
    () => stall.sql<{ pid: number }[]>`
      select pid
        from pg_stat_activity
       where backend_type = 'client backend'
         and pid <> pg_backend_pid()
    `,
  )
  return rows.map(({ pid }) => pid)
}

/** It may have ended by itself since its number was read. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error
  }
}
