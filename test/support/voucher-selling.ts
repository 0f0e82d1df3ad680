import { expirePayments, type PaymentRow } from "../../src/database/payments.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import { createVoucher, type VoucherDiscount, type VoucherRules } from "../../src/database/voucher-desk.ts"
import { chooseVoucher } from "../../src/database/vouchers.ts"
import { rupiah } from "../../src/shop/money.ts"
import { newCustomer, newProduct, order, say, someProcess, type TestTables, userIdOf } from "./selling.ts"

export const guessLimit = { missesMax: 10, windowSeconds: 60, firstPauseSeconds: 300 }

/** What tests of vouchers do in a shop's tables: make one, choose it, and buy with it. */
export function voucherDesk(tables: TestTables) {
  const { database, sql, newName } = tables

  /** A new voucher's code; without a discount, 100 rupiah. */
  async function newVoucher(
    rules: VoucherRules = {},
    discount: VoucherDiscount = { amount: rupiah(100) },
  ): Promise<string> {
    const code = `V${newName()}`
    const created = await createVoucher(sql, { code, discount, rules, actor: "test" })
    if (created.kind !== "created") throw new Error(`the voucher was not made: ${created.kind}`)
    return code
  }

  const choose = async (number: string, code: string) =>
    chooseVoucher(sql, { userId: await userIdOf(tables, number), code, limit: guessLimit })

  /**
   * Buys one unit; a message of a purchase that was not made is answered. It may be handled several `times`
   * before, as when a process dies or PostgreSQL is away in between; what the last one made of it counts.
   */
  async function buy(
    number: string,
    productCode: string,
    method: "saldo" | "qris" = "saldo",
    quantity = 1,
    times = 1,
  ) {
    const message = await say(tables, number)
    let placed = await order(tables, message, { productCode, method, quantity })
    for (let time = 2; time <= times; time += 1)
      placed = await order(tables, message, { productCode, method, quantity })
    if (placed.kind !== "paid") await finish(message.inboxId)
    return placed
  }

  /** Buys by QRIS what has to be had; returns its payment. */
  async function hold(number: string, productCode: string): Promise<PaymentRow> {
    const placed = await buy(number, productCode, "qris")
    if (placed.kind !== "awaiting_payment") throw new Error(`the order was ${placed.kind}`)
    return placed.payment
  }

  const finish = (inboxId: number) =>
    sql`update inbox set state = 'done', claimed_by = null where id = ${inboxId}`

  return {
    newVoucher,
    choose,
    buy,
    hold,

    /** Lets the time of an unpaid order run out. */
    async expire({ reference }: PaymentRow): Promise<void> {
      await sql`
        with payment as (
          update payments
             set expires_at = now() - interval '1 second'
           where reference = ${reference}
          returning order_id
        )
        update orders set expires_at = now() - interval '1 second' from payment where id = order_id
      `
      await expirePayments(database, someProcess, { serves: [], limit: 100 })
    },

    /** The money for an order comes, whenever that is; `transactionId` names it at the provider. */
    pay: ({ reference, amount }: PaymentRow, allowEqual = true) =>
      settlePayment(database, someProcess, {
        serves: [],
        reference,
        amount: rupiah(amount),
        transactionId: `of ${reference}`,
        allowEqual,
      }),

    /** What the voucher counts, and what its uses are. */
    async usesOf(code: string) {
      const rows = await sql<{ uses: number; held: number; used: number; released: number }[]>`
        select vouchers.uses,
               count(*) filter (where state = 'held')::integer as held,
               count(*) filter (where state = 'used')::integer as used,
               count(*) filter (where state = 'released')::integer as released
          from vouchers
          left join voucher_uses on voucher_id = vouchers.id
         where code = ${code}
         group by vouchers.id
      `
      return rows[0]
    },
  }
}

/** One order with a discount of 100 from a price of 1000, paid from the balance. */
export async function sellWithVoucher(tables: TestTables): Promise<void> {
  const { newVoucher, choose, buy } = voucherDesk(tables)
  const number = await newCustomer(tables, 1_000)
  await choose(number, await newVoucher({ usesMax: 2 }))
  await buy(number, await newProduct(tables, { units: 2 }))
}
