import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { collectLicenses } from "../../src/operations/collect-licenses.ts"
import { licensesText } from "../../src/operations/licenses.ts"

const root = join(import.meta.dir, "../..")

test("the licences name Lapak, Bun, PostgreSQL with its libraries, and every package it depends on", async () => {
  const text = await licensesText()
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  const titles = ["Lapak", "Bun, the runtime", "PostgreSQL and its libraries", ...Object.keys(dependencies)]
  for (const title of titles) expect(text).toContain(title)
  for (const library of ["OpenSSL", "ICU 60", "libxml2", "zlib", "liblzma", "JavaScriptCore"])
    expect(text).toContain(library)
  expect(text).toContain("GNU LESSER GENERAL PUBLIC LICENSE")
})

test("no package travels without the name of its licence", async () => {
  const text = await licensesText()
  expect(text).not.toContain("(see below)\n")
  expect(text).not.toContain("UNLICENSED")
})

test("the licence of the Redis that is carried is among them", () => {
  const text = collectLicenses({ root, redisLicense: join(root, "LICENSE") })
  expect(text).toMatch(/=\nRedis\n=/)
})
