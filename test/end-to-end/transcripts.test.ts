import { expect, test } from "bun:test"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { playTranscript } from "../support/play-transcript.ts"
import { readTranscript, writeTranscript } from "../support/read-transcript.ts"

const folder = join(import.meta.dir, "..", "transcripts")
const names = readdirSync(folder).filter((name) => name.endsWith(".txt"))

/** An order that a customer is led through is killed before every message, two others now and then. */
const killedEvery: ReadonlyMap<string, number> = new Map([
  ["guided-order-english.txt", 1],
  ["guided-order-indonesian.txt", 1],
  ["physical-goods.txt", 1],
  ["command-in-the-middle.txt", 3],
  ["new-seller.txt", 3],
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

  const every = killedEvery.get(name)
  if (every === undefined) continue
  test(`${title}, whenever the shop is killed in between (${name})`, async () => {
    const played = await playTranscript(readTranscript(await written()), { killedEvery: every })
    expect(writeTranscript(played)).toBe(await written())
  })
}

test("the first sale in the README is the one that is played", async () => {
  const [, , ...lines] = (await Bun.file(join(folder, "new-seller.txt")).text()).trimEnd().split("\n")
  const readme = await Bun.file(join(import.meta.dir, "..", "..", "README.md")).text()
  expect(readme).toContain(`\`\`\`text\n${lines.join("\n")}\n\`\`\``)
})
