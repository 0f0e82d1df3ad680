/** One thing that is cached. */
export type CacheName =
  | { readonly kind: "products" }
  | { readonly kind: "product"; readonly code: string }
  | { readonly kind: "balance"; readonly userId: number }
  | { readonly kind: "settings" }

export type CacheKind = CacheName["kind"]

export type Keys = ReturnType<typeof keysOf>

/**
 * The names of everything the shop keeps in Redis. All share the hash tag `{shop}`, so that a script may
 * touch several of them on a cluster.
 */
export function keysOf(shop: string) {
  const tag = `{${shop}}`
  const stockPrefix = `${tag}:stock:`
  return {
    lock: (userId: number) => `${tag}:lock:buy:${userId}`,
    limiter: (userId: number, command: string) => `${tag}:ratelimit:${userId}:${command}`,
    stock: (productCode: string) => stockPrefix + productCode,
    stockPrefix,
    holds: `${tag}:holds`,
    cached: (name: CacheName) => tag + cachedPath(name),
  }
}

function cachedPath(name: CacheName): string {
  switch (name.kind) {
    case "products":
      return ":produk:list"
    case "product":
      return `:produk:detail:${name.code}`
    case "balance":
      return `:user:balance:${name.userId}`
    case "settings":
      return ":settings"
  }
}
