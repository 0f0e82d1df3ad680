import { afterAll, beforeAll, expect, test } from "bun:test"
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { newSecret } from "../../src/config.ts"
import { readOrMakeSecret, type SecretReport } from "../../src/operations/secret-file.ts"

let root = ""
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "lapak-secret-"))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function start(dataDir: string, fromEnvironment?: string) {
  const reports: SecretReport[] = []
  const outcome = await readOrMakeSecret({ dataDir, fromEnvironment, report: (event) => reports.push(event) })
  return { outcome, reports }
}

async function folder(): Promise<string> {
  return mkdtemp(join(root, "data-"))
}

test("the first start makes the file for its owner alone and tells its path once", async () => {
  const dataDir = join(await folder(), "not", "there", "yet")
  const path = join(dataDir, "secret")
  const first = await start(dataDir)
  expect(first.outcome).toEqual({ secret: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(first.reports).toEqual([{ kind: "made", path }])
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(dataDir)).toEqual(["secret"])
  expect(await start(dataDir)).toEqual({ outcome: first.outcome, reports: [] })
})

test("twenty starting at once agree on one secret, and one of them made it", async () => {
  const dataDir = await folder()
  const starts = await Promise.all(Array.from({ length: 20 }, () => start(dataDir)))
  expect(new Set(starts.map(({ outcome }) => JSON.stringify(outcome))).size).toBe(1)
  expect(starts[0]?.outcome).toHaveProperty("secret")
  expect(starts.flatMap(({ reports }) => reports)).toHaveLength(1)
  expect(await readdir(dataDir)).toEqual(["secret"])
})

test("the environment's secret comes first, and no file is made", async () => {
  const dataDir = await folder()
  const secret = newSecret()
  expect(await start(dataDir, secret.toUpperCase())).toEqual({ outcome: { secret }, reports: [] })
  expect(await readdir(dataDir)).toEqual([])
})

test("a file that others could read is closed to them, and that is told", async () => {
  const dataDir = await folder()
  const path = join(dataDir, "secret")
  const secret = newSecret()
  await writeFile(path, `${secret}\n`)
  await chmod(path, 0o644)
  expect(await start(dataDir)).toEqual({ outcome: { secret }, reports: [{ kind: "closed_to_others", path }] })
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test("a damaged file is a problem that names it, never replaced and never quoted", async () => {
  for (const content of ["", "half-a-secret", `${newSecret()}00`]) {
    const dataDir = await folder()
    const path = join(dataDir, "secret")
    await writeFile(path, content, { mode: 0o600 })
    const { outcome } = await start(dataDir)
    expect(outcome).toEqual({ problem: expect.stringContaining(path) })
    if (content !== "") expect(JSON.stringify(outcome)).not.toContain(content)
    expect(await readFile(path, "utf8")).toBe(content)
  }
})

test("a path that cannot hold a file is a problem that names it", async () => {
  const dataDir = await folder()
  await mkdir(join(dataDir, "secret"), { mode: 0o700 })
  expect((await start(dataDir)).outcome).toEqual({ problem: expect.stringContaining("EISDIR") })
  const file = join(dataDir, "file")
  await writeFile(file, "")
  expect((await start(file)).outcome).toEqual({ problem: expect.stringContaining("ENOTDIR") })
})
