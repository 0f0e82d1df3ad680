import { rupiah } from "../shop/money.ts"

/** In code points, as a reader counts characters. */
export const messageLimit = 500

/**
 * In UTF-16 units: what is kept of an operator's message, and one more of a longer one. It is more than
 * WhatsApp carries, which is 65,536 characters.
 */
export const storedLimit = 2 * 65_536

export const quantityLimits = Object.freeze({ min: 1, max: 100 })

/** The upper end is what QRIS allows in one payment. */
export const depositLimits = Object.freeze({ min: rupiah(1_000), max: rupiah(10_000_000) })

export const pageLimits = Object.freeze({ min: 1, max: 999 })

/** In characters; longer ones name nothing that exists. */
export const categoryLimit = 60

/** The dearest order there can be is dearer; whoever gives so much back leaves the amount out. */
export const refundLimits = Object.freeze({ min: rupiah(1), max: rupiah(1_000_000_000) })

/** In characters; of what an operator says to explain what they do. */
export const reasonLimit = 200

/** Of a product that an operator describes in a chat; what the tables and the import allow. */
export const productLimits = Object.freeze({
  nameCharacters: 200,
  descriptionCharacters: 2_000,
  price: Object.freeze({ min: rupiah(1), max: rupiah(1_000_000_000) }),
  stock: 1_000_000,
  warrantyDays: 3_650,
  quantity: 100,
})
