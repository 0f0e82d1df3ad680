/** One data object of an EMVCo merchant code; templates keep what is nested in them as it stands. */
type Field = Readonly<{ tag: string; value: string }>

/** A shop's own static QRIS code, checked: it can be asked for any amount of rupiah. */
export type StaticCode = Readonly<{ fields: readonly Field[] }>

export type StaticCodeReading =
  | Readonly<{ kind: "read"; code: StaticCode }>
  | Readonly<{ kind: "refused"; reason: string }>

const tags = {
  format: "00",
  initiation: "01",
  currency: "53",
  amount: "54",
  tips: ["55", "56", "57"],
  checksum: "63",
} as const
const rupiahCurrency = "360"
const once = { static: "11", dynamic: "12" } as const

/**
 * Reads the text inside a static QRIS code, as its QR shows it. Refuses, with a reason for the operator, what
 * has a wrong checksum, is no such code, or is one for a single payment or another currency.
 */
export function readStaticCode(text: string): StaticCodeReading {
  const refused = (reason: string) => ({ kind: "refused" as const, reason })
  const body = /^(.+6304)([0-9A-F]{4})$/su.exec(text)
  if (!body?.[1] || checksumOf(body[1]) !== body[2])
    return refused("is not the whole text of a QRIS code: its checksum is wrong")
  const fields = readFields(text)
  if (!fields || fields[0]?.tag !== tags.format || fields[0].value !== "01")
    return refused("is not a QRIS code, though its checksum is right")
  const contentOf = (tag: string) => fields.find((field) => field.tag === tag)?.value
  if ((contentOf(tags.initiation) ?? once.static) !== once.static)
    return refused("is a code for one payment; the static one, printed for the counter, is needed")
  if (contentOf(tags.currency) !== rupiahCurrency) return refused("is not a code for rupiah")
  return { kind: "read", code: { fields } }
}

/** The text of a code for one payment of exactly this many rupiah: the shop's code without a tip. */
export function writeDynamicCode({ fields }: StaticCode, amount: number): string {
  const replaced: readonly string[] = [tags.initiation, tags.amount, tags.checksum, ...tags.tips]
  const kept = fields.filter(({ tag }) => !replaced.includes(tag))
  const ordered = [
    ...kept,
    { tag: tags.initiation, value: once.dynamic },
    { tag: tags.amount, value: String(amount) },
  ].toSorted((one, other) => Number(one.tag) - Number(other.tag))
  const body = `${ordered.map(writeField).join("")}${tags.checksum}04`
  return `${body}${checksumOf(body)}`
}

/** Undefined unless the text is nothing but fields, each tag once and the checksum last. */
function readFields(text: string): Field[] | undefined {
  const characters = [...text]
  const fields: Field[] = []
  for (let place = 0; place < characters.length; ) {
    const head = characters.slice(place, place + 4).join("")
    if (!/^[0-9]{4}$/.test(head)) return undefined
    const tag = head.slice(0, 2)
    const end = place + 4 + Number(head.slice(2))
    const value = characters.slice(place + 4, end).join("")
    if (end === place + 4 || end > characters.length) return undefined
    if (fields.some((field) => field.tag === tag)) return undefined
    fields.push({ tag, value })
    place = end
  }
  return fields.at(-1)?.tag === tags.checksum ? fields : undefined
}

function writeField({ tag, value }: Field): string {
  return `${tag}${String([...value].length).padStart(2, "0")}${value}`
}

/** CRC-16/CCITT-FALSE of the text's bytes, as four hexadecimal digits. */
function checksumOf(text: string): string {
  let checksum = 0xffff
  for (const byte of new TextEncoder().encode(text)) {
    checksum ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1)
      checksum = ((checksum << 1) ^ (checksum & 0x8000 ? 0x1021 : 0)) & 0xffff
  }
  return checksum.toString(16).toUpperCase().padStart(4, "0")
}
