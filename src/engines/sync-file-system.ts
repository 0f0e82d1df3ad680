import { dlopen } from "bun:ffi"
import { closeSync, openSync } from "node:fs"

/** Waits until everything written so far to the file system of `path` is on the disk, syncfs(2). */
export function syncFileSystem(path: string): void {
  const libc = dlopen("libc.so.6", { syncfs: { args: ["i32"], returns: "i32" } })
  const file = openSync(path, "r")
  libc.symbols.syncfs(file)
  closeSync(file)
  libc.close()
}
