/** Counts failures in a row and says whether Redis may be asked. It opens by itself and closes when told. */
export type CircuitBreaker = {
  isClosed(): boolean
  /** Why it is open; undefined while it is closed. */
  reason(): string | undefined
  succeeded(): void
  /** Returns true when this failure opened it. */
  failed(reason: string): boolean
  /** For what needs no counting, like a connection that broke. Returns true when it was closed before. */
  open(reason: string): boolean
  close(): void
}

/** It begins open, with `reason`: nothing is trusted before it has answered once. */
export function createCircuitBreaker(options: { failuresToOpen: number; reason: string }): CircuitBreaker {
  let openBecause: string | undefined = options.reason
  let failuresInARow = 0
  return {
    isClosed: () => openBecause === undefined,
    reason: () => openBecause,
    succeeded() {
      failuresInARow = 0
    },
    failed(reason) {
      if (openBecause !== undefined) return false
      failuresInARow += 1
      if (failuresInARow < options.failuresToOpen) return false
      openBecause = reason
      return true
    },
    open(reason) {
      if (openBecause !== undefined) return false
      openBecause = reason
      return true
    },
    close() {
      openBecause = undefined
      failuresInARow = 0
    },
  }
}
