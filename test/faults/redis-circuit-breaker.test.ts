import { expect, test } from "bun:test"
import { createCircuitBreaker } from "../../src/gate/circuit-breaker.ts"

test("nothing is trusted before it has answered once", () => {
  const breaker = createCircuitBreaker({ failuresToOpen: 1, reason: "connecting" })
  expect(breaker.isClosed()).toBe(false)
  expect(breaker.reason()).toBe("connecting")
  breaker.succeeded()
  expect(breaker.isClosed()).toBe(false)
})

test("only failures in a row open it, and only the last of them says so", () => {
  const breaker = createCircuitBreaker({ failuresToOpen: 3, reason: "connecting" })
  breaker.close()
  expect([breaker.failed("timeout"), breaker.failed("timeout")]).toEqual([false, false])
  breaker.succeeded()
  expect([breaker.failed("timeout"), breaker.failed("timeout")]).toEqual([false, false])
  expect(breaker.isClosed()).toBe(true)
  expect(breaker.failed("refused")).toBe(true)
  expect(breaker.reason()).toBe("refused")
  expect(breaker.failed("timeout")).toBe(false)
  expect(breaker.reason()).toBe("refused")
})

test("a broken connection opens it at once, and closing begins the count anew", () => {
  const breaker = createCircuitBreaker({ failuresToOpen: 2, reason: "connecting" })
  breaker.close()
  expect([breaker.open("unreachable"), breaker.open("unreachable")]).toEqual([true, false])
  breaker.close()
  expect(breaker.failed("timeout")).toBe(false)
  expect(breaker.isClosed()).toBe(true)
})
