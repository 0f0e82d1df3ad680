import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Environment } from "./shop-process.ts"

export type Ended = Readonly<{ exitCode: number; stdout: string; stderr: string }>

/** A folder for one test's files; others may walk through it, so that root's engines can live in it. */
export function newFolder() {
  const root = mkdtempSync(join(tmpdir(), "lapak-command-"))
  chmodSync(root, 0o711)
  return {
    root,
    dataDir: join(root, "data"),
    /** Writes a file and returns its path. */
    file: (name: string, content: string | Uint8Array): string => {
      const path = join(root, name)
      writeFileSync(path, content)
      return path
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

const mainFile = join(import.meta.dir, "..", "..", "src", "main.ts")

/** Runs `lapak` with these words to its end, as its operator does; `input` is what is typed. */
export async function lapak(words: readonly string[], environment: Environment, input = ""): Promise<Ended> {
  const child = Bun.spawn([process.execPath, "--no-env-file", mainFile, ...words], {
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...environment },
    stdin: Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { exitCode, stdout, stderr }
}
