import { createAnswering } from "../../src/database/answers.ts"
import { createOrderPlacing } from "../../src/database/orders.ts"
import { countStock } from "../../src/database/products.ts"
import { openGate } from "../../src/gate/gate.ts"
import { openVault } from "../../src/operations/vault.ts"
import type { PaymentProvider, RefundOutcome, RefundRequest } from "../../src/payments/payment-provider.ts"
import type { ProcessId } from "../../src/shop/ids.ts"
import { holdSeconds, type Shop } from "../../src/shop/shop.ts"
import { countMetrics, quietLog, tokens } from "./gate.ts"
import { someProcess, type TestTables } from "./selling.ts"

/** A shop on these tables for what a person does at the desk: no Redis, and nothing is sent. */
export async function openDesk(
  tables: TestTables,
  given: { providers?: readonly PaymentProvider[]; owner?: ProcessId } = {},
): Promise<{ shop: Shop; close: () => Promise<void> }> {
  const { database, newName } = tables
  const { providers = [], owner = someProcess } = given
  const serves = () => []
  const gate = await openGate({
    connection: { kind: "absent" },
    shop: "lapak",
    log: quietLog,
    metrics: countMetrics(),
    countStock: (codes) => countStock(database, codes),
    newToken: tokens(),
  })
  const shop: Shop = {
    database,
    placeOrder: createOrderPlacing(database, { serves, qrisProvider: "demo", holdSeconds }),
    answerMessage: createAnswering(database, serves),
    gate,
    vault: openVault("5e".repeat(32)),
    fetchDocument: async () => ({ kind: "failed" }),
    log: quietLog,
    events: { funnel: () => undefined, payment: () => undefined },
    provider: providers[0],
    providerNamed: (name) => providers.find((provider) => provider.name === name),
    providerNames: providers.map(({ name }) => name),
    owner: () => owner,
    serves,
    chats: ["test"],
    deliver: () => undefined,
    promised: () => undefined,
    lateGoods: "equal",
    returnUrl: () => undefined,
    clock: () => new Date(),
    random: () => 0,
    newOrderCode: () => `T-${newName()}-D`,
    newPayToken: () => `token-of-the-desk-of-${newName()}`,
  }
  return { shop, close: () => gate.close() }
}

/** What a provider does when it is asked for a refund: pays back and says so, or not; or refuses. */
export type Temper = "pays" | "pays_in_silence" | "is_silent" | "refuses"

/**
 * A provider that pays back once per key, as the interface promises, and remembers what it was asked.
 */
export function refundingProvider(name: PaymentProvider["name"] = "demo") {
  const paidBack = new Map<string, number>()
  const asked: RefundRequest[] = []
  let temper: Temper = "pays"
  const refund = async (request: RefundRequest): Promise<RefundOutcome> => {
    asked.push(request)
    if (temper === "refuses") return { kind: "refused", reason: "charge can't be refunded in its state" }
    if (temper !== "is_silent") paidBack.set(request.refundKey, request.amount)
    return temper === "pays" ? { kind: "refunded" } : { kind: "unknown", reason: "no answer in time" }
  }
  const provider: PaymentProvider = {
    name,
    isDemo: name === "demo",
    charge: async () => ({ kind: "refused", reason: "not in this test" }),
    status: async () => ({ kind: "unknown", reason: "not in this test" }),
    cancel: async () => false,
    refund,
    readNotification: () => ({ kind: "malformed", field: "all of it" }),
  }
  return {
    provider,
    asked: (): readonly RefundRequest[] => asked,
    /** What left the provider in all. */
    paidBack: () => [...paidBack.values()].reduce((sum, amount) => sum + amount, 0),
    becomes: (how: Temper) => {
      temper = how
    },
  }
}
