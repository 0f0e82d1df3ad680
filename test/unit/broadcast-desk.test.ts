import { expect, test } from "bun:test"
import fc from "fast-check"
import { broadcastTextMax } from "../../src/conversation/desk/broadcast.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { understand } from "../../src/conversation/understand.ts"
import { endOfQuiet, hourIn, isQuiet, lateHours } from "../../src/shop/quiet-hours.ts"
import { minutesFor } from "../../src/shop/send-broadcast.ts"

const owner = (text: string) => understand(text, ".", { role: "owner" })
const asked = (asked: object) => ({ kind: "desk", asked: { room: "broadcast", ...asked } }) as unknown
const problem = (problem: object) =>
  ({ kind: "desk_problem", command: "broadcast", problem: { room: "broadcast", ...problem } }) as unknown

test("the text is the rest of the line and the lines below, as they were written", () => {
  expect(owner(".siaran Promo *hari* ini!") as unknown).toEqual(
    asked({ kind: "start", text: "Promo *hari* ini!", days: 30 }),
  )
  expect(owner("/BROADCAST\nPromo\n\n\n\n  - satu  \n- dua\n") as unknown).toEqual(
    asked({ kind: "start", text: "Promo\n\n  - satu\n- dua", days: 30 }),
  )
  expect(owner(".siaran hari 7 Promo") as unknown).toEqual(asked({ kind: "start", text: "Promo", days: 7 }))
  expect(owner(".siaran hari 7\nPromo") as unknown).toEqual(asked({ kind: "start", text: "Promo", days: 7 }))
  expect(owner(".siaran hari ini promo") as unknown).toEqual(
    asked({ kind: "start", text: "hari ini promo", days: 30 }),
  )
  expect(owner(".siaran stop bayar mahal!") as unknown).toEqual(
    asked({ kind: "start", text: "stop bayar mahal!", days: 30 }),
  )
})

test("emoji that are made of several signs reach the customers whole", () => {
  const text = "Promo 👨‍👩‍👧 ❤️ 1️⃣"
  expect(owner(`.siaran ${text}`) as unknown).toEqual(asked({ kind: "start", text, days: 30 }))
  expect(owner(`.siaran hari ７️ ${text}`) as unknown).toMatchObject({ asked: { text: `hari ７️ ${text}` } })
  expect(owner(`.siaran hari 7️⃣ ${text}`) as unknown).toEqual(asked({ kind: "start", text, days: 7 }))
})

test("a word by itself steers the broadcast, and nothing at all asks how it is", () => {
  const words = { status: "status", stop: "stop", jeda: "pause", lanjut: "resume", RESUME: "resume" }
  for (const [word, kind] of Object.entries(words))
    expect(owner(`.siaran ${word}`) as unknown).toEqual(asked({ kind }))
  expect(owner(".siaran") as unknown).toEqual(asked({ kind: "status" }))
})

test("what can't be sent is explained with an example that is understood", () => {
  expect(owner(".siaran hari 14") as unknown).toEqual(problem({ kind: "missing_text" }))
  expect(owner(".siaran hari 0 Promo") as unknown).toEqual(problem({ kind: "days_out_of_range", max: 30 }))
  const long = "x".repeat(broadcastTextMax + 1)
  expect(owner(`.siaran\n${long}`) as unknown).toEqual(
    problem({ kind: "text_too_long", max: broadcastTextMax }),
  )
  for (const language of ["id", "en"] as const) {
    const text = textsFor(language).broadcastProblem({ room: "broadcast", kind: "missing_text" })
    const example = text.slice(text.indexOf("\n.") + 1)
    expect(owner(example) as unknown).toMatchObject({ kind: "desk", asked: { kind: "start" } })
  }
})

test("to everybody but the owner it is a word that nobody knows", () => {
  for (const role of ["customer", "reseller", "admin"] as const)
    expect(understand(".siaran Promo", ".", { role }).kind).toBe("unknown")
})

test("whatever is pasted, the text that goes out is short enough and holds no control character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (pasted) => {
      const reading = owner(`.siaran\n${pasted}`)
      if (reading.kind !== "desk" || reading.asked.kind !== "start") return
      expect(reading.asked.text.trim()).not.toBe("")
      expect(reading.asked.text).not.toMatch(/[^\P{Cc}\n]/u)
    }),
  )
})

