const everywhere = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "X-Frame-Options": "DENY",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
} as const

const closedPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ")

/** For answers to programs. Nothing of them is kept by caches. */
export const apiHeaders = {
  ...everywhere,
  "Content-Security-Policy": closedPolicy,
  "Cache-Control": "no-store",
} as const

/**
 * For pages that only their visitor may see: never cached, never indexed; images come from us or from data.
 */
export const pageHeaders = {
  ...everywhere,
  "Content-Security-Policy": pagePolicy,
  "Cache-Control": "no-store",
  "X-Robots-Tag": "noindex, nofollow",
} as const

/** For files whose address changes with their content. */
export const assetHeaders = {
  ...everywhere,
  "Content-Security-Policy": closedPolicy,
} as const

const jsonHeaders = { ...apiHeaders, "Content-Type": "application/json; charset=utf-8" }

/** A JSON answer with the headers every program gets. */
export function answerJson(status: number, body: unknown, headers?: Record<string, string>): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: headers ? { ...jsonHeaders, ...headers } : jsonHeaders,
  })
}
