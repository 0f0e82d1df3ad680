import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as v from "valibot"
import engineNotices from "./notices/engines.txt" with { type: "text" }
import lgpl21 from "./notices/lgpl-2.1.txt" with { type: "text" }
import lgpl2 from "./notices/lgpl-2.txt" with { type: "text" }

const packageSchema = v.object({
  name: v.string(),
  version: v.optional(v.string(), ""),
  license: v.optional(v.string(), "see below"),
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
  optionalDependencies: v.optional(v.record(v.string(), v.string()), {}),
})

type Package = Readonly<{ folder: string; description: v.InferOutput<typeof packageSchema> }>

const rule = "=".repeat(78)

/**
 * Gathers the licences of the packages that the program uses, from the installed packages themselves, with
 * Lapak's own, Bun's, and the engines'. `redisLicense` is the licence file of the Redis that is carried.
 */
export function collectLicenses({ root, redisLicense }: { root: string; redisLicense?: string }): string {
  const own = readFileSync(join(root, "LICENSE"), "utf8")
  const bun = readFileSync(join(root, "node_modules/bun-types/docs/project/license.mdx"), "utf8")
  const packages = usedPackages(root).map(({ folder, description }) =>
    section(`${description.name} ${description.version} (${description.license})`, licenseOf(folder)),
  )
  return [
    section("Lapak", own),
    section("Bun, the runtime, and the libraries inside it", bun.replace(/^---\n.*?\n---\n/s, "")),
    section("PostgreSQL and its libraries", engineNotices),
    ...(redisLicense === undefined ? [] : [section("Redis", readFileSync(redisLicense, "utf8"))]),
    ...packages,
    section("GNU Library General Public License 2.0, of JavaScriptCore inside Bun", lgpl2),
    section("GNU Lesser General Public License 2.1, of libraries inside Bun", lgpl21),
  ].join("\n")
}

function section(title: string, text: string): string {
  return `${rule}\n${title}\n${rule}\n\n${text.trim()}\n`
}

/** The packages Lapak depends on, and theirs, each once, in the order of their names. */
function usedPackages(root: string): Package[] {
  const found = new Map<string, Package>()
  const visit = (from: string, wanted: Readonly<Record<string, string>>) => {
    for (const name of Object.keys(wanted)) {
      const folder = findPackage(from, root, name)
      if (folder === undefined || found.has(folder)) continue
      const description = readPackage(folder)
      found.set(folder, { folder, description })
      visit(folder, { ...description.dependencies, ...description.optionalDependencies })
    }
  }
  const { dependencies, optionalDependencies } = readPackage(root)
  visit(root, { ...dependencies, ...optionalDependencies })
  return [...found.values()].sort((a, b) => (a.description.name < b.description.name ? -1 : 1))
}

/** As Node looks for it: in the nearest `node_modules`, from the folder of the one that needs it upwards. */
function findPackage(from: string, root: string, name: string): string | undefined {
  for (let folder = from; folder.startsWith(root); folder = join(folder, "..")) {
    const candidate = join(folder, "node_modules", name)
    if (existsSync(join(candidate, "package.json"))) return candidate
  }
  return undefined
}

function readPackage(folder: string): Package["description"] {
  return v.parse(packageSchema, JSON.parse(readFileSync(join(folder, "package.json"), "utf8")))
}

function licenseOf(folder: string): string {
  const texts = readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").trim())
  return texts.join("\n\n") || "The package brings no licence text; its licence is named above."
}
