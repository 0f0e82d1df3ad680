import { expect, test } from "bun:test"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { playTranscript } from "../support/play-transcript.ts"
import { readTranscript, writeTranscript } from "../support/read-transcript.ts"

const folder = join(import.meta.dir, "..", "transcripts")
const files = readdirSync(folder).filter((name) => name.endsWith(".txt"))

for (const name of files.toSorted()) {
  const path = join(folder, name)
  const written = await Bun.file(path).text()
  const transcript = readTranscript(written)

  test(`${transcript.title} (${name})`, async () => {
    const played = writeTranscript(await playTranscript(transcript, { killedBetween: false }))
    if (process.env.WRITE_TRANSCRIPTS === "yes") await Bun.write(path, played)
    else expect(played).toBe(written)
  })

  test(`${transcript.title}, killed before every line (${name})`, async () => {
    expect(writeTranscript(await playTranscript(transcript, { killedBetween: true }))).toBe(
      process.env.WRITE_TRANSCRIPTS === "yes" ? await Bun.file(path).text() : written,
    )
  })
}
