import { describe, expect, test } from "bun:test"
import {
  chargeRequest,
  reference,
  serverKey,
  startWithProvider,
} from "../simulators/midtrans/with-provider.ts"

/** A shop's webhook that answers as planned, then 200, and remembers what came. */
function startWebhook(answers: number[] = []) {
  const received: { body: string; agent: string | null }[] = []
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      received.push({ body: await request.text(), agent: request.headers.get("user-agent") })
      return new Response(null, { status: answers.shift() ?? 200 })
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}/webhooks/midtrans`,
    received,
    [Symbol.asyncDispose]: () => server.stop(true),
  }
}

describe("a notification of the simulator, read by the provider", () => {
  test("comes for every change of state, signed, from Midtrans' own agent", async () => {
    await using webhook = startWebhook()
    await using stall = await startWithProvider({ notifyByItself: false })
    await stall.provider.charge(chargeRequest())
    stall.simulator.pay(reference)
    stall.simulator.notifyAt(webhook.url)
    for (const body of stall.simulator.notifications(reference))
      expect(await stall.simulator.post(body)).toBe(200)
    expect(webhook.received.map(({ agent }) => agent)).toEqual(Array(2).fill("midtrans payment notification"))
    const transactionId = stall.simulator.transaction(reference)?.transactionId
    expect(webhook.received.map(({ body }) => stall.provider.readNotification(body))).toEqual([
      { kind: "authentic", reference, claimedState: "pending", transactionId },
      { kind: "authentic", reference, claimedState: "settlement", transactionId },
    ])
  })

  test("with an edited state is authentic, and the status API decides against it", async () => {
    await using stall = await startWithProvider()
    await stall.provider.charge(chargeRequest())
    const body = stall.simulator.forge(reference, {
      transaction_status: "settlement",
      transaction_id: "swapped",
    })
    expect(stall.provider.readNotification(body)).toMatchObject({
      kind: "authentic",
      claimedState: "settlement",
    })
    expect(await stall.provider.status(reference)).toMatchObject({ kind: "known", state: "pending" })
  })

  test("with another amount, order or signature is forged", async () => {
    await using stall = await startWithProvider()
    await stall.provider.charge(chargeRequest())
    const changes = [{ gross_amount: "1.00" }, { gross_amount: "10000" }, { order_id: "LPK-2" }]
    for (const fields of [...changes, { signature_key: 7 }, { signature_key: undefined }])
      expect(stall.provider.readNotification(stall.simulator.forge(reference, fields))).toEqual({
        kind: "forged",
      })
  })

  test("of a sandbox is forged for a shop with another key", async () => {
    await using sandbox = await startWithProvider()
    await using production = await startWithProvider({ keyOfShop: "Mid-server-of-production" })
    await sandbox.provider.charge(chargeRequest())
    const body = sandbox.simulator.forge(reference, {}, "settlement")
    expect(production.provider.readNotification(body)).toEqual({ kind: "forged" })
  })
})

describe("the simulator", () => {
  test("tries a notification again as often as the shop's answer asks for", async () => {
    const attempts: Record<number, number> = {
      200: 1,
      204: 1,
      500: 2,
      503: 5,
      400: 3,
      404: 3,
      302: 1,
      401: 6,
    }
    await using stall = await startWithProvider({ notifyByItself: false, timeScale: 1e-7 })
    for (const [status, expected] of Object.entries(attempts)) {
      await using webhook = startWebhook(Array(10).fill(Number(status)))
      stall.simulator.notifyAt(webhook.url)
      await stall.simulator.deliver("{}")
      expect(webhook.received.length, status).toBe(expected)
    }
  })

  test("stops trying once the shop took it, and ends with a shop that never answers", async () => {
    await using stall = await startWithProvider({ notifyByItself: false, timeScale: 1e-7 })
    await using webhook = startWebhook([503, 503])
    stall.simulator.notifyAt(webhook.url)
    await stall.simulator.deliver("{}")
    stall.simulator.notifyAt("http://127.0.0.1:1/closed")
    await stall.simulator.deliver("{}")
    expect(stall.simulator.deliveries().map(({ attempts }) => attempts)).toEqual([
      [503, 503, 200],
      [0, 0, 0, 0, 0, 0],
    ])
  })

  test("refunds as Midtrans does: once per key, within the amount, notified twice", async () => {
    await using stall = await startWithProvider({ notifyByItself: false })
    const { simulator, provider } = stall
    await provider.charge(chargeRequest())
    const refund = async (refund_key: string, amount: number) => {
      const response = await fetch(`${simulator.url}/v2/${reference}/refund`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${serverKey}:`)}` },
        body: JSON.stringify({ refund_key, amount }),
      })
      return String(Reflect.get(Object(await response.json()), "status_code"))
    }
    expect(await refund("a", 4_000)).toBe("412")
    simulator.pay(reference)
    expect(await refund("a", 4_000)).toBe("200")
    expect(await refund("a", 4_000)).toBe("406")
    expect(await refund("b", 6_001)).toBe("414")
    expect(await provider.status(reference)).toMatchObject({ state: "partially_refunded" })
    expect(await refund("b", 6_000)).toBe("200")
    expect(await provider.status(reference)).toMatchObject({ state: "refunded" })
    const bodies = simulator.notifications(reference).slice(2)
    expect(bodies.map((body) => body.includes("bank_confirmed_at"))).toEqual([false, true, false, true])
  })

  test("knows nothing of a Snap page until a method is picked on it", async () => {
    await using stall = await startWithProvider({ notifyByItself: false })
    const { simulator, provider } = stall
    const open = (key: string) =>
      fetch(`${simulator.url}/snap/v1/transactions`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${key}:`)}` },
        body: JSON.stringify({ transaction_details: { order_id: reference, gross_amount: 10_000 } }),
      }).then((response) => response.status)
    expect([await open("wrong"), await open(serverKey)]).toEqual([401, 201])
    expect(await open(serverKey)).toBe(400)
    expect((await provider.status(reference)).kind).toBe("not_found")
    simulator.pickOnSnapPage(reference)
    expect(await provider.status(reference)).toMatchObject({ kind: "known", state: "pending" })
  })
})
