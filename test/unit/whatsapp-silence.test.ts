import { expect, test } from "bun:test"
import { join } from "node:path"

const program = join(import.meta.dir, "..", "support", "close-signal-session.ts")

async function printed(...words: string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, "--no-env-file", program, ...words], {
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  expect(exitCode).toBe(0)
  return out + err
}

test("libsignal closes a session without printing a word, least of all its private keys", async () => {
  expect(await printed("silenced")).toBe("")
})

test("unsilenced it prints them: the test before this one can fail", async () => {
  expect(await printed()).toMatch(/Closing session:.*privKey: <Buffer/s)
})
