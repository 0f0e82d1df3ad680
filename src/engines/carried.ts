/** The archive of engines that travels inside the binary: PostgreSQL's folders and a `redis-server`. */
export type Carried = Readonly<{
  /** Names the archive's content. */
  hash: string
  /** The archive, a tar compressed with zstd. */
  read: () => Promise<Uint8Array<ArrayBuffer>>
}>

/** Absent when Lapak runs from its source; the build puts a module with an archive in this one's place. */
export const carried: Carried | undefined = undefined
