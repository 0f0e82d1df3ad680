import type { Rupiah } from "../shop/money.ts"
import { type ClaimedMessage, type ClaimedRow, nextMessage } from "./claimed-message.ts"
import type { Database } from "./connect.ts"
import type { MessagePromise } from "./inbox.ts"

/** What becomes of a defective unit; a `replace` that finds no unit refunds. */
export type WarrantyPolicy = "replace" | "refund"

export const warrantyDaysMax = 3_650
export const warrantyClaimsMaxMost = 100
const listedMax = 500
const batchesMax = 50
const claimsMaxKey = "warranty_claims_max"

/** What the customer is told of a claim that was made good. `place` counts from 1, of `count` units. */
export type WarrantyWords = Readonly<{
  orderCode: string
  name: string
  place: number
  count: number
  claimId: number
}> &
  (
    | Readonly<{ outcome: "replaced" }>
    /** `isSoldOut`: it would have been replaced, had there been a unit. */
    | Readonly<{ outcome: "refunded"; amount: Rupiah; balance: Rupiah; isSoldOut: boolean }>
  )

/** Nothing was changed, save that `in_review` may have put the claim on the review list just now. */
export type WarrantyRefusal =
  | Readonly<{ kind: "not_found" }>
  | Readonly<{ kind: "physical" }>
  | Readonly<{ kind: "not_delivered" }>
  | Readonly<{ kind: "no_warranty" }>
  | Readonly<{ kind: "over"; endedAt: string }>
  /** All of the order's money went back. */
  | Readonly<{ kind: "refunded_before" }>
  /** A part of the money went back, and enough units were replaced that none is left to make good. */
  | Readonly<{ kind: "made_good_before"; returned: Rupiah; replaced: number }>
  /** The order has several units, in the order of its message, and none was named. */
  | Readonly<{ kind: "which"; units: ReadonlyArray<Readonly<{ name: string; isClaimed: boolean }>> }>
  | Readonly<{ kind: "no_such_unit"; count: number }>
  | Readonly<{ kind: "claimed_before"; wasReplaced: boolean; place: number; count: number }>
  | Readonly<{ kind: "in_review" }>
  | Readonly<{ kind: "other_in_review"; otherOrderCode: string }>
  /** A person has decided on this unit before. */
  | Readonly<{ kind: "reviewed" }>

export type WarrantyClaim =
  | WarrantyRefusal
  | Readonly<{
      kind: "made_good"
      productCode: string
      words: WarrantyWords
      /** Sealed payloads, base64; none when it was refunded. */
      units: readonly string[]
      promise: MessagePromise
      next: ClaimedMessage | undefined
    }>

export type ProductWarranty = Readonly<{
  code: string
  name: string
  days: number
  policy: WarrantyPolicy
}>

/** A batch of stock of which at least one unit was made good. */
export type DefectiveBatch = Readonly<{
  code: string
  batch: string
  addedAt: Date
  sold: number
  defects: number
}>

/**
 * Claims the warranty of one unit, whole, in one transaction; see `claim_warranty` in sql/0016. What was made
 * good has promised its reply and finished the message. Idempotent by the message. Throws LP001 when the
 * message is no longer this process's.
 */
export async function claimWarranty(
  database: Database,
  message: ClaimedMessage,
  given: { serves: readonly string[]; orderCode: string; place: number | undefined },
): Promise<WarrantyClaim> {
  const { sql } = database
  type MadeGood = Extract<WarrantyClaim, { kind: "made_good" }>
  type Answer = WarrantyRefusal | (Omit<MadeGood, "next"> & { next: ClaimedRow | null })
  const rows = await database.ask(
    "claim_warranty",
    () => sql<{ claim: Answer }[]>`
      select claim_warranty(
        ${message.inboxId}, ${message.owner}, ${[...given.serves]}::text[], ${given.orderCode},
        ${given.place ?? null}
      ) as claim
    `,
  )
  const claim = rows[0]?.claim ?? { kind: "not_found" }
  return claim.kind === "made_good" ? { ...claim, next: nextMessage(claim.next, message.owner) } : claim
}

