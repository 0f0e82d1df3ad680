/**
 * Whether a request that changes something was made by our own page, or by a program that is no browser.
 * Browsers say where a request comes from in headers that pages can't write.
 */
export function isFromOwnPage(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site")
  if (site !== null) return site === "same-origin"
  const origin = request.headers.get("origin")
  if (origin === null) return true
  return URL.canParse(origin) && new URL(origin).host === new URL(request.url).host
}
