import { randomUUID } from "node:crypto"
import { chmod, link, mkdir, open, readFile, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { newSecret } from "../config.ts"

/** What the operator should hear of once. */
export type SecretReport =
  | Readonly<{ kind: "made"; path: string }>
  /** Others could read the file; now they can't. */
  | Readonly<{ kind: "closed_to_others"; path: string }>

/** The secret as 64 hexadecimal digits, or one sentence on what is wrong and what to do. */
export type SecretOutcome = Readonly<{ secret: string }> | Readonly<{ problem: string }>

/**
 * The environment's secret, else the one in `<dataDir>/secret`, which is made on the first start (mode 0600).
 * Of several processes starting at once, one makes it and all return the same.
 */
export async function readOrMakeSecret({
  dataDir,
  fromEnvironment,
  report,
}: {
  dataDir: string
  fromEnvironment: string | undefined
  report: (event: SecretReport) => void
}): Promise<SecretOutcome> {
  if (fromEnvironment !== undefined) return { secret: fromEnvironment.toLowerCase() }
  const path = join(dataDir, "secret")
  try {
    if (await make(dataDir, path)) report({ kind: "made", path })
    if (await closeToOthers(path)) report({ kind: "closed_to_others", path })
    return read(path, await readFile(path, "utf8"))
  } catch (error) {
    return {
      problem: `The secret file ${path} cannot be used (${errorCode(error)}): check its owner and folder.`,
    }
  }
}

/** Written aside and linked into place: nobody reads half a secret, and an existing one is never replaced. */
async function make(dataDir: string, path: string): Promise<boolean> {
  if (await exists(path)) return false
  await mkdir(dataDir, { recursive: true })
  const aside = `${path}.${randomUUID()}`
  try {
    const file = await open(aside, "wx", 0o600)
    try {
      await file.writeFile(`${newSecret()}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(aside, path)
    return true
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false
    throw error
  } finally {
    await rm(aside, { force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false
    throw error
  }
}

async function closeToOthers(path: string): Promise<boolean> {
  const { mode } = await stat(path)
  if ((mode & 0o077) === 0) return false
  await chmod(path, 0o600)
  return true
}

function read(path: string, content: string): SecretOutcome {
  const secret = content.trim().toLowerCase()
  if (/^[0-9a-f]{64}$/.test(secret)) return { secret }
  return {
    problem:
      `The secret file ${path} is damaged: it must hold 64 hexadecimal digits. ` +
      "Put the one from your backup back; a new one could not open what is stored.",
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown"
}
