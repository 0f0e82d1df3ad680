import type { LedgerLine } from "../database/ledger.ts"

const lineEnd = "\r\n"

const columns = "date,time,transaction,key,kind,order,customer,account,debit,credit,reason,reference"

export const csvHeader = `${columns}${lineEnd}`

/** One entry as a line of CSV (RFC 4180), its end included. */
export function csvLine(line: LedgerLine): string {
  const { date, time, transaction, key, kind, orderCode, customer, account, debit, credit } = line
  const texts = [key, kind, orderCode ?? "", customer ?? "", account].map(textField)
  const words = [line.reason, line.reference ?? ""].map(textField)
  return [date, time, transaction, ...texts, debit, credit, ...words].join(",") + lineEnd
}

/**
 * A spreadsheet takes a text that begins so for a formula and runs it; with an apostrophe before it, it stays
 * a text.
 */
const formula = /^\s*[=+\-@\t\r]/

function textField(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
