import { afterEach, beforeEach, expect, test } from "bun:test"
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Environment, runLapak } from "../support/shop-process.ts"
import { openStall } from "../support/stall.ts"

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lapak-start-"))
  // Open to the engines' user, so that root's engines would live in here and nowhere else.
  chmodSync(root, 0o711)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test("a wrong configuration is told whole, each error with its variable and none with its value", async () => {
  const { exitCode, stderr } = await runLapak(["serve"], {
    PORT: "70000",
    SHOP: "Not A Name",
    DATABASE_URL: "mysql://someone:hidden@there/db",
    REDIS_URL: "nonsense-value",
    LAPAK_SECRET: "abc-too-short",
    OWNER_NUMBERS: "not-a-number",
    GATEWAY_URL: "ftp://hidden",
    LOG_LEVEL: "loud",
    DEMO: "perhaps",
    MIDTRANS_CLIENT_KEY: "client-key-alone",
  })
  expect(exitCode).toBe(2)
  const variables = [...stderr.matchAll(/^ {2}([A-Z_]+) /gm)].map(([, name]) => name)
  expect(variables.toSorted()).toEqual(
    [
      ...["DATABASE_URL", "DEMO", "GATEWAY_SECRET", "GATEWAY_URL", "LAPAK_SECRET", "LOG_LEVEL"],
      ...["MIDTRANS_SERVER_KEY", "OWNER_NUMBERS", "PORT", "REDIS_URL", "SHOP"],
    ].toSorted(),
  )
  for (const value of ["hidden", "nonsense-value", "too-short", "not-a-number", "loud", "perhaps", "alone"])
    expect(stderr).not.toContain(value)
  expectNoStack(stderr)
})

test("a port in use is told with another to take, and the shop is as it was", async () => {
  await using stall = await openStall()
  const other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("someone else") })
  try {
    const PORT = String(other.port)
    const refusal = await stall.open({ PORT }).catch(String)
    expect(refusal).toContain(`Port ${PORT} on 127.0.0.1 is already in use.`)
    expectNoStack(withoutOwnStack(String(refusal)))
  } finally {
    await other.stop(true)
  }
  await stall.sell()
  const { url } = await stall.open()
  const [from = ""] = await stall.welcome(1, 10_000)
  expect((await stall.peer.ask(url, from, ".buy KOPI 1")).text).toContain("-secret")
  expect(await stall.audit()).toEqual([])
})

test("a PostgreSQL that is not there is told as such", async () => {
  const { exitCode, stderr } = await serve({
    DATABASE_URL: `postgres://someone:hidden@localhost/shop?host=${root}`,
    REDIS_URL: `unix:${root}/redis.sock`,
    DATA_DIR: join(root, "data"),
  })
  expect(exitCode).toBe(1)
  expect(stderr).toContain("PostgreSQL cannot be reached at DATABASE_URL.")
  expect(stderr).not.toContain("hidden")
  expectNoStack(stderr)
})

test("a data folder that cannot be written is told with its name, and nothing is made elsewhere", async () => {
  const file = join(root, "a-file")
  writeFileSync(file, "precious")
  const { exitCode, stderr } = await serve({ DATA_DIR: join(file, "data") })
  expect(exitCode).toBe(1)
  expect(stderr).toContain(file)
  expectNoStack(stderr)
  expect(readdirSync(root)).toEqual(["a-file"])
})

test("the same where PostgreSQL and Redis are the operator's own", async () => {
  await using stall = await openStall()
  const file = join(root, "a-file")
  writeFileSync(file, "precious")
  const refusal = await stall.open({ DATA_DIR: join(file, "data"), LAPAK_SECRET: "" }).catch(String)
  expect(refusal).toContain(file)
  expectNoStack(withoutOwnStack(String(refusal)))
  expect(await stall.sql`select from users`).toHaveLength(0)
})

test("a LAPAK_SECRET that is another shop's is told by its name", async () => {
  await using stall = await openStall()
  const shop = await stall.open()
  expect(await shop.close()).toBe(0)
  const refusal = await stall.open({ LAPAK_SECRET: "0f".repeat(32) }).catch(String)
  expect(refusal).toContain("LAPAK_SECRET is not this shop's secret. Correct or remove it.")
  expectNoStack(withoutOwnStack(String(refusal)))
})

test("a full disk is told before anything is made on it", async () => {
  const disk = join(root, "disk")
  mkdirSync(disk)
  const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "lapak-test", disk])
  // Only root of a whole machine may mount; elsewhere this promise is kept untested.
  if (!mounted.success) return
  try {
    const { exitCode, stderr } = await serve({ DATA_DIR: join(disk, "data") })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`The disk that holds ${join(disk, "data")} is full.`)
    expectNoStack(stderr)
  } finally {
    Bun.spawnSync(["umount", disk])
  }
})

function serve(environment: Environment) {
  return runLapak(["serve"], { PORT: "0", DEMO: "off", ...environment })
}

/** What the test's own error adds around what the shop said. */
function withoutOwnStack(refusal: string): string {
  return refusal.replace(/^Error: lapak ended at once: /, "")
}

function expectNoStack(text: string): void {
  expect(text).not.toMatch(/^\s+at |Error: |node_modules|\.ts:\d+/m)
}
