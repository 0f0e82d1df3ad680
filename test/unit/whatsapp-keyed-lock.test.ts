import { expect, test } from "bun:test"
import { createKeyedLock } from "../../src/channels/whatsapp/keyed-lock.ts"

test("work of one key is done one after the other, in the order it came", async () => {
  const inTurn = createKeyedLock()
  const steps: string[] = []
  const work = (name: string) => async () => {
    steps.push(`${name} begins`)
    await Bun.sleep(0)
    steps.push(`${name} ends`)
    return name
  }
  const done = ["one", "two", "three"].map((name) => inTurn("budi", work(name)))
  expect(await Promise.all(done)).toEqual(["one", "two", "three"])
  expect(steps).toEqual(["one begins", "one ends", "two begins", "two ends", "three begins", "three ends"])
})

test("work of another key does not wait", async () => {
  const inTurn = createKeyedLock()
  const slow = Promise.withResolvers<string>()
  const first = inTurn("budi", () => slow.promise)
  expect(await inTurn("ani", async () => "done")).toBe("done")
  slow.resolve("late")
  expect(await first).toBe("late")
})

test("work that fails tells its own caller, and holds nobody up", async () => {
  const inTurn = createKeyedLock()
  const failing = inTurn("budi", () => Promise.reject(new Error("no")))
  const next = inTurn("budi", async () => "done")
  await expect(failing).rejects.toThrow("no")
  expect(await next).toBe("done")
})

test("what comes after a rest is done at once", async () => {
  const inTurn = createKeyedLock()
  await inTurn("budi", async () => "one")
  expect(await inTurn("budi", async () => "two")).toBe("two")
})
