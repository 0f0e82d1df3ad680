/**
 * What keeps the engines from running, in words for the operator, with the line to type. Printed as it is.
 */
export class EngineError extends Error {
  override readonly name = "EngineError"
}

/** Turns a refused file operation on `path` into words for the operator. Other errors come back unchanged. */
export function explainFileError(error: unknown, path: string): Error {
  const code = errorCode(error)
  const words = code === undefined ? undefined : fileErrorWords(code, path)
  if (words !== undefined) return new EngineError(words, { cause: error })
  return error instanceof Error ? error : new Error("a file operation failed", { cause: error })
}

/** The `code` of a system error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined
  return typeof error.code === "string" ? error.code : undefined
}

export function diskFullWords(path: string): string {
  return `The disk that holds ${path} is full. Free some space, then start Lapak again. To see the disk:\n  df -h ${quote(path)}`
}

/** `text` as one word of a shell command. */
export function quote(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

function fileErrorWords(code: string, path: string): string | undefined {
  switch (code) {
    case "EACCES":
    case "EPERM":
      return `Lapak may not write to ${path}. Let this user own it, or choose another folder with DATA_DIR:\n  sudo chown -R "$(id -un)" ${quote(path)}`
    case "EROFS":
      return `${path} is on a disk that is mounted read-only. Choose another folder:\n  DATA_DIR=$HOME/lapak-data lapak serve`
    case "ENOSPC":
    case "EDQUOT":
      return diskFullWords(path)
    case "ENOTDIR":
    case "EEXIST":
      return `${path} is not a folder. Choose another one:\n  DATA_DIR=$HOME/lapak-data lapak serve`
    case "ENOENT":
    case "EINVAL":
    case "ELOOP":
      return `${path} cannot hold a data folder. Choose another one:\n  DATA_DIR=$HOME/lapak-data lapak serve`
    case "ENAMETOOLONG":
      return `${path} is too long a name. Choose a shorter folder:\n  DATA_DIR=$HOME/lapak-data lapak serve`
    default:
      return undefined
  }
}
