/** Ids are numbers in SQL; the brands keep one kind from being taken for another. */
export type UserId = number & { readonly [id]: "user" }
export type InboxId = number & { readonly [id]: "inbox" }
export type OutboxId = number & { readonly [id]: "outbox" }
export type PaymentId = number & { readonly [id]: "payment" }
export type OrderId = number & { readonly [id]: "order" }
export type ReviewId = number & { readonly [id]: "review" }
export type RefundId = number & { readonly [id]: "refund" }
/** One start of one process, as PostgreSQL numbered it; what it claims carries this. */
export type ProcessId = number & { readonly [id]: "process" }

declare const id: unique symbol
