import { expect, test } from "bun:test"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Engines } from "../../src/engines/engines.ts"
import { connectToEngines, newEngineFolder, until } from "../support/engine-folder.ts"

test("a disk that fills up while selling loses nothing, and selling goes on when there is room", async () => {
  const folder = newEngineFolder()
  const disk = join(folder.root, "disk")
  mkdirSync(disk)
  const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=260m,mode=755", "lapak-test", disk])
  // Only root of a whole machine may mount; elsewhere this promise is kept untested.
  if (!mounted.success) return folder.remove()
  try {
    const engines = await folder.start({ dataDir: join(disk, "data"), supervise: true })
    let committed = 0
    await write(engines, "create table sold (id int, payload text)")
    const filler = join(disk, "filler")
    fill(filler)
    await until("a write is refused", async () => {
      const done = await write(
        engines,
        `insert into sold select ${committed}, repeat(md5('${committed}'), 20000)`,
      )
      if (done) committed += 1
      return !done
    })
    rmSync(filler)
    await until("a write succeeds again", () => write(engines, `insert into sold values (${committed}, '')`))
    const sql = connectToEngines(engines)
    const [row] = await sql<{ rows: number }[]>`select count(*)::int as rows from sold`
    await sql.end()
    expect(row?.rows).toBe(committed + 1)
    await engines.stop()
  } finally {
    await folder.remove().catch(() => undefined)
    Bun.spawnSync(["umount", "--lazy", disk])
    await folder.remove()
  }
})

/** Writes until there is no room. */
function fill(path: string): void {
  const megabyte = new Uint8Array(1024 * 1024)
  try {
    for (let count = 0; count < 400; count += 1) writeFileSync(path, megabyte, { flag: "a" })
  } catch {
    // The disk is full, which was wanted.
  }
}

async function write(engines: Engines, statement: string): Promise<boolean> {
  const sql = connectToEngines(engines)
  try {
    await sql.unsafe(statement)
    return true
  } catch {
    return false
  } finally {
    await sql.end({ timeout: 1 })
  }
}
