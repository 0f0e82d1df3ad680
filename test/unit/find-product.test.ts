import { describe, expect, test } from "bun:test"
import { asciiDigits } from "../../src/conversation/digits.ts"
import { findExactly, findProduct } from "../../src/conversation/find-product.ts"

const products = [
  { code: "FILM-1", name: "Akun Film 1 bulan", category: "Akun" },
  { code: "FILM-12", name: "Akun Film 12 bulan", category: "Akun" },
  { code: "KAOS-L", name: "Kaos Lapak ukuran L", category: "Kaos" },
  { code: "KOPI-1", name: "Voucher Kopi Susu", category: "Voucher" },
  { code: "KOPI-5", name: "Voucher Kopi Susu isi 5", category: "Voucher" },
  { code: "CRÈME", name: "Crème brûlée", category: "" },
]

const found = (text: string) => {
  const result = findProduct(text, products)
  if (result.kind === "none") return []
  return result.kind === "one" ? [result.product.code] : result.products.map(({ code }) => code)
}

describe("a product is found by what people call it", () => {
  const cases: Record<string, readonly string[]> = {
    "KOPI-1": ["KOPI-1"],
    "kopi-1": ["KOPI-1"],
    kopi1: ["KOPI-1"],
    "kopi 1": ["KOPI-1"],
    "voucher kopi susu": ["KOPI-1"],
    "VOUCHER  KOPI SUSU!!": ["KOPI-1"],
    "isi 5": ["KOPI-5"],
    kopi: ["KOPI-1", "KOPI-5"],
    "kopi susu": ["KOPI-1", "KOPI-5"],
    kopisusu: ["KOPI-1", "KOPI-5"],
    "film 12": ["FILM-12"],
    "film １２": ["FILM-12"],
    film: ["FILM-1", "FILM-12"],
    kaos: ["KAOS-L"],
    lapak: ["KAOS-L"],
    "creme brulee": ["CRÈME"],
    voucher: ["KOPI-1", "KOPI-5"],
  }
  for (const [text, codes] of Object.entries(cases)) test(text, () => expect(found(text)).toEqual([...codes]))
})

describe("slips of the fingers are forgiven, save in what tells one product from another", () => {
  const cases: Record<string, readonly string[]> = {
    kpoi: ["KOPI-1", "KOPI-5"],
    kopii: ["KOPI-1", "KOPI-5"],
    "vocher kopi susuu": ["KOPI-1", "KOPI-5"],
    kaso: ["KAOS-L"],
    flm: [],
    "kopi-7": [],
    film13: [],
    teh: [],
    "": [],
    "😀": [],
    "?!": [],
  }
  for (const [text, codes] of Object.entries(cases))
    test(JSON.stringify(text), () => expect(found(text)).toEqual([...codes]))
})

test("at most nine are in the list, and it is said when more fit", () => {
  const many = Array.from({ length: 12 }, (_, place) => {
    return { code: `TEH-${place}`, name: `Teh nomor ${place}`, category: "" }
  })
  const result = findProduct("teh", many)
  if (result.kind !== "several") throw new Error("several fit")
  expect(result.products.map(({ code }) => code)).toEqual(many.slice(0, 9).map(({ code }) => code))
  expect(result.isCut).toBe(true)
  const few = findProduct("teh", many.slice(0, 9))
  expect(few).toMatchObject({ kind: "several", isCut: false })
})

test("only a whole code or a whole name is exact", () => {
  expect(findExactly("kopi-1", products).map(({ code }) => code)).toEqual(["KOPI-1"])
  expect(findExactly("Kaos Lapak ukuran L", products).map(({ code }) => code)).toEqual(["KAOS-L"])
  expect(findExactly("kaos", products)).toEqual([])
  expect(findExactly("", products)).toEqual([])
})

test("digits of every script are read by their value", () => {
  expect(asciiDigits("٣ ３ ३ ৩ ๓ ೩ 𝟑 ③ 3")).toBe("3 3 3 3 3 3 3 3 3")
  expect(asciiDigits("٠١٢٣٤٥٦٧٨٩ 𝟘𝟡 𝟎𝟗")).toBe("0123456789 09 09")
  expect(asciiDigits("dua")).toBe("dua")
})
