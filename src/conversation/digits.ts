/**
 * Digits of any script as 0 to 9: `٣`, `３` and `३` are 3. Each script has its ten side by side, so a digit's
 * value is its place among those before it.
 */
export function asciiDigits(text: string): string {
  return text.normalize("NFKC").replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    let before = 0
    while (before < 9 && isDigit(code - before - 1)) before += 1
    return String(before)
  })
}

function isDigit(code: number): boolean {
  return code >= 0 && /^\p{Nd}$/u.test(String.fromCodePoint(code))
}
