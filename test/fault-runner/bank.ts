import type { MidtransSimulator } from "../simulators/midtrans/start-midtrans-simulator.ts"

export type Bank = ReturnType<typeof openBank>

/** The customers' bank: pays what can be paid, and remembers what it paid for which charge. */
export function openBank(midtrans: MidtransSimulator) {
  const paid = new Map<string, { number: string; transactionIds: string[] }>()

  function pay(reference: string, number: string): boolean {
    const transaction = midtrans.transaction(reference)
    if (transaction?.state !== "pending") return false
    midtrans.pay(reference)
    const before = paid.get(reference)?.transactionIds ?? []
    paid.set(reference, { number, transactionIds: [...before, transaction.transactionId] })
    return true
  }

  function paidFor(reference: string) {
    const { number, transactionIds = [] } = paid.get(reference) ?? {}
    const transactions = transactionIds.flatMap((id) => midtrans.transaction(id) ?? [])
    const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
    const refunds = transactions.flatMap((transaction) => transaction.refunds)
    return {
      number,
      amount: sum(transactions.map(({ amount }) => amount)),
      refunded: sum(refunds.map(({ amount }) => amount)),
    }
  }

  return {
    /** For the customer of this number. False when the charge can't be paid (any more). */
    pay,
    /**
     * Pays by another transaction under the same order id, as Midtrans allows when the one before has ended:
     * the same amount, or `more` than it.
     */
    payAgain: (reference: string, number: string, more = 0): void => {
      const transaction = midtrans.transaction(reference)
      if (!transaction || transaction.state === "pending") return
      midtrans.openAgain(reference, transaction.amount + more)
      pay(reference, number)
    },
    /** Who paid for a charge, how many rupiah by all its transactions, and how many of them went back. */
    paidFor,
  }
}
