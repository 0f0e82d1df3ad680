import { formatRupiah, rupiah } from "../../shop/money.ts"

const linesMax = 12
const valueMax = 120

/**
 * What is known of a review besides, a line each: amounts of money under the labels given, everything else
 * under the name it was noted by.
 */
export function describeEvidence(
  evidence: Readonly<Record<string, unknown>>,
  amounts: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(evidence)
    .flatMap(([name, value]) => {
      if (!["string", "number", "boolean"].includes(typeof value)) return []
      const label = Object.hasOwn(amounts, name) ? amounts[name] : undefined
      if (label !== undefined && Number.isSafeInteger(value))
        return [`${label}: ${formatRupiah(rupiah(Number(value)))}`]
      return [`${name}: ${shown(String(value))}`]
    })
    .slice(0, linesMax)
}

/** To be copied, so nothing but line breaks and the like is taken out of it. */
function shown(value: string): string {
  const line = [...value.replace(/[\p{Cc}\p{Z}]+/gu, " ")]
  return line.length > valueMax ? `${line.slice(0, valueMax - 1).join("")}…` : line.join("")
}
