import { expect, test } from "bun:test"
import { examineListener } from "../../src/operations/doctor-listener.ts"

const hours = (count: number) => count * 3_600

test("the doctor says when the phone was last heard of", () => {
  const finding = examineListener({ silentSeconds: hours(3), waiting: 0 })
  expect(finding).toMatchObject({ state: "well", says: "the phone was last heard of 3 h ago" })
  expect(examineListener({ silentSeconds: 60, waiting: 2 })).toMatchObject({
    state: "well",
    says: "the phone was last heard of less than an hour ago",
  })
})

test("a phone that is silent for long is looked at while payments wait for it, and one never heard of anyway", () => {
  const dead = examineListener({ silentSeconds: hours(50), waiting: 2 })
  expect(dead.state).toBe("look")
  expect(dead.says).toStartWith(
    "the phone was last heard of 2 days ago, and 2 payments wait for it; see that",
  )
  expect(examineListener({ silentSeconds: hours(50), waiting: 0 }).state).toBe("well")
  const never = examineListener({ silentSeconds: null, waiting: 0 })
  expect(never.state).toBe("look")
  expect(never.says).toStartWith("the phone was never heard of; see that")
})
