const patienceMs = 5_000

export type Answered = Readonly<{ status: number; text: string }>

/** Posts that end: after five seconds, or when all of it is stopped. */
export function createPosts() {
  const stopping = new AbortController()
  return {
    /** Undefined when no answer came: nobody knows then whether it arrived. */
    post: async (url: string, given: RequestInit): Promise<Answered | undefined> => {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(patienceMs)])
      try {
        const response = await fetch(url, { ...given, method: "POST", signal, keepalive: false })
        return { status: response.status, text: await response.text() }
      } catch {
        return undefined
      }
    },
    stop: () => stopping.abort(),
  }
}
