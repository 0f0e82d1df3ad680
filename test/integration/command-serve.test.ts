import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { runProgram } from "../../src/commands/program.ts"
import type { DatabaseAddress } from "../../src/database/connect.ts"
import { freshDatabase, type TestDatabase } from "../support/engines.ts"
import { eventually } from "../support/eventually.ts"
import { newFolder } from "../support/lapak-command.ts"

const folder = newFolder()
const root = join(import.meta.dir, "..", "..")
let postgres: TestDatabase
let environment: Record<string, string>

beforeAll(async () => {
  postgres = await freshDatabase()
  environment = {
    PATH: process.env.PATH ?? "",
    PORT: "0",
    DATA_DIR: folder.dataDir,
    DATABASE_URL: urlOf(postgres.address),
    REDIS_URL: "unix:/nowhere/redis.sock",
    LAPAK_SECRET: "ab".repeat(32),
    DEMO: "off",
  }
})

afterAll(async () => {
  await postgres.drop()
  folder[Symbol.dispose]()
})

test("a failure that nobody waited for is logged without its words, and the stall stays open", async () => {
  const preload = join(root, "test", "support", "fail-on-signal.ts")
  const words = ["--no-env-file", "--preload", preload, join(root, "src", "main.ts"), "serve"]
  const child = Bun.spawn([process.execPath, ...words], { env: environment, stdin: "ignore", stderr: "pipe" })
  let said = ""
  const reading = (async () => {
    for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) said += chunk
  })()
  try {
    const url = await eventually("the stall opens", () => /Lapak is open at (\S+)/.exec(said)?.[1])
    for (const times of [1, 2]) {
      child.kill("SIGUSR2")
      await eventually(`failure ${times} is logged`, () => said.split("nobody waited for").length > times)
      expect((await fetch(`${url}/livez`)).status).toBe(200)
    }
    child.kill("SIGTERM")
    expect(await child.exited).toBe(0)
  } finally {
    child.kill("SIGKILL")
    await child.exited
    await reading
  }
  expect(said).not.toContain("a-secret-of-the-tests")
  expect(said).not.toContain("6281234567890")
})

test("when the stall is closed, nothing of it listens for failures any more", async () => {
  const listening = () => process.listenerCount("unhandledRejection")
  const before = listening()
  const interruption = new AbortController()
  const complained: string[] = []
  const ended = runProgram(["serve"], {
    environment: { ...environment, LOG_LEVEL: "silent" },
    print: () => undefined,
    complain: (text) => void complained.push(text),
    write: async () => true,
    lines: async function* () {},
    interrupted: interruption.signal,
    newReference: () => "E-TEST",
  })
  await eventually("the stall opens", () => complained.join("\n").includes("Lapak is open"))
  expect(listening()).toBe(before + 1)
  interruption.abort()
  expect(await ended).toBe(0)
  expect(listening()).toBe(before)
})

function urlOf(address: DatabaseAddress): string {
  if (address.kind === "url") return address.url
  const { folder: host, user, database: name } = address
  return `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}`
}
