import { expect, test } from "bun:test"
import type { Fault } from "../simulators/midtrans/faults.ts"
import {
  chargeRequest,
  reference,
  serverKey,
  startWithProvider,
} from "../simulators/midtrans/with-provider.ts"

test("the server key is in nothing that is logged or answered, whatever goes wrong", async () => {
  await using stall = await startWithProvider()
  const { simulator, impatient, logged } = stall
  const answered: unknown[] = []
  const faults: Fault[] = [
    ...(["hang", "reset", "accepted", "drip"] as const).map((kind) => ({ kind })),
    ...[401, 404, 429, 500].flatMap(
      (code) =>
        [
          { kind: "http", status: code },
          { kind: "refuse", code },
        ] as const,
    ),
    { kind: "body", text: "not json" },
    { kind: "redirect", location: "http://127.0.0.1:9/" },
  ]
  for (const fault of faults) {
    for (const operation of ["charge", "status", "cancel"] as const)
      simulator.faults.plan(operation, { ...fault, times: 1 })
    answered.push(await impatient.charge(chargeRequest()), await impatient.status(reference))
    answered.push(await impatient.cancel(reference))
    simulator.faults.clear()
  }
  const everything = JSON.stringify(answered) + logged.join("\n")
  expect(logged.length).toBeGreaterThan(faults.length)
  expect(everything).not.toContain(serverKey)
  expect(everything).not.toContain(btoa(`${serverKey}:`))
})

test("a wrong server key is told apart, without being shown", async () => {
  await using stall = await startWithProvider({ keyOfShop: "SB-Mid-server-mistyped" })
  const charged = await stall.provider.charge(chargeRequest())
  expect(charged).toEqual({ kind: "refused", reason: "server key not accepted" })
  expect(stall.logged.join()).toContain("server key not accepted")
  expect(stall.logged.join()).not.toContain("mistyped")
})

test("the server key is not handed to a proxy that the environment names", async () => {
  const names = ["http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"]
  const before = names.map((name) => process.env[name])
  const proxied: string[] = []
  const fetch = (request: Request) => {
    proxied.push(request.url)
    return new Response("{}")
  }
  const proxy = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch })
  await using stall = await startWithProvider()
  try {
    for (const name of names) process.env[name] = name.toLowerCase() === "http_proxy" ? proxy.url.href : ""
    expect((await stall.provider.charge(chargeRequest())).kind).toBe("charged")
  } finally {
    for (const [index, name] of names.entries()) restore(name, before[index])
    await proxy.stop(true)
  }
  expect(proxied).toEqual([])
})

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}
