import type {
  CatalogueAsked,
  CatalogueProblem,
  ProductChange,
} from "../../conversation/desk/catalogue-asked.ts"
import { findDeskProduct } from "../../database/desk-products.ts"
import { listStockLevels } from "../../database/desk-stock.ts"
import type { WorkedReply } from "../../shop/answer-within.ts"
import { changeGoods } from "../../shop/change-goods.ts"
import { addProduct, changeProduct, previewHiding, setProductHidden } from "../../shop/manage-product.ts"
import { isGreatChange, previewPrice, removePrice, setPrice, showPrices } from "../../shop/set-price.ts"
import {
  addOrAskUnits,
  countPhysical,
  explainCount,
  forgetProducts,
  previewRemoving,
  readUnitsFile,
  removeUnits,
} from "./catalogue-stock.ts"
import type { Desk, DeskRoom, Preview } from "./desk-room.ts"

type Asked<Kind extends CatalogueAsked["kind"]> = Extract<CatalogueAsked, { kind: Kind }>

/** What is read well on a phone. */
const stockPageSize = 15

/** Products, their prices and their stock. */
export const catalogueDesk: DeskRoom<CatalogueAsked, CatalogueProblem> = {
  explain: (_command, problem, say) => say.catalogueProblem(problem),
  prepare: async (given, asked) =>
    asked.kind === "add_units" ? await readUnitsFile(given, asked) : { kind: "ready", asked },
  preview: async (desk, asked) => {
    if (asked.kind === "set_price") return await previewSetting(desk, asked)
    if (asked.kind === "remove_units") return await previewRemoving(desk, asked.code)
    return asked.kind === "hide_product" ? await previewHidden(desk, asked.code) : { kind: "go" }
  },
  act: async (desk, asked) => {
    switch (asked.kind) {
      case "add_product":
        return await addNew(desk, asked)
      case "change_product":
        return await change(desk, asked)
      case "show_prices":
        return { text: desk.say.productPrices(await showPrices(desk.statements, asked.code)) }
      case "set_price":
        return await setTo(desk, asked)
      case "remove_price":
        return await remove(desk, asked)
      case "hide_product":
      case "unhide_product":
        return await setVisibility(desk, asked)
      case "list_stock":
        return await listStock(desk, asked)
      case "add_units":
        return await addOrAskUnits(desk, asked)
      case "count_stock":
        return await countPhysical(desk, asked)
      case "unclear_count":
        return { text: await explainCount(desk, asked) }
      case "remove_units":
        return await removeUnits(desk, asked.code)
      case "change_goods":
        return await changeKind(desk, asked)
    }
  },
}

async function addNew(desk: Desk, { product }: Asked<"add_product">): Promise<WorkedReply> {
  const { statements, actor, say } = desk
  const outcome = await addProduct(statements, { product, actor })
  const text = say.productAdded(outcome)
  if (outcome.kind !== "added") return { text }
  return { text, afterwards: () => forgetProducts(desk, [product.code, ...outcome.retired]) }
}

async function changeKind(desk: Desk, { code, goods }: Asked<"change_goods">): Promise<WorkedReply> {
  const { statements, actor, say } = desk
  const outcome = await changeGoods(statements, { code, goods, actor })
  const text = say.goodsChanged(outcome)
  return outcome.kind === "changed" ? { text, afterwards: () => forgetProducts(desk, [code]) } : { text }
}

async function change(desk: Desk, { code, change }: Asked<"change_product">): Promise<WorkedReply> {
  const { statements, actor, say } = desk
  const outcome = await changeProduct(statements, { code, patch: patchOf(change), actor })
  const text = say.productChanged(outcome, change)
  return outcome.kind === "changed" ? { text, afterwards: () => forgetProducts(desk, [code]) } : { text }
}

function patchOf({ field, value }: ProductChange): Readonly<Record<string, string | number>> {
  return { [field]: value }
}

/** A price far from the one before may be a slip, and one that ends others has to be told before. */
async function previewSetting({ statements, say }: Desk, asked: Asked<"set_price">): Promise<Preview> {
  const { code, tier, price } = asked
  const meant = await previewPrice(statements, { code, place: tier, price })
  if (meant.kind !== "set") return { kind: "refuse", text: say.productPrices(meant) }
  if (!isGreatChange(meant) && meant.dropped.length === 0) return { kind: "go" }
  return { kind: "ask", text: say.priceToConfirm(meant) }
}

async function setTo(desk: Desk, { code, tier, price }: Asked<"set_price">): Promise<WorkedReply> {
  const { statements, actor, say } = desk
  const outcome = await setPrice(statements, { code, place: tier, price, actor })
  const text = say.productPrices(outcome)
  return outcome.kind === "set" ? { text, afterwards: () => forgetProducts(desk, [code]) } : { text }
}

async function remove(desk: Desk, { code, tier }: Asked<"remove_price">): Promise<WorkedReply> {
  const { statements, actor, say } = desk
  const outcome = await removePrice(statements, { code, place: tier, actor })
  const text = say.productPrices(outcome)
  return outcome.kind === "removed" ? { text, afterwards: () => forgetProducts(desk, [code]) } : { text }
}

async function previewHidden({ statements, say }: Desk, code: string): Promise<Preview> {
  const meant = await previewHiding(statements, code)
  if (meant.kind !== "hideable") return { kind: "refuse", text: say.productVisibility(meant) }
  return { kind: "ask", text: say.hidingToConfirm(meant) }
}

async function setVisibility(
  desk: Desk,
  { kind, code }: Asked<"hide_product" | "unhide_product">,
): Promise<WorkedReply> {
  const { statements, actor, say } = desk
  const isHidden = kind === "hide_product"
  const outcome = await setProductHidden(statements, { code, isHidden, actor })
  const text = say.productVisibility(outcome)
  const isDone = outcome.kind === "hidden" || outcome.kind === "unhidden"
  return isDone ? { text, afterwards: () => forgetProducts(desk, [code]) } : { text }
}

/** `code`: a number or a word that means a page, unless a product is called so. */
async function listStock(desk: Desk, { page, code }: Asked<"list_stock">): Promise<WorkedReply> {
  const { statements, say } = desk
  if (code !== undefined && (await findDeskProduct(statements, code))) {
    return await addOrAskUnits(desk, { room: "catalogue", kind: "add_units", code, lines: [] })
  }
  const found = await listStockLevels(statements, { page, pageSize: stockPageSize })
  return { text: found.levels.length === 0 ? say.firstProduct() : say.stockList(found) }
}