/**
 * Sets the warranty of a product, on the record; 0 days is none. Without a policy the product keeps its own.
 * Idempotent.
 */
export async function setWarranty(
  database: Database,
  given: { code: string; days: number; policy: WarrantyPolicy | undefined; actor: string },
): Promise<
  | Readonly<{ kind: "set"; policy: WarrantyPolicy }>
  | Readonly<{ kind: "unknown_product" }>
  | Readonly<{ kind: "not_digital" }>
> {
  const { sql } = database
  const details = sql.json({ days: given.days, ...(given.policy ? { policy: given.policy } : {}) })
  const rows = await database.ask(
    "set_warranty",
    () => sql<{ kind: string; policy: WarrantyPolicy | null }[]>`
      with product as (
        select id, kind from products where code = ${given.code}
      ), changed as (
        update products
           set warranty_days = ${given.days},
               warranty_policy = coalesce(${given.policy ?? null}, warranty_policy),
               updated_at = now()
         where id = (select id from product where kind = 'digital')
        returning id, warranty_policy
      ), noted as (
        insert into audit_log (actor, action, subject, details)
        select ${given.actor}, 'set_warranty', 'product:' || id, ${details} from changed
      )
      select product.kind, changed.warranty_policy as policy
        from product
        left join changed on changed.id = product.id
    `,
  )
  const product = rows[0]
  if (!product) return { kind: "unknown_product" }
  return product.policy ? { kind: "set", policy: product.policy } : { kind: "not_digital" }
}

/** The products on sale that have a warranty, by code. */
export async function listWarranties(database: Database): Promise<readonly ProductWarranty[]> {
  const { sql } = database
  return await database.ask(
    "list_warranties",
    () => sql<ProductWarranty[]>`
      select code, name, warranty_days as days, warranty_policy as policy
        from products
       where warranty_days > 0
         and hidden_at is null
       order by code
       limit ${listedMax}
    `,
  )
}

/** The batches of stock with the most defects first. */
export async function listDefectiveBatches(database: Database): Promise<readonly DefectiveBatch[]> {
  const { sql } = database
  return await database.ask(
    "list_defective_batches",
    () => sql<DefectiveBatch[]>`
      with defective as (
        select stock_units.product_id, stock_units.batch, count(*)::integer as defects
          from warranty_claims
          join stock_units on stock_units.id = warranty_claims.unit_id
         group by stock_units.product_id, stock_units.batch
         order by defects desc
         limit ${batchesMax}
      )
      select products.code, defective.batch, min(stock_units.added_at) as "addedAt",
             count(*) filter (where stock_units.state = 'sold')::integer as sold, defective.defects
        from defective
        join products on products.id = defective.product_id
        join stock_units
          on stock_units.product_id = defective.product_id
         and stock_units.batch = defective.batch
       group by products.code, defective.batch, defective.defects
       order by defective.defects desc, sold, products.code, defective.batch
    `,
  )
}

/** How many claims a customer may make in 30 days before a person looks at them. */
export async function readWarrantyClaimsMax(database: Database): Promise<number> {
  const { sql } = database
  const rows = await database.ask(
    "read_warranty_claims_max",
    () => sql<{ most: number }[]>`select warranty_claims_max() as most`,
  )
  return rows[0]?.most ?? 0
}

/** Sets that, on the record; with 0 a person looks at every claim. Idempotent. */
export async function setWarrantyClaimsMax(
  database: Database,
  given: { most: number; actor: string },
): Promise<void> {
  const { sql } = database
  await database.ask(
    "set_warranty_claims_max",
    () => sql`
      with noted as (
        insert into audit_log (actor, action, subject, details)
        values (${given.actor}, 'set_warranty_claims_max', 'settings', ${sql.json({ most: given.most })})
      )
      insert into settings (key, value)
      values (${claimsMaxKey}, to_jsonb(${given.most}::integer))
      on conflict (key) do update
         set value = excluded.value,
             updated_at = now()
    `,
  )
}
