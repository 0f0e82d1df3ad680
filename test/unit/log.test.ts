import { describe, expect, test } from "bun:test"
import { createLog, type LogFields } from "../../src/operations/log.ts"

const phone = "6281234567890"
const payload = "netflix@example.com:hunter2"
const key = "SB-Mid-server-abcdefgh12345"

function captured(level: "debug" | "info" | "silent" = "debug") {
  const lines: string[] = []
  return { log: createLog({ level, write: (line) => lines.push(line) }), lines }
}

function one(write: (log: ReturnType<typeof createLog>) => void): {
  line: string
  json: Record<string, unknown>
} {
  const { log, lines } = captured()
  write(log)
  const [line = "", ...more] = lines
  expect(more).toEqual([])
  expect(line).toEndWith("\n")
  return { line, json: JSON.parse(line) }
}

test("a line is one JSON object with its level, time, event and fields", () => {
  const { json } = one((log) => log.warn("a stock unit is missing", { orderCode: "AB12", count: 2 }))
  expect(json).toEqual({
    level: "warn",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    event: "a stock unit is missing",
    orderCode: "AB12",
    count: 2,
  })
})

test("lines under the level are not written, and silent writes nothing", () => {
  const quiet = captured("info")
  quiet.log.debug("too small")
  quiet.log.info("enough")
  expect(quiet.lines).toHaveLength(1)
  const silent = captured("silent")
  silent.log.error("anything", { error: new Error("x") })
  expect(silent.lines).toEqual([])
})

test("a field that is not on the list is dropped, however it got there", () => {
  const smuggled: LogFields = {
    command: "buy",
    ...{ number: phone, text: payload, payload, level: "x", event: "y" },
  }
  const { line, json } = one((log) => log.info("bought", smuggled))
  expect(Object.keys(json).sort()).toEqual(["command", "event", "level", "time"])
  expect(json.level).toBe("info")
  expect(json.event).toBe("bought")
  expect(line).not.toContain(payload)
})

describe("a phone number is blotted out", () => {
  const forms = [
    phone,
    `+${phone}`,
    "0812-3456-7890",
    "+62 812 3456 7890",
    `user ${phone} bought`,
    "628.1234.5678",
  ]
  for (const form of forms)
    test(`in a word: ${form}`, () => {
      const { line } = one((log) => log.info("bought", { reason: form, reference: form, orderCode: form }))
      expect(line.replace(/"time":"[^"]*"/, "")).not.toMatch(/\d{3}/)
    })
  test("in the event", () => {
    expect(one((log) => log.info(`message from ${phone}`)).line).not.toContain("812345")
  })
  test("as a number", () => {
    expect(one((log) => log.info("bought", { userId: Number(phone) })).json).not.toHaveProperty("userId")
  })
})

test("a reference of ours survives, so that what a customer was told is found", () => {
  expect(one((log) => log.error("failed", { reference: "K7-4821937" })).json.reference).toBe("K7-4821937")
})

test("values are bounded and stay on one line", () => {
  const { line, json } = one((log) => log.info("x".repeat(9000), { reason: `a\n${"b".repeat(9000)}` }))
  expect(line.length).toBeLessThan(500)
  expect(json.reason).toStartWith("a b")
})

test("values of a wrong type are dropped", () => {
  const wrong = {
    command: { text: payload },
    count: Number.NaN,
    attempt: "3",
    port: Number.POSITIVE_INFINITY,
  }
  const { json } = one((log) => log.info("odd", wrong as unknown as LogFields))
  expect(Object.keys(json).sort()).toEqual(["event", "level", "time"])
})

describe("an error is reduced to what our own code named", () => {
  class DatabaseError extends Error {
    code = "23505"
    detail = `Key (number)=(${phone}) already exists.`
    query = `insert into stock_units values ('${payload}')`
    parameters = [payload, phone]
    constraint_name = "users_number_key"
  }

  test("class, code, constraint and frames stay; message, detail, query and parameters go", () => {
    const { line, json } = one((log) =>
      log.error("a query failed", { error: new DatabaseError(`duplicate ${phone} ${payload} ${key}`) }),
    )
    expect(json.error).toMatchObject({ name: "DatabaseError", code: "23505", constraint: "users_number_key" })
    expect(JSON.stringify(json.error)).toContain("test/unit/log.test.ts:")
    for (const secret of [phone, "81234", payload, "hunter2", key, "insert into", "already exists"])
      expect(line).not.toContain(secret)
  })

  test("causes are reduced the same way, three deep", () => {
    const deepest = new DatabaseError(payload)
    const error = [3, 2, 1, 0].reduce<Error>(
      (cause, depth) => new TypeError(`${depth} ${key}`, { cause }),
      deepest,
    )
    const { line, json } = one((log) => log.error("failed", { error }))
    const causes = JSON.stringify(json.error).match(/"cause":/g)
    expect(causes).toHaveLength(3)
    expect(line).not.toContain("hunter2")
    expect(line).not.toContain(key)
  })

  test("a message that imitates stack frames does not come through", () => {
    const forged = `oops\n    at ${"hunter2"} (src/secret.ts:1:1)\n    at x (/a/6281234567890.ts:1:1)`
    const { line } = one((log) => log.error("failed", { error: new Error(forged) }))
    expect(line).not.toContain("hunter2")
    expect(line).not.toContain("81234")
  })

  test("an error that names itself is called so, also when a build has shortened its class", () => {
    const short = class q extends Error {
      override name = "SealBrokenError"
    }
    const { json } = one((log) => log.error("failed", { error: new short("x") }))
    expect(json.error).toMatchObject({ name: "SealBrokenError" })
  })

  test("a code or name with data in it is left out", () => {
    const error = Object.assign(new Error("x"), { code: `bad ${payload}`, constraint: phone })
    error.name = payload
    const { line, json } = one((log) => log.error("failed", { error }))
    expect(json.error).toMatchObject({ name: "Error" })
    expect(line).not.toContain("hunter2")
    expect(line).not.toContain("81234")
  })

  test("the frames do not tell where the project lies", () => {
    const { line } = one((log) => log.error("failed", { error: new Error("x") }))
    expect(line).not.toContain(import.meta.dir)
  })

  const strange: [string, unknown, string][] = [
    ["a string", payload, "string"],
    ["null", null, "object"],
    ["a number", 6281234567890, "number"],
    ["an object without a class", Object.create(null), "Error"],
    [
      "an object that throws when it is looked at",
      new Proxy(new Error("x"), {
        get() {
          throw new Error("no")
        },
      }),
      "unreadable",
    ],
    ["an error that is its own cause", cyclic(), "Error"],
  ]
  for (const [what, thrown, name] of strange)
    test(`${what} is survived`, () => {
      const { line, json } = one((log) => log.error("failed", { error: thrown }))
      expect(json.error).toMatchObject({ name })
      expect(line).not.toContain("hunter2")
      expect(line).not.toContain("81234")
    })
})

test("without a writer the lines go to stderr, and stdout stays for answers", async () => {
  const script =
    'import { createLog } from "./src/operations/log.ts"\n' +
    'createLog({ level: "info" }).info("hello")\nprocess.exit(0)'
  const child = Bun.spawn([process.execPath, "-e", script], {
    cwd: `${import.meta.dir}/../..`,
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, error] = await Promise.all([child.stdout.text(), child.stderr.text()])
  expect(out).toBe("")
  expect(JSON.parse(error)).toMatchObject({ level: "info", event: "hello" })
})

function cyclic(): Error {
  const error = new Error("x")
  error.cause = error
  return error
}
