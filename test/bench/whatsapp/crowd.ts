import type { Customer } from "../../simulators/whatsapp/customer.ts"
import type { WhatsApp } from "../../simulators/whatsapp/start-whatsapp.ts"
import { eventually } from "../../support/eventually.ts"
import type { CrowdOrder, CrowdResult } from "./commands.ts"

const answerTimeoutMs = 20_000
const examplesMax = 3

/** Writes as a crowd of customers on their phones, and reads what the client under test answers. */
export function openCrowd(whatsapp: WhatsApp) {
  /** Ids of the answers that were waited for. */
  const answers = new Set<string>()
  const goods = new Set<string>()

  return async (order: CrowdOrder): Promise<CrowdResult> => {
    const pattern = new RegExp(order.answerPattern)
    const customers = Array.from({ length: order.customers }, (_, place) =>
      whatsapp.customer(String(order.firstNumber + place)),
    )
    const before = countReceived(customers)
    const problemsBefore = whatsapp.problems().length
    const free = [...customers]
    const durationsMs: number[] = []
    const errors: string[] = []
    let lost = 0
    let asked = 0
    const startedAt = performance.now()
    const endsAt = startedAt + order.durationMs

    const ask = async (customer: Customer, text: string) => {
      const answered = customer.hears(({ id }) => !answers.has(id), answerTimeoutMs)
      answered.catch(() => undefined)
      await customer.say(text)
      const leftAt = performance.now()
      const answer = await answered.catch(() => undefined)
      if (!answer) {
        lost += 1
        return
      }
      durationsMs.push(performance.now() - leftAt)
      answers.add(answer.id)
      const caught = pattern.exec(answer.text)
      if (!caught) errors.push(answer.text)
      else if (caught[1] !== undefined && goods.has(caught[1])) errors.push("goods that were sold twice")
      else if (caught[1] !== undefined) goods.add(caught[1])
    }
    const slot = async () => {
      while (performance.now() < endsAt && asked < order.messagesMax) {
        const customer = free.shift()
        if (!customer) return
        const text = order.texts[asked % order.texts.length] ?? ""
        asked += 1
        await ask(customer, text)
        free.push(customer)
      }
    }
    await Promise.all(Array.from({ length: order.atOnce }, slot))
    const seconds = (performance.now() - startedAt) / 1_000
    await eventually("every message is confirmed", () => whatsapp.waiting() === 0)
    const after = countReceived(customers)
    errors.push(...whatsapp.problems().slice(problemsBefore))
    return {
      seconds,
      durationsMs,
      lost,
      surplus: after.different - before.different - durationsMs.length,
      repeated: after.repeated - before.repeated,
      errors: errors.length,
      examples: errors.slice(0, examplesMax),
    }
  }
}

function countReceived(customers: readonly Customer[]): { different: number; repeated: number } {
  const received = customers.flatMap((customer) => customer.received)
  return {
    different: received.length,
    repeated: received.reduce((total, { times }) => total + times - 1, 0),
  }
}
