/** How a connection ended, in WhatsApp's code, and how long it had been open (0: it never was). */
export type Ended = Readonly<{ code: number; openMs: number }>

export type NextStep =
  | Readonly<{ kind: "reconnect"; delayMs: number }>
  /** This version of WhatsApp Web is too old: look for the newest first. */
  | Readonly<{ kind: "refresh_version"; delayMs: number }>
  /** WhatsApp has ended the login: only pairing anew helps. */
  | Readonly<{ kind: "logged_out" }>
  /** Somebody else connected with this login: going on would throw them out in turn. */
  | Readonly<{ kind: "replaced" }>
  /** WhatsApp refuses the account: a person has to look. */
  | Readonly<{ kind: "stopped" }>

const firstDelayMs = 1_000
const longestDelayMs = 60_000
/** A connection that stood this long was a good one: the next failure is a first one. */
const steadyMs = 60_000

/**
 * What follows a disconnect, by its code. `failures` counts the ends in a row before this one, none of them
 * of a steady connection. Pure.
 */
export function afterDisconnect({ code }: Ended, failures: number, random: () => number): NextStep {
  if (code === 401) return { kind: "logged_out" }
  if (code === 440) return { kind: "replaced" }
  if (code === 403 || code === 411) return { kind: "stopped" }
  if (code === 405) return { kind: "refresh_version", delayMs: delayMs(failures, random) }
  // Asked for by the server, right after pairing above all; again and again it is a failure like others.
  if (code === 515 && failures === 0) return { kind: "reconnect", delayMs: 0 }
  return { kind: "reconnect", delayMs: delayMs(failures, random) }
}

export function isSteady({ openMs }: Ended): boolean {
  return openMs >= steadyMs
}

/** 1 s, 2 s, 4 s ... at most a minute, the upper half by chance: many shops do not come back at once. */
function delayMs(failures: number, random: () => number): number {
  const whole = Math.min(firstDelayMs * 2 ** Math.min(failures, 10), longestDelayMs)
  return Math.round(whole / 2 + (whole / 2) * random())
}
