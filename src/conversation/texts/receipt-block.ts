import { formatRupiah, type Rupiah, rupiah } from "../../shop/money.ts"
import { oneLine } from "./wording.ts"

/** Characters that a phone shows in one monospace line. */
const width = 28

type Labels = Readonly<Record<"discount" | "total" | "returned" | "returning", string>>

/** The figures of a paid order under each other, in a block of monospace. */
export function receiptBlock(order: {
  heading: readonly string[]
  lines: ReadonlyArray<Readonly<{ name: string; quantity: number; amount: Rupiah }>>
  discount?: Rupiah | undefined
  total: Rupiah
  returned: Rupiah
  returning: Rupiah
  words: Labels
  footing: ReadonlyArray<readonly [label: string, value: string]>
}): string {
  const { words, discount = rupiah(0), returned, returning } = order
  const money = (label: string, amount: Rupiah) => between(label, formatRupiah(amount))
  const rule = "-".repeat(width)
  const text = [
    ...order.heading,
    rule,
    ...order.lines.flatMap(({ name, quantity, amount }) => [
      oneLine(name),
      between(`  ${quantity} ×`, formatRupiah(amount)),
    ]),
    rule,
    ...(discount > 0 ? [money(words.discount, rupiah(-discount))] : []),
    money(words.total, order.total),
    ...(returned > 0 ? [money(words.returned, rupiah(-returned))] : []),
    ...(returning > 0 ? [money(words.returning, rupiah(-returning))] : []),
    rule,
    ...order.footing.map(([label, value]) => between(label, value)),
  ]
  return `\`\`\`\n${text.join("\n")}\n\`\`\``
}

function between(label: string, value: string): string {
  const gap = width - [...label].length - [...value].length
  return gap > 0 ? `${label}${" ".repeat(gap)}${value}` : `${label} ${value}`
}
