import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { newSecret } from "../../src/config.ts"
import { openVault, SealBrokenError } from "../../src/operations/vault.ts"

const secret = "0f".repeat(32)
const vault = openVault(secret)
const text = fc.string({ unit: "grapheme", maxLength: 200 })

test("what was sealed opens again, exactly, under the same secret and context", () => {
  fc.assert(
    fc.property(text, text, (plain, context) => {
      expect(openVault(secret).open(vault.seal(plain, context), context)).toBe(plain)
    }),
  )
})

test("the same text is sealed differently each time, and cannot be read in it", () => {
  const [first, second] = [vault.seal("user:password", "unit"), vault.seal("user:password", "unit")]
  expect(first).not.toEqual(second)
  expect(Buffer.from(first).includes("password")).toBe(false)
})

describe("a seal does not open", () => {
  const broken = (open: () => unknown) => expect(open).toThrow(SealBrokenError)

  test("with any one bit changed", () => {
    const sealed = vault.seal("user:password", "unit:KOPI")
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Uint8Array.from(sealed, (byte, index) =>
        index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
      )
      broken(() => vault.open(changed, "unit:KOPI"))
    }
  })
  test("cut short, or empty", () => {
    const sealed = vault.seal("user:password", "unit")
    for (let length = 0; length < sealed.length; length++)
      broken(() => vault.open(sealed.subarray(0, length), "unit"))
  })
  test("in another place, or under another secret", () => {
    const sealed = vault.seal("user:password", "unit:KOPI")
    broken(() => vault.open(sealed, "unit:TEH"))
    broken(() => openVault(newSecret()).open(sealed, "unit:KOPI"))
  })
})

describe("a fingerprint", () => {
  test("is 32 bytes, and the same for the same text in the same context", () => {
    expect(vault.fingerprint("a", "b")).toHaveLength(32)
    expect(vault.fingerprint("a", "b")).toEqual(openVault(secret).fingerprint("a", "b"))
  })
  test("differs for another text, context, secret, or another cut between the two", () => {
    const others = [
      vault.fingerprint("a2", "b"),
      vault.fingerprint("a", "b2"),
      vault.fingerprint("ba", ""),
      vault.fingerprint("", "ba"),
      openVault(newSecret()).fingerprint("a", "b"),
    ]
    const different = new Set(
      [vault.fingerprint("a", "b"), ...others].map((bytes) => Buffer.from(bytes).toString("hex")),
    )
    expect(different.size).toBe(6)
  })
})

test("a secret of another form is refused", () => {
  for (const wrong of ["", "00", "g".repeat(64), `${secret}00`])
    expect(() => openVault(wrong)).toThrow(RangeError)
})
