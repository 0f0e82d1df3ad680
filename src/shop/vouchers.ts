import type { ClaimedMessage } from "../database/claimed-message.ts"
import type { Statements } from "../database/connect.ts"
import {
  type ChosenVoucher,
  chooseVoucher as chooseInDatabase,
  dropVoucher as dropInDatabase,
  type GuessLimit,
  type KeptVoucher,
  readChosenVoucher,
  type Voucher,
  type VoucherRefusal,
} from "../database/vouchers.ts"

export type { ChosenVoucher, KeptVoucher, Voucher, VoucherRefusal }

const guessLimit: GuessLimit = { missesMax: 10, windowSeconds: 60, firstPauseSeconds: 5 * 60 }

/** Remembers a voucher for the customer's next purchase, and says why not where it can't be. */
export function chooseVoucher(
  statements: Statements,
  { userId }: ClaimedMessage,
  code: string,
): Promise<ChosenVoucher> {
  return chooseInDatabase(statements, { userId, code, limit: guessLimit })
}

/** The customer's chosen voucher, and why it would give nothing now. */
export function showVoucher(
  statements: Statements,
  { userId }: ClaimedMessage,
): Promise<KeptVoucher | undefined> {
  return readChosenVoucher(statements, userId)
}

/** Forgets the chosen voucher; returns its code, or undefined when there was none. */
export function dropVoucher(statements: Statements, { userId }: ClaimedMessage): Promise<string | undefined> {
  return dropInDatabase(statements, userId)
}
