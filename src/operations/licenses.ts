import { resolve } from "node:path"
import { carriedLicenses } from "./carried-licenses.ts"
import { collectLicenses } from "./collect-licenses.ts"

/** Lapak's licence and those of everything that travels in it, as one text for reading. */
export async function licensesText(): Promise<string> {
  return carriedLicenses ?? collectLicenses({ root: resolve(import.meta.dir, "../..") })
}
