import { startMidtransSimulator } from "../simulators/midtrans/start-midtrans-simulator.ts"
import type { ShopProcess } from "./shop-process.ts"
import { openStall } from "./stall.ts"

export type MidtransStall = Awaited<ReturnType<typeof openMidtransStall>>

const serverKey = "SB-Mid-server-of-the-tests-alone"

/** A stall that takes QRIS, with a Midtrans of its own, whose notifications are sent by `notify` alone. */
export async function openMidtransStall(options: Parameters<typeof openStall>[0] = {}) {
  const midtrans = await startMidtransSimulator({ serverKey, notifyByItself: false })
  const stall = await openStall({
    ...options,
    environment: {
      MIDTRANS_SERVER_KEY: serverKey,
      MIDTRANS_BASE_URL: midtrans.url,
      ...options.environment,
    },
  })
  const { sql, peer } = stall

  /** Asks for one unit by QRIS and returns what the shop sent and knows about it. */
  async function order({ url }: ShopProcess, from: string, text = ".buy KOPI 1 qris") {
    const request = await peer.ask(url, from, text)
    const [payment] = await sql<{ reference: string; token: string; code: string }[]>`
      select reference, pay_token as token, coalesce(orders.code, '') as code
        from payments
        join users on users.id = payments.user_id
        left join orders on orders.id = payments.order_id
       where users.number = ${from}
       order by payments.id desc
       limit 1
    `
    if (!payment) throw new Error("there is no payment")
    return { request, ...payment }
  }

  return {
    ...stall,
    midtrans,
    order,
    /** Lets the customer pay without telling the shop; returns the notification that was not sent. */
    pay: (reference: string): string => {
      midtrans.pay(reference)
      return midtrans.notifications(reference).at(-1) ?? ""
    },
    /** Sends a notification once; returns the shop's HTTP status. */
    notify: async ({ url }: ShopProcess, body: string): Promise<number> => {
      midtrans.notifyAt(`${url}/webhooks/midtrans`)
      return await midtrans.post(body)
    },
    /** What the payment page's live part is told. */
    pageState: async ({ url }: ShopProcess, token: string): Promise<unknown> => {
      const told = (await (await fetch(`${url}/pay/${token}/state`)).json()) as { state?: unknown }
      return told.state
    },
    statusOf: async (code: string) => {
      const [row] = await sql<{ status: string }[]>`select status from orders where code = ${code}`
      return row?.status
    },
    [Symbol.asyncDispose]: async () => {
      await stall[Symbol.asyncDispose]()
      await midtrans.stop()
    },
  }
}
