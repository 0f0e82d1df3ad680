import type { CustomerEvidence, Evidence } from "./evidence.ts"
import { amountsIn, isAnswer, isBusy, isRefund, orderCodesIn, payloadsIn } from "./read-messages.ts"

/** Every promise that the evidence shows broken, in words; none when all were kept. */
export function judge(evidence: Evidence): readonly string[] {
  return [
    ...evidence.gatewayProblems,
    ...evidence.shopProblems,
    ...evidence.leftOpen.map((left) => `it did not come to rest: ${left}`),
    ...judgeAnswers(evidence),
    ...judgeGoods(evidence),
    ...judgeCharges(evidence),
    ...judgeMoney(evidence),
    ...judgeRefunds(evidence),
    ...judgeBooks(evidence),
  ]
}

/** Every message that was taken is answered once, with something other than an error of our own. */
function judgeAnswers({ customers, books }: Evidence): string[] {
  return customers.flatMap(({ number, said, shown }) => {
    const answers = shown.filter(isAnswer)
    const wasToldBusy = answers.some(({ text }) => isBusy(text))
    const known = new Set(said.map(({ id }) => id))
    const strangers = answers.filter(({ inReplyTo }) => inReplyTo !== undefined && !known.has(inReplyTo))
    const failed = answers.filter(({ text }) => /sebutkan nomor ini|tell the seller this number/i.test(text))
    const wrong = said.flatMap(({ id, text, wasTaken }) => {
      const count = answers.filter(({ inReplyTo }) => inReplyTo === id).length
      if (!wasTaken) return [`message ${id} of ${number} was never taken`]
      const isTold = books.answeredByRefund.includes(id) || (books.refused.includes(id) && wasToldBusy)
      const wanted = isTold ? [0, 1] : [1]
      return wanted.includes(count)
        ? []
        : [`message ${id} of ${number} (${text}) was answered ${count} times`]
    })
    return [
      ...wrong,
      ...strangers.map(({ id }) => `${number} was answered (${id}) what it never asked`),
      ...failed.map(({ text }) => `${number} was told of an error of our own: ${text}`),
    ]
  })
}

/** Each unit reaches one customer, under one order; nobody gets what was never put on sale. */
function judgeGoods({ customers, prices, books }: Evidence): string[] {
  const broken: string[] = []
  const owners = new Map<string, string>()
  for (const { number, shown } of customers) {
    for (const { text } of shown) {
      const [order = "no order"] = orderCodesIn(text)
      for (const payload of payloadsIn(text)) {
        const owner = `${number} under ${order}`
        const before = owners.get(payload)
        if (!prices.has(payload)) broken.push(`${payload} was delivered, and never on sale`)
        if (before !== undefined && before !== owner)
          broken.push(`${payload} was delivered to ${before} and to ${owner}`)
        owners.set(payload, owner)
      }
    }
  }
  if (owners.size !== books.unitsSold)
    broken.push(`${owners.size} units were delivered, ${books.unitsSold} are sold in the books`)
  if (books.unitsHeld !== 0) broken.push(`${books.unitsHeld} units are still held for nobody`)
  return broken
}

/** The shop holds exactly those charges for paid that are; goods of an unpaid one went to nobody. */
function judgeCharges({ customers, charges, books }: Evidence): string[] {
  const broken: string[] = []
  const known = new Set(books.paidCharges)
  const unpaid = new Set<string>()
  for (const { reference, received, number } of charges) {
    if (received > 0 && !known.has(reference))
      broken.push(`charge ${reference} is paid and the shop does not know`)
    if (received === 0 && known.has(reference))
      broken.push(`charge ${reference} is unpaid and the shop holds it paid`)
    if (received > 0 && number === undefined)
      broken.push(`charge ${reference} is paid by nobody who asked for it`)
    if (received === 0) unpaid.add(reference.replace(/-[0-9]+$/, ""))
    known.delete(reference)
  }
  for (const reference of known) broken.push(`charge ${reference} is paid in the books alone`)
  for (const { shown } of customers) {
    for (const { text } of shown) {
      const [order = ""] = orderCodesIn(text)
      if (payloadsIn(text).length > 0 && unpaid.has(order))
        broken.push(`the goods of order ${order} were delivered, and its charge is unpaid`)
    }
  }
  return broken
}

