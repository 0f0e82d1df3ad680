import { expect, test } from "bun:test"
import { atTheirPlaces, grouped, groupedByOwner, refusal } from "../../src/database/grouped.ts"
import type { ProcessId } from "../../src/shop/ids.ts"

test("what is asked while a round is under way shares the next one, and each gets its own answer", async () => {
  const rounds: (readonly number[])[] = []
  const first = Promise.withResolvers<void>()
  const double = grouped(
    async (items: readonly number[]) => {
      rounds.push(items)
      if (rounds.length === 1) await first.promise
      return items.map((item) => item * 2)
    },
    { itemsMax: 3, roundsMax: 1 },
  )
  const answers = [double(1)]
  await Promise.resolve()
  answers.push(double(2), double(3), double(4), double(5))
  first.resolve()
  expect(await Promise.all(answers)).toEqual([2, 4, 6, 8, 10])
  expect(rounds).toEqual([[1], [2, 3, 4], [5]])
})

test("one item's failure is its own; a round's failure is everybody's; a missing answer is an error", async () => {
  const run = async (items: readonly string[]) => {
    if (items.includes("burst")) throw new Error("the whole round")
    return items.flatMap((item) => (item === "lost" ? [] : [item === "bad" ? refusal("LP001") : item]))
  }
  const ask = grouped<string, string>(run, { itemsMax: 10, roundsMax: 1 })
  const outcomes = await Promise.allSettled([ask("good"), ask("bad")])
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"])
  await expect(Promise.all([ask("burst"), ask("good")])).rejects.toThrow("the whole round")
  await expect(ask("lost")).rejects.toThrow("left an item out")
})

test("an item that met a lock is asked for once more by itself, with patience, and holds nobody else up", async () => {
  const asked: string[] = []
  const owner = 1 as ProcessId
  const ask = groupedByOwner<string, string>(
    () => owner,
    async (_, items, lockWait) => {
      asked.push(`${items.join(" ")} within ${lockWait}`)
      return items.map((item) => (item === "held" && lockWait === "100ms" ? refusal("55P03") : item))
    },
  )
  expect(await Promise.all([ask("free"), ask("held")])).toEqual(["free", "held"])
  expect(asked).toEqual(["free held within 100ms", "held within 5s"])
})

test("a round speaks for one claimer at a time", async () => {
  const spoken: string[] = []
  const ask = groupedByOwner<{ owner: number; name: string }, string>(
    ({ owner }) => owner as ProcessId,
    async (owner, items) => {
      spoken.push(`${owner}: ${items.map(({ name }) => name).join(" ")}`)
      return items.map(({ name }) => name)
    },
  )
  const answers = [ask({ owner: 1, name: "a" }), ask({ owner: 2, name: "b" }), ask({ owner: 1, name: "c" })]
  expect(await Promise.all(answers)).toEqual(["a", "b", "c"])
  expect(spoken).toEqual(["1: a c", "2: b"])
})

test("rows are put at the places they name, in whatever order they come", () => {
  const rows = [{ place: 2 }, { place: 1 }]
  expect(atTheirPlaces(rows, ({ place }) => place)).toEqual([1, 2])
})
