import { expect, test } from "bun:test"
import { holdForConfirmation, lineToHold } from "../../src/conversation/desk/confirm.ts"
import { readDeskTalk } from "../../src/conversation/desk/desk-talk.ts"
import { commandOfMenuAnswer, deskMenuStep, helpFor } from "../../src/conversation/desk/menu.ts"
import { deskCommands } from "../../src/conversation/desk/rooms.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { understand } from "../../src/conversation/understand.ts"
import type { Role } from "../../src/shop/customer.ts"

const say = (text: string, role: Role = "owner") => understand(text, ".", { role }) as unknown
const asked = (text: string, role?: Role) => (say(text, role) as { asked?: unknown }).asked
const problem = (text: string) => (say(text) as { problem?: { kind: string } }).problem?.kind

test("a customer is named as people write numbers, whole or by the end, with or without groups", () => {
  for (const [written, who] of [
    ["081234567890", "081234567890"],
    ["6281234567890", "6281234567890"],
    ["+62 812-3456-7890", "+6281234567890"],
    ["0812 3456 7890", "081234567890"],
    ["0812-3456 7890", "081234567890"],
    ["(0812) 3456 7890", "081234567890"],
    ["0857 123 4567", "08571234567"],
    ["+65 9123 4567", "+6591234567"],
    ["7890", "7890"],
    ["0789", "0789"],
    ["123456789012345@lid", "123456789012345@lid"],
  ] as const) {
    expect(asked(`.pelanggan ${written}`)).toEqual({ room: "people", kind: "show", who })
    expect(asked(`.kredit ${written} 50rb bonus 2 poin`)).toEqual({
      ...{ room: "people", kind: "adjust", who, amount: 50_000, reason: "bonus 2 poin" },
    })
    expect(asked(`.blokir ${written} menipu`)).toMatchObject({ who, reason: "menipu" })
  }
})

test("a number in groups that may have swallowed the amount is asked again, and never guessed", () => {
  for (const text of [
    ".kredit 0812 345 678 5000 2 poin",
    ".debit 0812 34 56 78 90 50000 salah",
    ".jeda 0812 3456 7890 3",
  ])
    expect(problem(text)).toBe("number_unclear")
  expect(problem(".kredit 0812 3456 7890 50000")).toBe("missing_reason")
  expect(problem(".blokir 0812 3456 7890")).toBe("missing_reason")
  expect(asked(".kredit 0789 500000 bonus")).toMatchObject({ who: "0789", amount: 500_000 })
})

test("what is missing or wrong is said, with an example that is understood", () => {
  for (const [text, kind] of [
    [".kredit", "missing_number"],
    [".kredit budi 5000 x", "number_unreadable"],
    [".kredit 123 5000 x", "number_unreadable"],
    [".kredit 7890", "missing_amount"],
    [".kredit 7890 banyak x", "amount_not_a_number"],
    [".kredit 7890 -5000 x", "amount_not_a_number"],
    [".kredit 7890 0 x", "amount_not_a_number"],
    [".kredit 7890 5000", "missing_reason"],
    [".kredit 7890 10 000 salah kirim", "amount_not_a_number"],
    [`.kredit 7890 5000 ${"x".repeat(201)}`, "reason_too_long"],
    [".jeda 7890 0", "hours_invalid"],
    [".jeda 7890 169", "hours_invalid"],
    [".jeda 7890 2 hari", "hours_invalid"],
    [".peran 7890 owner", "role_unknown"],
    [".peran 7890", "role_unknown"],
    [".bukablokir 7890 sekarang", "too_many_words"],
  ] as const)
    expect([text, problem(text)]).toEqual([text, kind])
  for (const texts of [textsFor("id"), textsFor("en")])
    for (const text of [
      ".kredit",
      ".debit",
      ".jeda",
      ".lanjutkan",
      ".pelanggan",
      ".blokir",
      ".bukablokir",
      ".peran",
    ]) {
      const read = say(text) as { command: "credit"; problem: { room: "people"; kind: "missing_number" } }
      const example = texts.peopleProblem(read).match(/\..+$/m)?.[0] ?? ""
      expect([example, asked(example)]).toEqual([example, expect.objectContaining({ room: "people" })])
    }
})

test("a pause lasts 12 hours, or as long as is said", () => {
  for (const [text, hours] of [
    [".jeda 7890", 12],
    [".jeda 7890 2", 2],
    [".pause 7890 2h", 2],
    [".jeda 7890 24 jam", 24],
    [".jeda 7890 168 hours", 168],
  ] as const)
    expect(asked(text)).toEqual({ room: "people", kind: "pause", who: "7890", hours })
})

test("a debit takes what is named, in Indonesian and English words", () => {
  for (const text of [".debit 7890 Rp 50.000 salah kirim", "/DEBIT 7890 50rb salah kirim"])
    expect(asked(text)).toMatchObject({ kind: "adjust", amount: -50_000, reason: "salah kirim" })
  expect(asked(".credit 7890 5000 x")).toMatchObject({ kind: "adjust", amount: 5_000 })
  expect(asked(".unblock 7890")).toEqual({ room: "people", kind: "unblock", who: "7890" })
  expect(asked(".role 7890 agen")).toEqual({ room: "people", kind: "role", who: "7890", role: "reseller" })
  expect(asked(".queue")).toEqual({ room: "people", kind: "queue" })
})

