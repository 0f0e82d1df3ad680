/** A customer's number as the shop stores it, or what is wrong with it. */
export type PhoneNumber = Readonly<{ number: string }> | Readonly<{ problem: string }>

/**
 * Reads a number as people write it: `0812…` is Indonesian and becomes `62812…`; `62812…` and, with a plus, the
 * number of any country are taken as they are. Spaces, hyphens, dots and brackets are left out. `812…` could
 * be an Indonesian number whose 0 a spreadsheet dropped, or one of Japan or Vietnam, so it is refused.
 */
export function readPhoneNumber(text: string): PhoneNumber {
  const written = text.trim().replace(/[\s().-]/g, "")
  if (/^[0-9][.,]?[0-9]*E\+?[0-9]+$/i.test(text.trim())) {
    return { problem: "was shortened by a spreadsheet: make its column text, then export again" }
  }
  if (/^8/.test(written)) {
    return { problem: "lacks its beginning: write 08… or 628… (or + and another country's code)" }
  }
  const number = written.replace(/^\+/, "").replace(/^0/, "62")
  if (/^[1-9][0-9]{6,14}$/.test(number) && !/^\+0/.test(written)) return { number }
  return { problem: "must be a phone number such as 6281234567890, +6281234567890 or 081234567890" }
}