test("customers say stop and start again, with the prefix or plainly; mulai alone is the menu as ever", () => {
  for (const text of ["stop", "STOP", "Berhenti.", ".stop", ".berhenti", "/unsubscribe"])
    expect(understand(text).kind).toBe("stop_broadcasts")
  for (const text of [".mulai", ".langganan", ".subscribe"])
    expect(understand(text).kind).toBe("start_broadcasts")
  for (const text of ["mulai", "start", ".start"]) expect(understand(text).kind).toBe("menu")
  for (const text of ["stop kirim barangnya dong", "stok", "jangan berhenti"])
    expect(understand(text)).not.toMatchObject({ kind: "stop_broadcasts" })
})

test("every command that an answer about broadcasts names is understood", () => {
  for (const language of ["id", "en"] as const) {
    const texts = textsFor(language)
    const said = [texts.broadcast({ text: "" }), texts.noMoreBroadcasts(), texts.broadcastsAgain()].join("\n")
    const commands = said.match(/\.[a-z]+/g) ?? []
    expect(commands.length).toBeGreaterThan(3)
    for (const command of commands) expect(["unknown", "invalid"]).not.toContain(understand(command).kind)
  }
})

test("the hours are those of the zone, and quiet ones may go over midnight", () => {
  const at = new Date("2026-03-01T15:30:00Z")
  expect([hourIn("Asia/Jakarta", at), hourIn("Asia/Jayapura", at), hourIn("UTC", at)]).toEqual([22, 0, 15])
  const night = { from: 22, to: 6 }
  const quiet = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => isQuiet(hour, night))
  expect(quiet).toEqual([0, 1, 2, 3, 4, 5, 22, 23])
  expect([isQuiet(12, { from: 12, to: 14 }), isQuiet(14, { from: 12, to: 14 })]).toEqual([true, false])
  expect([isQuiet(3, null), isQuiet(3, { from: 3, to: 3 })]).toEqual([false, false])
})

test("who begins shortly before the quiet hours, or in them, is told when it goes on", () => {
  const night = { from: 22, to: 6 }
  const end = (time: string, minutes: number, zone = "Asia/Jakarta") =>
    endOfQuiet({ zone, at: new Date(time), minutes, quietHours: night })?.toISOString()
  expect(end("2026-03-01T14:10:00Z", 40)).toBeUndefined()
  expect(end("2026-03-01T14:10:00Z", 50)).toBe("2026-03-01T23:00:00.000Z")
  expect(end("2026-03-01T22:59:59Z", 1)).toBe("2026-03-01T23:00:00.000Z")
  expect(end("2026-03-01T23:00:00Z", 900)).toBeUndefined()
  expect(end("2026-03-01T17:00:00Z", 1, "Asia/Kolkata")).toBe("2026-03-02T00:30:00.000Z")
  expect(
    endOfQuiet({ zone: "UTC", at: new Date("2026-03-01T23:00:00Z"), minutes: 9, quietHours: null }),
  ).toBeNull()
})

test("what comes late may come until an hour that is not quiet has passed", () => {
  const night = { from: 22, to: 6 }
  expect([21, 18, 12, 9].map((hour) => lateHours(hour, night))).toEqual([12, 13, 19, 12])
  expect(lateHours(18, null)).toBe(12)
})

test("preview, start and status of a broadcast say when it goes on after the quiet hours", () => {
  const goesOnAt = new Date("2026-03-01T23:00:00Z")
  const counts = { total: 9, waiting: 9, sent: 0, failed: 0, leftOut: 0, withdrawn: 0 }
  const running = { state: "running", pausedFor: null, startedAt: goesOnAt.toISOString(), ...counts } as const
  const left = { optedOut: 0, personAnswers: 0, hadOne: 0, days: 30 }
  const say = textsFor("id")
  for (const text of [
    say.broadcastPreview({ people: 9, minutes: 1, goesOnAt, text: "Promo", ...left }),
    say.broadcastStarted({ people: 9, minutes: 1, goesOnAt }),
    say.broadcastStatus({ ...running, minutes: 1, goesOnAt }),
    say.broadcastResumed({ ...running, minutes: 1, goesOnAt }),
  ])
    expect(text).toContain("lanjut sendiri 2 Mar 2026 06.00 WIB")
  expect(textsFor("en").broadcastStarted({ people: 9, minutes: 1, goesOnAt })).toContain(
    "goes on by itself at 2 Mar 2026 06:00 WIB",
  )
  expect(say.broadcastStarted({ people: 9, minutes: 1, goesOnAt: null })).not.toContain("jam tenang")
})

test("how long it takes is said in whole minutes, one at least", () => {
  expect([1, 15, 16, 300].map(minutesFor)).toEqual([1, 1, 2, 20])
})
