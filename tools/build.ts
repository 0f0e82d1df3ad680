import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative, resolve } from "node:path"
import type { BunPlugin } from "bun"
import { copyPostgres, findPostgresPackage } from "../src/engines/postgres-package.ts"
import { openToReaders } from "../src/engines/programs.ts"
import { collectLicenses } from "../src/operations/collect-licenses.ts"

const root = resolve(import.meta.dir, "..")
const redisFolder = join(root, ".cache", "redis")
/** Optional extras of the libraries, none of which Lapak installs. */
const absent = ["sharp", "jimp", "link-preview-js", "audio-decode"]

await build(process.argv[2] ?? join(root, "src", "main.ts"), process.argv[3] ?? join(root, "dist", "lapak"))

async function build(entry: string, outfile: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "lapak-build-"))
  try {
    const archive = await packEngines(work)
    const licenses = join(work, "licenses.txt")
    writeFileSync(licenses, collectLicenses({ root, redisLicense: join(redisFolder, "COPYING") }))
    mkdirSync(join(outfile, ".."), { recursive: true })
    await Bun.build({
      entrypoints: [entry],
      target: "bun",
      format: "esm",
      minify: true,
      bytecode: true,
      external: absent,
      plugins: [carry(archive, licenses)],
      compile: { outfile, autoloadBunfig: false },
    })
    const megabytes = (statSync(outfile).size / 1e6).toFixed(1)
    process.stdout.write(`${relative(process.cwd(), outfile)}: ${megabytes} MB\n`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** PostgreSQL's folders and `bin/redis-server` in one archive; returns its path. */
async function packEngines(work: string): Promise<string> {
  const folder = join(work, "engines")
  mkdirSync(folder)
  copyPostgres(findPostgresPackage().nativeFolder, folder)
  cpSync(join(redisFolder, "redis-server"), join(folder, "bin", "redis-server"))
  openToReaders(folder)
  const order = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"]
  const tar = Bun.spawnSync(["tar", ...order, "-C", folder, "-cf", "-", "."], {
    maxBuffer: 512 * 1024 * 1024,
  })
  if (!tar.success) throw new Error(`tar: ${tar.stderr.toString()}`)
  const archive = join(work, "engines.tar.zst")
  writeFileSync(archive, Bun.zstdCompressSync(tar.stdout, { level: 19 }))
  return archive
}

/** Puts modules that carry the files in the place of those that say there are none. */
function carry(archive: string, licenses: string): BunPlugin {
  const hash = new Bun.CryptoHasher("sha256").update(readFileSync(archive)).digest("hex").slice(0, 16)
  const engines = `
    import path from ${JSON.stringify(archive)} with { type: "file" }
    export const carried = { hash: ${JSON.stringify(hash)}, read: () => Bun.file(path).bytes() }
  `
  const texts = `export { default as carriedLicenses } from ${JSON.stringify(licenses)} with { type: "text" }`
  return {
    name: "carry",
    setup(builder) {
      builder.onLoad({ filter: /\/src\/engines\/carried\.ts$/ }, () => ({ contents: engines, loader: "ts" }))
      builder.onLoad({ filter: /\/src\/operations\/carried-licenses\.ts$/ }, () => ({
        contents: texts,
        loader: "ts",
      }))
    },
  }
}
