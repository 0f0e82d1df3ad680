import { type FileHandle, open } from "node:fs/promises"

/** A file that cannot be used; the message is for the operator. */
export class FileError extends Error {
  override readonly name = "FileError"
}

/** A line without its end, or one that is too long, of which only the number is known. */
export type FileLine = Readonly<{ line: number; text: string | undefined }>

/** Reads a whole text file in UTF-8. Throws `FileError`. */
export async function readTextFile(path: string, { bytesMax }: { bytesMax: number }): Promise<string> {
  let text = ""
  for await (const part of readParts(path, bytesMax)) text += part
  return text
}

/**
 * Reads a text file in UTF-8 line by line, holding no more than one line and one part of it. Lines end with
 * LF or CRLF; a line over `unitsMax` UTF-16 units has no text. Throws `FileError`.
 */
export async function* readLines(
  path: string,
  { bytesMax, unitsMax }: { bytesMax: number; unitsMax: number },
): AsyncGenerator<FileLine> {
  let line = 1
  let begun = ""
  let tooLong = false
  const ended = (): FileLine => ({ line, text: tooLong ? undefined : begun.replace(/\r$/, "") })
  for await (const part of readParts(path, bytesMax)) {
    const pieces = part.split("\n")
    for (const [place, piece] of pieces.entries()) {
      if (place > 0) {
        yield ended()
        line += 1
        begun = ""
        tooLong = false
      }
      if (begun.length + piece.length > unitsMax + 1) tooLong = true
      begun = tooLong ? "" : begun + piece
    }
  }
  if (begun !== "" || tooLong) yield ended()
}

async function* readParts(path: string, bytesMax: number): AsyncGenerator<string> {
  const file = await openFile(path)
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true })
    let bytes = 0
    for await (const chunk of chunksOf(file, path)) {
      bytes += chunk.length
      if (bytes > bytesMax) throw new FileError(`${path} is larger than ${megabytes(bytesMax)}: split it.`)
      yield decode(() => decoder.decode(chunk, { stream: true }), path)
    }
    yield decode(() => decoder.decode(), path)
  } finally {
    await file.close()
  }
}

async function* chunksOf(file: FileHandle, path: string): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024)
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length).catch((error: unknown) => {
      throw unreadable(path, error)
    })
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "r")
    if ((await file.stat()).isFile()) return file
    await file.close()
  } catch (error) {
    throw unreadable(path, error)
  }
  throw new FileError(`${path} is not a file.`)
}

function decode(work: () => string, path: string): string {
  try {
    return work()
  } catch (cause) {
    const hint = "In a spreadsheet, export it as “CSV UTF-8”."
    throw new FileError(`${path} is not text in UTF-8. ${hint}`, { cause })
  }
}

function unreadable(path: string, cause: unknown): FileError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  if (code === "ENOENT") return new FileError(`There is no file ${path}.`, { cause })
  if (code === "EACCES" || code === "EPERM") {
    return new FileError(`${path} may not be read by this user.`, { cause })
  }
  return new FileError(`${path} cannot be read${code ? ` (${code})` : ""}.`, { cause })
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MB`
}
