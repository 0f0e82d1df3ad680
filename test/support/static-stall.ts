import { forwarders, listenerSecret, signedByListener } from "./listener.ts"
import type { ShopProcess } from "./shop-process.ts"
import { openStall } from "./stall.ts"
import { staticCode } from "./static-code.ts"

export type StaticStall = Awaited<ReturnType<typeof openStaticStall>>

/** A stall that takes money through its own static code, and the app on its seller's phone. */
export async function openStaticStall(options: Parameters<typeof openStall>[0] = {}) {
  const stall = await openStall({
    ...options,
    environment: { STATIC_QRIS: staticCode(), LISTENER_SECRET: listenerSecret, ...options.environment },
  })
  const { sql, peer } = stall

  /** Asks for one unit by QRIS and returns what the shop sent and knows about it. */
  async function order({ url }: ShopProcess, from: string, text = ".buy KOPI 1 qris") {
    const request = await peer.ask(url, from, text)
    const [payment] = await sql<
      { reference: string; amount: number; extra: number; token: string; code: string; qrString: string }[]
    >`
      select reference, amount, unique_extra as extra, pay_token as token, coalesce(orders.code, '') as code,
             qr_string as "qrString"
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

  /** Sends a request of the phone's app; returns the shop's HTTP status. */
  async function post({ url }: ShopProcess, request: ReturnType<typeof signedByListener>): Promise<number> {
    const response = await fetch(`${url}/webhooks/qris-listener`, request)
    await response.text()
    return response.status
  }

  return {
    ...stall,
    order,
    post,
    /** The phone says that money of this amount came, just now. */
    forward: (shop: ShopProcess, amount: number, words = "diterima dari BUDI") => {
      const body = forwarders.flat({ text: `Rp ${amount} ${words}`, postedAt: new Date() })
      return post(shop, signedByListener(body, { at: new Date() }))
    },
    statusOf: async (code: string) => {
      const [row] = await sql<{ status: string }[]>`select status from orders where code = ${code}`
      return row?.status
    },
    reviews: async () => [
      ...(await sql<{ kind: string; amount: number; why: string }[]>`
        select kind, amount, evidence ->> 'why' as why from reviews order by id
      `),
    ],
    /** Everything that is wrong with the books. */
    problems: async () => [...(await stall.audit()), ...peer.problems()],
  }
}
