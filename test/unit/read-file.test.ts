import { expect, test } from "bun:test"
import { type FileLine, readLines, readTextFile } from "../../src/operations/read-file.ts"
import { newFolder } from "../support/lapak-command.ts"

const bounds = { bytesMax: 1_000_000, unitsMax: 10 }

async function linesOf(path: string, given = bounds): Promise<FileLine[]> {
  return await Array.fromAsync(readLines(path, given))
}

test("lines end with LF or CRLF, the last one by itself, and a byte order mark is none of the text", async () => {
  using folder = newFolder()
  const path = folder.file("lines.txt", "\uFEFFone\r\n\ntwo\nthree")
  expect(await linesOf(path)).toEqual([
    { line: 1, text: "one" },
    { line: 2, text: "" },
    { line: 3, text: "two" },
    { line: 4, text: "three" },
  ])
})

test("a line that is too long has no text, however long it is, and those around it do", async () => {
  using folder = newFolder()
  const path = folder.file("long.txt", `1234567890\r\n${"x".repeat(300_000)}\n12345678901\nok\n`)
  expect(await linesOf(path)).toEqual([
    { line: 1, text: "1234567890" },
    { line: 2, text: undefined },
    { line: 3, text: "12345678901" },
    { line: 4, text: "ok" },
  ])
})

test("a character that lies across two parts of the file is whole", async () => {
  using folder = newFolder()
  const path = folder.file("wide.txt", `${"x\n".repeat(32_767)}é🙂\n`)
  expect((await linesOf(path)).at(-1)).toEqual({ line: 32_768, text: "é🙂" })
})

test("what is no text file is refused in words", async () => {
  using folder = newFolder()
  const read = (path: string, bytesMax = 100) => readTextFile(path, { bytesMax })
  await expect(read(`${folder.root}/none.csv`)).rejects.toThrow("There is no file")
  await expect(read(folder.root)).rejects.toThrow("is not a file")
  await expect(read("/dev/null")).rejects.toThrow("is not a file")
  await expect(read(folder.file("latin.csv", Uint8Array.of(0x61, 0xe9, 0x62)))).rejects.toThrow("UTF-8")
  await expect(read(folder.file("cut.csv", Uint8Array.of(0x61, 0xc3)))).rejects.toThrow("UTF-8")
  await expect(read(folder.file("large.csv", "x".repeat(101)))).rejects.toThrow("is larger than")
})
