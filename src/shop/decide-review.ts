import { DatabaseUnavailable } from "../database/connect.ts"
import { findCustomer, findPaymentMeant } from "../database/review-targets.ts"
import {
  type DecidedReview,
  decideReview as decideInDatabase,
  type Review,
  type ReviewDecision,
  readReviews,
} from "../database/reviews.ts"
import type { ChargeReference } from "../payments/payment-provider.ts"
import type { ReviewId, UserId } from "./ids.ts"
import type { Rupiah } from "./money.ts"
import { readPhoneNumber } from "./phone-number.ts"
import { giveBack } from "./request-charge.ts"
import { followSettlement } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

export type { DecidedReview, Review, ReviewDecision }

/** What a person decides: whose money it is, where it went, or that nothing is to be done. */
export type Decision =
  /** With `amount` where the review does not know how much it is. */
  | Readonly<{ kind: "credited"; number: string; amount?: Rupiah | undefined }>
  /** By an order's code, or a payment's own reference. */
  | Readonly<{ kind: "settled"; payment: string; amount?: Rupiah | undefined }>
  /** So much of the payment went back to the payer in all, as the provider shows it. */
  | Readonly<{ kind: "taken"; amount: Rupiah }>
  /** A refund that the provider never confirmed was made all the same, or was not. */
  | Readonly<{ kind: "made" }>
  | Readonly<{ kind: "not_made" }>
  | Readonly<{ kind: "dismissed" }>

const shownMax = 50

/** The open reviews, the oldest first, and whether there are more than are listed. */
export async function listReviews(
  shop: Pick<Shop, "database">,
  limit = shownMax,
): Promise<Readonly<{ reviews: readonly Review[]; hasMore: boolean }>> {
  const reviews = await readReviews(shop.database, { limit: limit + 1 })
  return { reviews: reviews.slice(0, limit), hasMore: reviews.length > limit }
}

/** One review, open or decided; undefined when there is none of that number. */
export async function showReview(shop: Pick<Shop, "database">, id: ReviewId): Promise<Review | undefined> {
  const [review] = await readReviews(shop.database, { id, limit: 1 })
  return review
}

/** Does what a person decided, once, with everything that follows from it. */
export async function decideReview(
  shop: Shop,
  given: { id: ReviewId; decision: Decision; actor: string; reason: string },
): Promise<DecidedReview> {
  const { id, decision, actor, reason } = given
  const target = await findTarget(shop, id, decision)
  if (target.kind !== "found") return target
  const owner = shop.owner()
  if (owner === undefined) throw new DatabaseUnavailable("no process number")
  const decided = await decideInDatabase(shop.database, owner, {
    id,
    decision: decision.kind,
    userId: target.userId,
    reference: target.reference,
    amount: "amount" in decision ? decision.amount : undefined,
    allowEqual: shop.lateGoods === "equal",
    actor,
    reason,
  })
  if (decided.kind !== "decided") return decided
  shop.promised()
  const { settlement, userId, amount, freed } = decided
  await giveBack(shop, freed)
  if (settlement?.kind === "settled" && amount !== null) await followSettlement(shop, settlement, amount)
  else if (userId !== null) await shop.gate.cache.forget({ kind: "balance", userId })
  return decided
}

type Target =
  | Readonly<{ kind: "found"; userId?: UserId; reference?: ChargeReference }>
  | Readonly<{ kind: "unknown_customer" | "unknown_payment" }>

async function findTarget(shop: Shop, id: ReviewId, decision: Decision): Promise<Target> {
  switch (decision.kind) {
    case "credited": {
      const userId = await findCustomer(shop.database, addressOf(decision.number))
      return userId === undefined ? { kind: "unknown_customer" } : { kind: "found", userId }
    }
    case "settled": {
      const reference = await findPaymentMeant(shop.database, { word: decision.payment, reviewId: id })
      return reference === undefined ? { kind: "unknown_payment" } : { kind: "found", reference }
    }
    default:
      return { kind: "found" }
  }
}

/** Numbers come as people write them. */
function addressOf(number: string): string {
  const read = readPhoneNumber(number)
  return "number" in read ? read.number : number
}
