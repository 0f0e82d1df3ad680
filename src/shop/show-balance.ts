import { type BalanceView, readBalance } from "../database/users.ts"
import type { UserId } from "./ids.ts"
import { rupiah } from "./money.ts"
import type { Shop } from "./shop.ts"

/** The balance and its last movements; at most a minute old, and never older than the last write. */
export async function showBalance(shop: Shop, userId: UserId): Promise<BalanceView> {
  return await shop.gate.cache.remember(
    { kind: "balance", userId },
    () => readBalance(shop.database, userId),
    fromCache,
  )
}

/** JSON keeps no dates. */
function fromCache(cached: unknown): BalanceView {
  const { balance, movements } = cached as BalanceView
  return {
    balance: rupiah(balance),
    movements: movements.map((movement) => ({ ...movement, at: new Date(movement.at) })),
  }
}
