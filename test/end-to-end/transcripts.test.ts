import { expect, test } from "bun:test"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { playTranscript } from "../support/play-transcript.ts"
import { readTranscript, writeTranscript } from "../support/read-transcript.ts"

const folder = join(import.meta.dir, "..", "transcripts")
const names = readdirSync(folder).filter((name) => name.endsWith(".txt"))

/** Without a step that a customer could lose they are killed before every fourth message, else before each. */
const stepless = new Set(["buys-by-command.txt", "odd-messages.txt", "owners-day.txt"])

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

  test(`${title}, whenever the shop is killed in between (${name})`, async () => {
    const killedEvery = stepless.has(name) ? 4 : 1
    const played = await playTranscript(readTranscript(await written()), { killedEvery })
    expect(writeTranscript(played)).toBe(await written())
  })
}

test("the first sale in the README is the one that is played", async () => {
  const [, , ...lines] = (await Bun.file(join(folder, "new-seller.txt")).text()).trimEnd().split("\n")
  const readme = await Bun.file(join(import.meta.dir, "..", "..", "README.md")).text()
  expect(readme).toContain(`\`\`\`text\n${lines.join("\n")}\n\`\`\``)
})
