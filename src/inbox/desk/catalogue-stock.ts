import type { CatalogueAsked } from "../../conversation/desk/catalogue-asked.ts"
import { askForUnits, splitLines } from "../../conversation/desk/stock-step.ts"
import { readDocument } from "../../database/inbox.ts"
import { addPastedUnits, showStock } from "../../shop/add-pasted-units.ts"
import type { WorkedReply } from "../../shop/answer-within.ts"
import { countGoods } from "../../shop/count-goods.ts"
import { previewRemoval, removeLastUnits } from "../../shop/remove-units.ts"
import type { Desk, Prepared, Preview } from "./desk-room.ts"

type AddUnits = Extract<CatalogueAsked, { kind: "add_units" }>

/** The units of a file that came with the message, as if its lines had been pasted. */
export async function readUnitsFile(
  { shop, message, say }: Pick<Desk, "shop" | "message" | "say">,
  asked: AddUnits,
): Promise<Prepared<CatalogueAsked>> {
  const document = await readDocument(shop.database, message.inboxId)
  if (!document) return { kind: "ready", asked }
  const conversation = askForUnits(asked.code)
  const refuse = (problem: Parameters<typeof say.documentNotRead>[0]["problem"]) =>
    ({ kind: "refuse", text: say.documentNotRead({ problem }), conversation }) as const
  if (asked.lines.length > 0) return refuse("beside_lines")
  const fetched = await shop.fetchDocument(message.channel, document)
  if (fetched.kind !== "text") return refuse(fetched.kind)
  return { kind: "ready", asked: { ...asked, lines: splitLines(fetched.text) } }
}

/** Adds the lines to a product's units; without any it asks for them, or shows what there is. */
export async function addOrAskUnits(desk: Desk, { code, lines }: AddUnits): Promise<WorkedReply> {
  const { shop, statements, actor, request, say } = desk
  if (lines.length === 0) {
    const shown = await showStock(statements, code)
    if (shown.kind !== "stock") return { text: say.unitsPasted(shown) }
    const isAsking = shown.product.kind === "digital"
    return { text: say.stockOf(shown), conversation: isAsking ? askForUnits(code) : null }
  }
  const given = { code, lines, batch: `chat:${request}`, actor }
  const outcome = await addPastedUnits(statements, shop.vault, given)
  const text = say.unitsPasted(outcome)
  return outcome.kind === "added" ? { text, afterwards: () => shop.gate.forgetStock(code) } : { text }
}

export async function countPhysical(
  desk: Desk,
  { code, count }: Extract<CatalogueAsked, { kind: "count_stock" }>,
): Promise<WorkedReply> {
  const { shop, statements, actor, say } = desk
  const outcome = await countGoods(statements, { code, count, actor })
  const text = say.goodsCounted(outcome)
  return outcome.kind === "counted" ? { text, afterwards: () => shop.gate.forgetStock(code) } : { text }
}

/** `.stok KAOS-L 5` could be 5 more, or 5 in all. */
export async function explainCount(
  { statements, say }: Desk,
  { code, amount }: Extract<CatalogueAsked, { kind: "unclear_count" }>,
): Promise<string> {
  const shown = await showStock(statements, code)
  if (shown.kind === "stock" && shown.product.kind === "physical") return say.countUnclear({ code, amount })
  if (shown.kind !== "stock") return say.unitsPasted(shown)
  return say.catalogueProblem({ room: "catalogue", command: "stock", kind: "units_beside_code" })
}

export async function previewRemoving({ statements, say }: Desk, code: string): Promise<Preview> {
  const meant = await previewRemoval(statements, code)
  if (meant.kind !== "removable") return { kind: "refuse", text: say.unitsRemoved(meant) }
  return { kind: "ask", text: say.unitsToRemove(meant) }
}

export async function removeUnits(desk: Desk, code: string): Promise<WorkedReply> {
  const { shop, statements, actor, say } = desk
  const outcome = await removeLastUnits(statements, { code, actor })
  const text = say.unitsRemoved(outcome)
  return outcome.kind === "removed" ? { text, afterwards: () => shop.gate.forgetStock(code) } : { text }
}

/** Nobody is shown what these products were before. */
export async function forgetProducts({ shop }: Desk, codes: readonly string[]): Promise<void> {
  const { gate } = shop
  await gate.cache.forget({ kind: "products" }, ...codes.map((code) => ({ kind: "product", code }) as const))
  await Promise.all(codes.map((code) => gate.forgetStock(code)))
}
