export type Operation = "charge" | "status" | "cancel" | "expire" | "refund" | "snap"

/** How a request can go wrong; `times` limits it, without it the fault stays until cleared. */
export type Fault = Readonly<{ times?: number }> &
  (
    | Readonly<{ kind: "http"; status: number }>
    /** HTTP 202 with a body that says nothing. */
    | Readonly<{ kind: "accepted" }>
    /** An error of Midtrans' own: its code in the body. */
    | Readonly<{ kind: "refuse"; code: number }>
    /** Takes the request and never answers; nothing happens. */
    | Readonly<{ kind: "hang" }>
    /** The work is done, but the answer never comes. */
    | Readonly<{ kind: "lost_answer" }>
    | Readonly<{ kind: "reset" }>
    /** Sends its answer byte by byte, for ever. */
    | Readonly<{ kind: "drip" }>
    | Readonly<{ kind: "slow"; delayMs: number }>
    /** The status API lags one state behind. */
    | Readonly<{ kind: "stale" }>
    /** Answers with fields changed; undefined takes the field away. */
    | Readonly<{ kind: "edited"; fields: Readonly<Record<string, unknown>> }>
    | Readonly<{ kind: "redirect"; location: string }>
    | Readonly<{ kind: "body"; text: string }>
  )

export type Faults = ReturnType<typeof createFaults>

export function createFaults() {
  const planned = new Map<Operation, { fault: Fault; left: number }[]>()
  return {
    /** Plans a fault for an operation; several are used up in the order in which they were planned. */
    plan(operation: Operation, fault: Fault): void {
      const queue = planned.get(operation) ?? []
      queue.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY })
      planned.set(operation, queue)
    },
    clear(): void {
      planned.clear()
    },
    /** The fault that the next request of this kind meets. */
    take(operation: Operation): Fault | undefined {
      const queue = planned.get(operation)
      const first = queue?.[0]
      if (!first) return undefined
      first.left -= 1
      if (first.left === 0) queue.shift()
      return first.fault
    },
  }
}
