/** Signal's own libraries keep five. More than that many answers back, a message comes late by minutes. */
const chainsMax = 10
/** As libsignal marks the chains of what comes in. */
const receiving = 2

type Table = Readonly<Record<string, unknown>>

/**
 * Forgets the oldest chains of a stored session. Libsignal begins one with each answer and never lets go of
 * any, so that a customer's session grows with every message and is read, sealed and written at its whole
 * length. What is late beyond that is asked for again.
 */
export function pruneChains(record: unknown): unknown {
  if (!isTable(record) || !isTable(record._sessions)) return record
  const sessions = Object.entries(record._sessions).map(([key, session]) => [key, pruneSession(session)])
  return { ...record, _sessions: Object.fromEntries(sessions) }
}

function pruneSession(session: unknown): unknown {
  if (!isTable(session) || !isTable(session._chains)) return session
  // In the order in which they began.
  const chains = Object.entries(session._chains)
  const incoming = chains.filter(([, chain]) => isTable(chain) && chain.chainType === receiving)
  if (incoming.length <= chainsMax) return session
  const forgotten = new Set(incoming.slice(0, -chainsMax).map(([key]) => key))
  return { ...session, _chains: Object.fromEntries(chains.filter(([key]) => !forgotten.has(key))) }
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null
}
