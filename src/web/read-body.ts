/** The largest body that is read of any request. */
export const body_bytes_max = 65_536

const body_timeout_ms = 15_000

export type BodyReading =
  | Readonly<{ kind: "read"; bytes: Uint8Array }>
  | Readonly<{ kind: "too_large" }>
  | Readonly<{ kind: "too_slow" }>
  | Readonly<{ kind: "broken" }>

/**
 * Reads a body of at most `maxBytes`; a larger one is refused by its stated length, or where it passes the
 * limit.
 */
export async function readBody(request: Request, maxBytes = body_bytes_max): Promise<BodyReading> {
  const stated = request.headers.get("content-length")
  if (stated !== null && Number(stated) > maxBytes) return { kind: "too_large" }
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooSlow = new Promise<BodyReading>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "too_slow" }), body_timeout_ms)
  })
  const reading = stated === null ? readStream(request.body, maxBytes) : readWhole(request, maxBytes)
  const outcome = await Promise.race([reading, tooSlow])
  clearTimeout(timer)
  return outcome
}

async function readWhole(request: Request, maxBytes: number): Promise<BodyReading> {
  try {
    const bytes = new Uint8Array(await request.arrayBuffer())
    return bytes.byteLength > maxBytes ? { kind: "too_large" } : { kind: "read", bytes }
  } catch {
    return { kind: "broken" }
  }
}

async function readStream(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<BodyReading> {
  if (body === null) return { kind: "read", bytes: new Uint8Array() }
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { kind: "read", bytes: Buffer.concat(chunks) }
      bytes += value.byteLength
      if (bytes > maxBytes) {
        await reader.cancel()
        return { kind: "too_large" }
      }
      chunks.push(value)
    }
  } catch {
    return { kind: "broken" }
  }
}
