import { expect, test } from "bun:test"
import fc from "fast-check"
import { createKeyCache } from "../../src/channels/whatsapp/key-cache.ts"

type Texts = Map<string, string>

/** A store that answers and writes when the test says so. */
function openStore(initial: Record<string, string> = {}) {
  const texts: Texts = new Map(Object.entries(initial))
  const reads: { ids: readonly string[]; answer: () => void }[] = []
  const read = (_type: string, ids: readonly string[]) => {
    const { promise, resolve } = Promise.withResolvers<Texts>()
    // As in a database: what is answered is what stood there when it was asked.
    const answer = new Map(ids.flatMap((id) => (texts.has(id) ? [[id, texts.get(id) ?? ""] as const] : [])))
    reads.push({ ids, answer: () => resolve(answer) })
    return promise
  }
  return { texts, reads, read }
}

const entry = (id: string, text: string | null) => ({ type: "session", id, text })
const atOnce = async () => undefined

test("what was read once is not read again, and what is not there is remembered as absent", async () => {
  const { read, reads } = openStore({ budi: "1" })
  const cache = createKeyCache(read)
  for (let round = 0; round < 2; round += 1) {
    const reading = cache.get("session", ["budi", "ani"])
    reads[0]?.answer()
    expect(Object.fromEntries(await reading)).toEqual({ budi: "1" })
  }
  expect(reads).toHaveLength(1)
})

test("only what is missing is asked for", async () => {
  const { read, reads } = openStore({ budi: "1", ani: "2" })
  const cache = createKeyCache(read)
  await cache.change([entry("budi", "3")], atOnce)
  const reading = cache.get("session", ["budi", "ani"])
  reads[0]?.answer()
  expect(Object.fromEntries(await reading)).toEqual({ budi: "3", ani: "2" })
  expect(reads.map(({ ids }) => ids)).toEqual([["ani"]])
})

test("the same id of another type is another key", async () => {
  const { read, reads } = openStore()
  const cache = createKeyCache(read)
  await cache.change([entry("budi", "1")], atOnce)
  const reading = cache.get("sender-key", ["budi"])
  reads[0]?.answer()
  expect((await reading).size).toBe(0)
})

test("a read that began before a write does not bring the old value back", async () => {
  const { read, reads } = openStore({ budi: "old" })
  const cache = createKeyCache(read)
  const reading = cache.get("session", ["budi"])
  await cache.change([entry("budi", "new")], atOnce)
  reads[0]?.answer()
  await reading
  expect((await cache.get("session", ["budi"])).get("budi")).toBe("new")
})

test("a read that ended while a write was under way is forgotten with it", async () => {
  const { read, reads } = openStore({ budi: "old" })
  const cache = createKeyCache(read)
  const writing = Promise.withResolvers<void>()
  const change = cache.change([entry("budi", "new")], () => writing.promise)
  const reading = cache.get("session", ["budi"])
  reads[0]?.answer()
  expect((await reading).get("budi")).toBe("old")
  writing.resolve()
  await change
  expect((await cache.get("session", ["budi"])).get("budi")).toBe("new")
})

test("what was read is remembered although another key was written meanwhile", async () => {
  const { read, reads } = openStore({ budi: "1" })
  const cache = createKeyCache(read)
  const reading = cache.get("session", ["budi"])
  await cache.change([entry("ani", "2")], atOnce)
  reads[0]?.answer()
  await reading
  expect((await cache.get("session", ["budi"])).get("budi")).toBe("1")
  expect(reads).toHaveLength(1)
})

test("a removed key is not read again from before its removal", async () => {
  const { read, reads } = openStore({ budi: "old" })
  const cache = createKeyCache(read)
  const reading = cache.get("session", ["budi"])
  await cache.change([entry("budi", null)], atOnce)
  reads[0]?.answer()
  await reading
  expect((await cache.get("session", ["budi"])).size).toBe(0)
  expect(reads).toHaveLength(1)
})

test("of a write that failed nothing is remembered, neither the new nor the former value", async () => {
  const { read, reads } = openStore({ budi: "stored" })
  const cache = createKeyCache(read)
  await cache.change([entry("budi", "former")], atOnce)
  const failing = cache.change([entry("budi", "new")], () => Promise.reject(new Error("no")))
  await expect(failing).rejects.toThrow("no")
  const reading = cache.get("session", ["budi"])
  reads[0]?.answer()
  expect((await reading).get("budi")).toBe("stored")
})

test("it forgets the oldest before it takes much memory, and reads them again", async () => {
  const { read, reads } = openStore({ 0: "again" })
  const cache = createKeyCache(read)
  const large = "x".repeat(1_000_000)
  for (let id = 0; id < 12; id += 1) await cache.change([entry(String(id), large)], atOnce)
  const reading = cache.get("session", ["0", "11"])
  reads[0]?.answer()
  expect((await reading).get("0")).toBe("again")
  expect(reads.map(({ ids }) => ids)).toEqual([["0"]])
})

test("however reads and writes fall together, what is read after them is what was written last", async () => {
  const step = fc.record({
    kind: fc.constantFrom("read", "write", "answer", "finish"),
    id: fc.constantFrom("budi", "ani"),
    text: fc.option(fc.stringMatching(/^[a-z]{1,3}$/)),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { read, reads, texts } = openStore()
      const cache = createKeyCache(read)
      const finishing: (() => void)[] = []
      const working: Promise<unknown>[] = []
      // Baileys writes one after the other, and so does a database of one key.
      let lastWrite: Promise<void> = Promise.resolve()
      for (const { kind, id, text } of steps) {
        if (kind === "read") working.push(cache.get("session", [id]))
        if (kind === "answer") reads.shift()?.answer()
        if (kind === "finish") finishing.shift()?.()
        if (kind === "write") {
          const { promise, resolve } = Promise.withResolvers<void>()
          finishing.push(resolve)
          lastWrite = lastWrite.then(() =>
            cache.change([entry(id, text)], async () => {
              await promise
              if (text === null) texts.delete(id)
              else texts.set(id, text)
            }),
          )
        }
        await Bun.sleep(0)
      }
      for (const finish of finishing) finish()
      await lastWrite
      for (const { answer } of reads.splice(0)) answer()
      await Promise.all(working)
      const last = cache.get("session", ["budi", "ani"])
      for (const { answer } of reads) answer()
      expect(Object.fromEntries(await last)).toEqual(Object.fromEntries(texts))
    }),
    { numRuns: 60 },
  )
})