test("an admin gives no roles, and to customers the whole desk is words that nobody knows", () => {
  expect(asked(".peran 7890 admin", "admin")).toBeUndefined()
  expect(asked(".kredit 7890 5000 x", "admin")).toBeDefined()
  for (const { words } of deskCommands)
    for (const word of words)
      for (const role of ["customer", "reseller"] as const)
        expect([word, (say(`.${word} 7890 5000 x`, role) as { kind: string }).kind]).toEqual([
          word,
          expect.not.stringMatching(/desk/),
        ])
})

test("the README names what only an owner may do", async () => {
  const readme = await Bun.file(`${import.meta.dir}/../../README.md`).text()
  const [, named = ""] = /Only an owner may: (.*?) and block/s.exec(readme) ?? []
  const commands = [...named.matchAll(/`\.([a-z]+)`/g)].map(([, word]) => word)
  const first = [...deskCommands.map(({ words: [word = ""] }) => word), "tinjau", "refund"]
  const isUnknown = (word: string) => (say(`.${word}`, "admin") as { kind: string }).kind === "unknown"
  expect(commands.sort()).toEqual(first.filter(isUnknown).sort())
})

test("every line of a room's help is a command with an example, and an admin sees what they may do", () => {
  for (const texts of [textsFor("id"), textsFor("en")]) {
    for (const line of texts.peopleHelp().split("\n")) {
      const [command = ""] = line.split(":")
      expect([command, asked(command)]).toEqual([command, expect.objectContaining({ room: "people" })])
    }
    const role = helpFor("admin", texts.peopleHelp(), deskCommands)
    expect(role).not.toMatch(/\.(peran|role)/)
    expect(role.split("\n")).toHaveLength(9)
    expect(helpFor("owner", texts.peopleHelp(), deskCommands)).toBe(texts.peopleHelp())
    expect(helpFor("admin", texts.ownerHelp(), deskCommands)).toContain(".refund")
    expect(helpFor("admin", texts.ownerHelp(), deskCommands)).not.toMatch(/\.(tinjau|review)/)
    expect(helpFor("customer", texts.peopleHelp(), deskCommands)).toBe("")
  }
})

test("a number answers the open menu of an operator, and nobody else's", () => {
  const open = { step: deskMenuStep }
  const answer = (text: string, role: Role = "admin", conversation: { step: string } | null = open) =>
    commandOfMenuAnswer(conversation, text, { prefix: "!", role })
  expect(answer("2")).toBe("!admin 2")
  for (const two of ["٢", "２", "२", "2️⃣"]) expect(answer(two)).toBe("!admin 2")
  expect(answer(" 0 ")).toBe("!admin 0")
  expect(answer("batal")).toBe("!admin batal")
  expect(answer("saldo")).toBeUndefined()
  // A number the menu doesn't have is never one of the customers' menu.
  expect(answer("8")).toBe("!admin 8")
  expect(answer("99")).toBe("!admin 99")
  expect(answer("50000")).toBeUndefined()
  expect(answer("2", "customer")).toBeUndefined()
  expect(answer("2", "admin", null)).toBeUndefined()
})

test("a digit answers no question whether something is meant: it may be for a menu that was open before", () => {
  const conversation = { step: "confirm", data: holdForConfirmation({ line: "/tim", shown: "" }).data }
  const talk = (text: string) => readDeskTalk(conversation, text, { prefix: ".", role: "owner" })
  for (const text of ["0", "1", "2", "１", "hmm"]) expect(talk(text)).toEqual({ kind: "unclear" })
  for (const text of ["ya", "Yes!", "OK"]) expect(talk(text)).toMatchObject({ intent: { kind: "desk" } })
  for (const text of ["batal", "tidak", "No", "cancel"]) expect(talk(text)).toMatchObject({ kind: "dropped" })
})

test("what is held is understood under any prefix, and a yes to what means nothing any more does nothing", () => {
  const conversation = (text: string, prefix: string) =>
    holdForConfirmation({ line: lineToHold(text, prefix), shown: "" })
  for (const [text, prefix] of [
    [".tim", "."],
    ["\u200b # tim", "#"],
    ["!tim", "."],
  ] as const)
    expect(readDeskTalk(conversation(text, prefix), "ya", { prefix: "!", role: "admin" })).toMatchObject({
      intent: { kind: "desk", asked: { kind: "team" } },
    })
  for (const role of ["customer", "admin"] as const)
    expect(readDeskTalk(conversation(".siaran Halo", "."), "ya", { prefix: ".", role })).toEqual({
      kind: "lapsed",
    })
})

test("a long run of signs is read as fast as a short one", () => {
  const conversations = [null, { step: "confirm", data: { line: "/tim" } }]
  // Tried anew from each sign, one of these would take minutes.
  for (const text of [`${"-".repeat(500_000)}x`, `.siaran a${" ".repeat(500_000)}x`])
    for (const conversation of conversations)
      expect(readDeskTalk(conversation, text, { prefix: ".", role: "owner" })).toBeDefined()
}, 30_000)

test("asking for a person is understood in many words, and from others than who greet", () => {
  for (const text of [
    ..."cs|CS kak|.cs|.human|admin|Admin?|bantuan admin|.bantuan admin kak".split("|"),
    ..."bicara dengan orang|bicara dengan orang dong kak|hubungi penjual|customer service".split("|"),
    ..."talk to a human please|human".split("|"),
  ])
    expect([text, say(text, "customer")]).toEqual([text, { kind: "person" }])
  for (const text of ["halo admin", "pagi min"]) expect(say(text, "customer")).toEqual({ kind: "menu" })
  expect(say("bantuan", "customer")).toEqual({ kind: "help" })
  expect(say("admin nya kemana sih", "customer")).toMatchObject({ kind: "unknown" })
  expect(asked(".admin")).toEqual({ room: "menu", kind: "open" })
})
