import { expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { understand } from "../../src/conversation/understand.ts"

const desk = (text: string, role: "owner" | "admin" | "customer" = "admin") => {
  const intent = understand(text, ".", { role })
  if (intent.kind === "desk") return intent.asked as unknown
  return intent.kind === "desk_problem" ? (intent.problem as unknown) : intent.kind
}
const code = "LPK-7K2M9Q3"

test("an operator asks for orders in either language, in any letter case", () => {
  for (const words of [".penjualan", ".sales", ".penjualan hari ini", "/SALES today", "!penjualan HARI"])
    expect(desk(words)).toEqual({ room: "orders", kind: "sales", period: "day" })
  for (const words of [".penjualan minggu", ".penjualan minggu ini", ".sales this week"])
    expect(desk(words)).toEqual({ room: "orders", kind: "sales", period: "week" })
  expect(desk(".sales month")).toEqual({ room: "orders", kind: "sales", period: "month" })
  for (const words of [`.pesanan ${code}`, `.orders #${code.toLowerCase()}`, `.show ${code}`])
    expect(desk(words)).toEqual({ room: "orders", kind: "show", orderCode: code })
  for (const words of [".cari 0812 3456 7890", ".find 0812 3456 7890"])
    expect(desk(words)).toEqual({ room: "orders", kind: "find", text: "0812 3456 7890" })
  for (const words of [".perludikirim", ".toship"])
    expect(desk(words)).toEqual({ room: "orders", kind: "to_ship" })
  for (const words of [`.dikemas ${code}`, `.pack ${code}`])
    expect(desk(words)).toEqual({ room: "orders", kind: "pack", orderCode: code })
  for (const words of [`.selesai ${code}`, `.complete ${code}`])
    expect(desk(words)).toEqual({ room: "orders", kind: "complete", orderCode: code })
  for (const words of [`.kirimulang ${code}`, `.resendorder ${code}`])
    expect(desk(words)).toEqual({ room: "orders", kind: "resend", orderCode: code })
})

test("a courier may have several words; the tracking number is the last one, and has a digit", () => {
  const ship = (words: string) => desk(`.resi ${code} ${words}`)
  const sent = { room: "orders", kind: "ship", orderCode: code }
  expect(ship("JNE JP1234567890")).toEqual({ ...sent, courier: "JNE", tracking: "JP1234567890" })
  expect(ship("J&T Express (EZ) 00-12/3.4")).toEqual({
    ...sent,
    courier: "J&T Express (EZ)",
    tracking: "00-12/3.4",
  })
  const problems = {
    "": "missing_parcel",
    JP123: "missing_parcel",
    "JNE REG": "tracking_malformed",
    "JNE JP*123*": "tracking_malformed",
    "*JNE* JP123": "courier_malformed",
    "J`NE JP123": "courier_malformed",
    [`${"J".repeat(41)} JP123`]: "courier_too_long",
    [`JNE ${"1".repeat(61)}`]: "tracking_too_long",
  }
  for (const [words, kind] of Object.entries(problems))
    expect({ words, read: ship(words) }).toEqual({ words, read: { room: "orders", command: "ship", kind } })
})

test("what can't be read is explained with an example that can", () => {
  const broken = [".penjualan kemarin", ".cari", ".cari ab", ".pesanan", ".pesanan a;b", ".pesanan A B"]
  broken.push(".dikemas", ".resi", `.resi ${code}`, ".selesai ;", ".kirimulang A B")
  for (const language of ["id", "en"] as const)
    for (const words of broken) {
      const intent = understand(words, ".", { role: "admin" })
      if (intent.kind !== "desk_problem" || intent.problem.room !== "orders")
        throw new Error(`${words} was understood`)
      const text = textsFor(language).ordersProblem(intent.problem)
      const example = text.slice(text.lastIndexOf(": ") + 2)
      expect({ example, read: desk(example) }).toEqual({
        example,
        read: expect.objectContaining({ kind: intent.problem.command }),
      })
    }
})

test("every command that the room's help names is understood", () => {
  for (const language of ["id", "en"] as const) {
    const lines = textsFor(language).ordersHelp().split("\n")
    expect(lines).toHaveLength(8)
    for (const line of lines)
      expect({ line, read: desk(line.split(": ")[0] ?? "") }).toEqual({
        line,
        read: expect.objectContaining({ room: "orders", kind: expect.stringMatching(/^(?!.*_code)/) }),
      })
  }
})

test("to customers the operators' words are words like any other", () => {
  expect(desk(`.resi ${code} JNE 1`, "customer")).toBe("unknown")
  expect(desk(".penjualan", "customer")).toBe("unknown")
  expect(understand(".pesanan")).toMatchObject({ kind: "history" })
})

test("a customer asks for a receipt, and says that goods arrived; a thank-you is none", () => {
  for (const words of [".struk", "struk", ".receipt", ".nota"])
    expect(understand(words)).toEqual({ kind: "receipt" })
  expect(understand(`.struk ${code}`)).toEqual({ kind: "receipt", orderCode: code })
  for (const words of [`.terima ${code}`, `.received #${code}`])
    expect(understand(words)).toEqual({ kind: "received", orderCode: code })
  expect(understand(".terima")).toEqual({ kind: "received" })
  for (const words of [".terima kasih", "terima kasih", "terima kasih banyak kak"])
    expect(understand(words).kind).not.toBe("received")
})