/** What a customer brought, paid and was given back is what that customer has in goods and on the balance. */
function judgeMoney(evidence: Evidence): string[] {
  return evidence.customers.flatMap((customer) => {
    const { number, openingBalance, toldBalance } = customer
    if (toldBalance === undefined) return [`${number} was not told a balance`]
    const paid = paidBy(customer, evidence)
    const goods = valueOfGoods(customer, evidence)
    const refunded = refundedTo(customer, evidence)
    return openingBalance + paid + refunded === goods + toldBalance
      ? []
      : [
          `${number} brought ${openingBalance}, paid ${paid} and was refunded ${refunded}, ` +
            `and has goods for ${goods} and ${toldBalance} saldo`,
        ]
  })
}

/**
 * Each refund is told to its customer, in words of its own, after the goods and as often as it was made;
 * through Midtrans went exactly what the books say went that way.
 */
function judgeRefunds({ customers, charges, books }: Evidence): string[] {
  const toldBefore = new Map<string, number>()
  const untold = books.refunds.flatMap(({ number, orderCode, amount }) => {
    const shown = customers.find((customer) => customer.number === number)?.shown ?? []
    const ofOrder = shown.filter(({ text }) => orderCodesIn(text).includes(orderCode))
    const goodsAt = ofOrder.findIndex(({ text }) => payloadsIn(text).length > 0)
    const told = ofOrder.filter(
      ({ text }, place) => place > goodsAt && isRefund(text) && amountsIn(text).includes(amount),
    )
    const refund = `${number} ${orderCode} ${amount}`
    const count = (toldBefore.get(refund) ?? 0) + 1
    toldBefore.set(refund, count)
    return told.length >= count ? [] : [`${number} was not told of ${amount} back for order ${orderCode}`]
  })
  const wrong = charges.flatMap(({ reference, refunded }) => {
    const booked = books.refunds.filter((refund) => refund.reference === reference)
    const sum = booked.reduce((total, { amount }) => total + amount, 0)
    return sum === refunded
      ? []
      : [`of charge ${reference} ${refunded} went back, and ${sum} is booked as refunded`]
  })
  return [...untold, ...wrong]
}

/** What came in from a customer and did not go back the same way. */
export function paidBy({ number }: CustomerEvidence, { charges }: Evidence): number {
  const own = charges.filter((charge) => charge.number === number)
  return own.reduce((sum, { received, refunded }) => sum + received - refunded, 0)
}

/** To the balance or through Midtrans: either way the goods were for nothing. */
function refundedTo({ number }: CustomerEvidence, { books }: Evidence): number {
  const own = books.refunds.filter((refund) => refund.number === number)
  return own.reduce((sum, { amount }) => sum + amount, 0)
}

export function valueOfGoods({ shown }: CustomerEvidence, { prices }: Evidence): number {
  const units = new Set(shown.flatMap(({ text }) => payloadsIn(text)))
  return [...units].reduce((sum, payload) => sum + (prices.get(payload) ?? 0), 0)
}

function judgeBooks({ customers, books }: Evidence): string[] {
  const wrong = customers.flatMap(({ number, toldBalance }) => {
    const booked = books.balances.get(number)
    return booked === toldBalance ? [] : [`${number} was told ${toldBalance} saldo, the books say ${booked}`]
  })
  if (books.ledgerSum !== 0) wrong.push(`the ledger sums to ${books.ledgerSum}`)
  if (books.messagesGivenUp > 0) wrong.push(`${books.messagesGivenUp} messages were given up`)
  return [...wrong, ...books.findings]
}
