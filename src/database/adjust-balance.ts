import type { UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import { recordAudit } from "./audit-log.ts"
import type { Database, Statements } from "./connect.ts"

export type AdjustedBalance =
  /** `isNew`: it was not booked before. */
  | Readonly<{ kind: "adjusted"; userId: UserId; balance: Rupiah; isNew: boolean }>
  /** It holds only this much; nothing was taken. */
  | Readonly<{ kind: "insufficient_balance"; balance: Rupiah }>
  /** Nothing is taken from somebody who never was a customer. */
  | Readonly<{ kind: "unknown_customer" }>

/** Above zero it is credited, below zero debited. `key` makes it happen once. */
export type Adjustment = Readonly<{ amount: Rupiah; reason: string; actor: string; key: string }>

/**
 * Credits (or, below zero, debits) a balance with a reason, on the record. `key` makes it happen once.
 * A credit creates the customer when the number is new.
 */
export async function adjustBalance(
  database: Database,
  given: Adjustment & Readonly<{ number: string }>,
): Promise<AdjustedBalance> {
  return await database.ask("adjust_balance", () =>
    database.sql.begin(async (transaction): Promise<AdjustedBalance> => {
      const { number } = given
      if (given.amount > 0)
        await transaction`insert into users (number) values (${number}) on conflict (number) do nothing`
      const [user] = await transaction<{ id: UserId }[]>`select id from users where number = ${number}`
      return user ? await adjustBalanceOf(transaction, user.id, given) : { kind: "unknown_customer" }
    }),
  )
}

/**
 * The same for a known customer, in the caller's transaction; two at once are booked one after the other.
 * Nothing is told to the customer.
 */
export async function adjustBalanceOf(
  statements: Statements,
  userId: UserId,
  given: Adjustment,
): Promise<AdjustedBalance> {
  const isCredit = given.amount > 0
  const [user] = await statements<{ balance: Rupiah; isBooked: boolean }[]>`
    select balance, exists (select from ledger_transactions where key = ${given.key}) as "isBooked"
      from users
     where id = ${userId}
       for no key update
  `
  if (!user) return { kind: "unknown_customer" }
  if (user.isBooked) return { kind: "adjusted", userId, balance: user.balance, isNew: false }
  if (user.balance + given.amount < 0) return { kind: "insufficient_balance", balance: user.balance }
  const [booked] = await statements<{ isNew: boolean }[]>`
    select book(
      ${given.key}, 'adjustment', ${given.reason}, null,
      ${isCredit ? "adjustment" : "customer"}, ${isCredit ? null : userId},
      ${isCredit ? "customer" : "adjustment"}, ${isCredit ? userId : null},
      ${Math.abs(given.amount)}
    ) as "isNew"
  `
  if (booked?.isNew)
    await recordAudit(statements, {
      actor: given.actor,
      action: "adjust_balance",
      subject: `user:${userId}`,
      details: { amount: given.amount, reason: given.reason },
    })
  const [after] = await statements<{ balance: Rupiah }[]>`select balance from users where id = ${userId}`
  return { kind: "adjusted", userId, balance: after?.balance ?? user.balance, isNew: booked?.isNew ?? false }
}

/** Promises a customer word of an adjustment; nothing to one who never wrote. */
export async function tellOfAdjustment(
  statements: Statements,
  userId: UserId,
  amount: Rupiah,
): Promise<void> {
  await statements`select tell_of_adjustment(${userId}, ${amount})`
}
