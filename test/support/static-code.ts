/** A static QRIS code as a bank prints it, with fields of its own if wanted; none of it is anybody's. */
export function staticCode(changes: Readonly<Record<string, string | undefined>> = {}): string {
  const fields: Record<string, string | undefined> = {
    "00": "01",
    "01": "11",
    "26": field("00", "ID.CO.EXAMPLE.WWW") + field("01", "936000000000000001") + field("02", "TEST0001"),
    "51": field("00", "ID.CO.QRIS.WWW") + field("02", "ID0000000000001") + field("03", "UMI"),
    "52": "5499",
    "53": "360",
    "58": "ID",
    "59": "LAPAK UJI COBA",
    "60": "JAKARTA",
    "61": "10110",
    ...changes,
  }
  const body = Object.entries(fields)
    .toSorted(([one], [other]) => Number(one) - Number(other))
    .map(([tag, value]) => (value === undefined ? "" : field(tag, value)))
    .join("")
  return withChecksum(body)
}

export function field(tag: string, value: string): string {
  return `${tag}${String([...value].length).padStart(2, "0")}${value}`
}

/** Ends a code with its checksum: CRC-16/CCITT-FALSE by polynomial division, bit by bit. */
export function withChecksum(fields: string): string {
  const body = `${fields}6304`
  const bits = [...new TextEncoder().encode(body)].flatMap((byte) =>
    [7, 6, 5, 4, 3, 2, 1, 0].map((place) => (byte >> place) & 1),
  )
  let rest = 0xffff
  for (const bit of bits) {
    const carry = (rest >> 15) ^ bit
    rest = (rest << 1) & 0xffff
    if (carry === 1) rest ^= 0x1021
  }
  return `${body}${rest.toString(16).toUpperCase().padStart(4, "0")}`
}

/** The fields of a code, nested ones left as they are. */
export function fieldsOf(code: string): ReadonlyMap<string, string> {
  const characters = [...code]
  const fields = new Map<string, string>()
  for (let place = 0; place < characters.length; ) {
    const tag = characters.slice(place, place + 2).join("")
    const length = Number(characters.slice(place + 2, place + 4).join(""))
    fields.set(tag, characters.slice(place + 4, place + 4 + length).join(""))
    place += 4 + length
  }
  return fields
}
