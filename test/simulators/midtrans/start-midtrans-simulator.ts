import { addTransaction, changeState, find, refundNow, type SnapPage, type World } from "./api.ts"
import { createDeliverer } from "./deliver-notifications.ts"
import { createFaults } from "./faults.ts"
import { type SeenRequest, serve } from "./serve.ts"
import {
  describe,
  openTransaction,
  type SimulatedState,
  type SimulatedTransaction,
  sign,
} from "./transactions.ts"

export type MidtransSimulatorOptions = Readonly<{
  serverKey: string
  /** Where notifications go; can be set later, and nothing is sent without it. */
  notifyUrl?: string
  /** Real minutes between the retries of a notification, times this. */
  timeScale?: number
  /**
   * Off: a change of state only makes its notification, for the test to send when and as often as it likes.
   */
  notifyByItself?: boolean
  errorsAs?: "http" | "body"
  clock?: () => Date
  port?: number
}>

export type MidtransSimulator = Awaited<ReturnType<typeof startMidtransSimulator>>

/**
 * A Midtrans on the loopback, made from what is known of the real one. Its `url` is also Snap's, with
 * `/snap/v1`.
 */
export async function startMidtransSimulator(options: MidtransSimulatorOptions) {
  const { serverKey, clock = () => new Date(), notifyByItself = true, timeScale = 1 / 60_000 } = options
  const requests: SeenRequest[] = []
  const notifications = new Map<string, string[]>()
  const faults = createFaults()
  let notifyUrl = options.notifyUrl
  let url = ""
  const deliverer = createDeliverer({ notifyUrl: () => notifyUrl, timeScale })
  const world: World = {
    serverKey,
    clock,
    url: () => url,
    transactions: new Map(),
    earlier: [],
    snapPages: new Map(),
    idempotent: new Map(),
    errorsAs: options.errorsAs ?? "body",
    onChange: (transaction, extra) => {
      const body = JSON.stringify({ ...notificationOf(transaction), ...extra })
      notifications.set(transaction.orderId, [...(notifications.get(transaction.orderId) ?? []), body])
      if (notifyByItself && notifyUrl !== undefined) deliverer.deliver(body)
    },
  }

  function notificationOf(
    transaction: SimulatedTransaction,
    state?: SimulatedState,
  ): Record<string, unknown> {
    return sign(
      { ...describe(transaction, state), status_message: "midtrans payment notification" },
      serverKey,
    )
  }

  function known(id: string): SimulatedTransaction {
    const transaction = find(id, world)
    if (!transaction) throw new Error(`the simulator knows no transaction ${id}`)
    return transaction
  }

  function pageOf(orderId: string): SnapPage {
    const page = world.snapPages.get(orderId)
    if (!page) throw new Error(`the simulator knows no page for ${orderId}`)
    return page
  }

  function openAnother(orderId: string, amount: number): void {
    const createdAt = clock()
    const expiresAt = new Date(createdAt.getTime() + 15 * 60_000)
    addTransaction(openTransaction(orderId, amount, { createdAt, expiresAt }), world)
  }

  const served = await serve(world, faults, {
    seen: (request) => requests.push(request),
    port: options.port ?? 0,
  })
  url = served.url

  return {
    url,
    faults,
    requests: (): readonly SeenRequest[] => requests,
    transaction: (id: string): Readonly<SimulatedTransaction> | undefined => find(id, world),
    transactions: (): readonly Readonly<SimulatedTransaction>[] => [...world.transactions.values()],
    /** Each of these happens whatever the state was, as at the real one: money can come late, or go back. */
    pay: (id: string) => changeState(known(id), "settlement", world),
    capture: (id: string) => changeState(known(id), "capture", world),
    authorize: (id: string) => changeState(known(id), "authorize", world),
    fail: (id: string) => changeState(known(id), "failure", world),
    deny: (id: string) => changeState(known(id), "deny", world),
    expire: (id: string) => changeState(known(id), "expire", world),
    cancel: (id: string) => changeState(known(id), "cancel", world),
    refund: (id: string) => changeState(known(id), "refund", world),
    refundPartly: (id: string) => changeState(known(id), "partial_refund", world),
    /** As from the dashboard: listed under a key of its own, and notified twice. */
    refundAmount: (id: string, amount: number) =>
      refundNow(known(id), { key: crypto.randomUUID(), amount, reason: "from the dashboard" }, world),
    chargeBack: (id: string) => changeState(known(id), "chargeback", world),
    /** Without an amount it is not told how much a bank took back. */
    chargeBackPartly(id: string, amount?: number): void {
      known(id).chargedBack = amount
      changeState(known(id), "partial_chargeback", world)
    },
    snapPage: pageOf,
    /**
     * The customer picks a method on a Snap page: from here on, its status is known. Once more after it
     * ended: a second transaction under the same order id.
     */
    pickOnSnapPage: (orderId: string) => openAnother(orderId, pageOf(orderId).amount),
    /** A second transaction under an order id whose first one ended, as Midtrans allows. */
    openAgain: (orderId: string, amount = known(orderId).amount) => openAnother(orderId, amount),
    /** The bodies of all notifications about an order, oldest first, to be sent again or out of order. */
    notifications: (orderId: string): readonly string[] => notifications.get(orderId) ?? [],
    /** A rightly signed notification of any state, then changed as an attacker would. */
    forge: (id: string, fields: Readonly<Record<string, unknown>>, state?: SimulatedState): string =>
      JSON.stringify({ ...notificationOf(known(id), state), ...fields }),
    /** A rightly signed notification about any order id, whether the simulator knows it or not. */
    signed(orderId: string, state: SimulatedState): string {
      const now = clock()
      const transaction = openTransaction(orderId, 10_000, { createdAt: now, expiresAt: now })
      return JSON.stringify(notificationOf(transaction, state))
    },
    /** Sends a body once, without retries; resolves to the shop's HTTP status, 0 without an answer. */
    post: deliverer.post,
    /** Sends a body with Midtrans' retries; resolves when it stops trying. */
    deliver: deliverer.deliver,
    deliveries: deliverer.deliveries,
    notifyAt(target: string | undefined): void {
      notifyUrl = target
    },
    answerErrorsAs(form: "http" | "body"): void {
      world.errorsAs = form
    },
    async stop(): Promise<void> {
      await deliverer.stop()
      await served.stop()
    },
  }
}
