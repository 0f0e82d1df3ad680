import { expect, test } from "bun:test"
import type { NotificationOutcome } from "../../src/web/dependencies.ts"
import { createWebApp } from "../../src/web/web-app.tsx"
import { aShop } from "../support/web.ts"

const notify = (app: ReturnType<typeof createWebApp>, body: string | Uint8Array<ArrayBuffer>) =>
  app.request("/webhooks/midtrans", { method: "POST", body })

test("each outcome of a notification has the answer that makes Midtrans do the right thing", async () => {
  const answers: [outcome: NotificationOutcome, code: number][] = [
    [{ kind: "stored" }, 200],
    [{ kind: "forged" }, 401],
    [{ kind: "malformed", field: "order_id" }, 400],
    [{ kind: "unavailable" }, 503],
  ]
  for (const [outcome, code] of answers) {
    const { dependencies } = aShop({ recordNotification: async () => outcome })
    const response = await notify(createWebApp(dependencies), "{}")
    expect(response.status).toBe(code)
    if (outcome.kind === "malformed") expect(await response.json()).toMatchObject({ field: "order_id" })
  }
})

test("the body reaches the shop exactly as it came", async () => {
  const bodies: string[] = []
  const recordNotification = async (_: "midtrans", body: string) => {
    bodies.push(body)
    return { kind: "stored" } as const
  }
  const app = createWebApp(aShop({ recordNotification }).dependencies)
  const body = '{ "gross_amount":"10000.00",\n "custom":"é🧋" }'
  expect((await notify(app, body)).status).toBe(200)
  expect(bodies).toEqual([body])
  expect((await notify(app, new Uint8Array([0xff, 0xfe]))).status).toBe(400)
  expect((await notify(app, "x".repeat(65_537))).status).toBe(413)
  expect(bodies).toHaveLength(1)
})

test("without Midtrans the address says what is missing", async () => {
  const app = createWebApp(aShop({ recordNotification: undefined }).dependencies)
  expect((await notify(app, "{}")).status).toBe(404)
})
