import { expect, test } from "bun:test"
import { runFaults } from "../fault-runner/run-faults.ts"

const quiet = () => undefined

test("20 seconds of trade in a shop that is hurt in every way: every promise is kept", async () => {
  const { broken, figures, papers } = await runFaults({ seed: 20, seconds: 20, customers: 20, write: quiet })
  // What happened, for whoever has to find out why: `npm run faults -- --seed 20 --seconds 20 --customers 20`.
  if (broken.length > 0) process.stderr.write(`${papers["diary.txt"]}\n`)
  expect(broken).toEqual([])
  expect(figures.purchases).toBeGreaterThan(0)
  expect(figures.paidCharges).toBeGreaterThan(0)
  expect(Object.keys(figures.faults).length).toBeGreaterThan(10)
})
