import type { MidtransSimulator } from "../simulators/midtrans/start-midtrans-simulator.ts"

export type Bank = ReturnType<typeof openBank>

/** The customers' bank: pays what can be paid, and remembers what it paid for which charge. */
export function openBank(midtrans: MidtransSimulator) {
  const paid = new Map<string, { amount: number; number: string }>()

  function pay(reference: string, number: string): boolean {
    const transaction = midtrans.transaction(reference)
    if (transaction?.state !== "pending") return false
    midtrans.pay(reference)
    const amount = (paid.get(reference)?.amount ?? 0) + transaction.amount
    paid.set(reference, { amount, number })
    return true
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
    /** Who paid for a charge, and how many rupiah by all its transactions together. */
    paidFor: (reference: string) => paid.get(reference) ?? { amount: 0, number: undefined },
  }
}
