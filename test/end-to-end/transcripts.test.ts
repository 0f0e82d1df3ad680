import { expect, test } from "bun:test"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { playTranscript } from "../support/play-transcript.ts"
import { readTranscript, writeTranscript } from "../support/read-transcript.ts"

const folder = join(import.meta.dir, "..", "transcripts")
const names = readdirSync(folder).filter((name) => name.endsWith(".txt"))

/** In these a customer is led through an order; the shop is killed before every message of theirs, too. */
const killed = new Set([
  "guided-order-english.txt",
  "guided-order-indonesian.txt",
  "new-seller.txt",
  "physical-goods.txt",
])

/** Writes down how the plays really go, instead of comparing. */
const writes = process.env.WRITE_TRANSCRIPTS === "yes"

for (const name of names.toSorted()) {
  const path = join(folder, name)
  const written = () => Bun.file(path).text()
  const { title } = readTranscript(await written())

  test(`${title} (${name})`, async () => {
    const played = writeTranscript(await playTranscript(readTranscript(await written())))
    if (writes) await Bun.write(path, played)
    expect(played).toBe(await written())
  })

  if (!killed.has(name)) continue
  test(`${title}, whenever the shop is killed in between (${name})`, async () => {
    const played = await playTranscript(readTranscript(await written()), { killed: true })
    expect(writeTranscript(played)).toBe(await written())
  })
}

test("the first sale in the README is the one that is played", async () => {
  const [, , ...lines] = (await Bun.file(join(folder, "new-seller.txt")).text()).trimEnd().split("\n")
  const readme = await Bun.file(join(import.meta.dir, "..", "..", "README.md")).text()
  expect(readme).toContain(`\`\`\`text\n${lines.join("\n")}\n\`\`\``)
})
