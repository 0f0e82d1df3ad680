import { findProduct, listProducts, type Product } from "../database/products.ts"
import type { Shop } from "./shop.ts"

export type ListedProduct = Product & Readonly<{ left: number }>

export type CatalogPage = Readonly<{
  products: readonly ListedProduct[]
  page: number
  pages: number
  category: string | undefined
  categories: readonly string[]
  /** Nothing at all is on sale. */
  isShopEmpty: boolean
}>

const pageSize = 10
const suggestionsMax = 3

/** A page of what is on sale, with what is left of each; a page beyond the last is the last. */
export async function browseCatalog(
  shop: Shop,
  wanted: { category?: string | undefined; page: number },
): Promise<CatalogPage> {
  const all = await listOnSale(shop)
  const categories = [...new Set(all.map(({ category }) => category).filter((category) => category !== ""))]
  const category = categories.find((known) => known.toLowerCase() === wanted.category?.toLowerCase())
  const chosen = wanted.category === undefined ? all : all.filter((product) => product.category === category)
  const fitting = wanted.category !== undefined && category === undefined ? [] : chosen
  const pages = Math.max(1, Math.ceil(fitting.length / pageSize))
  const page = Math.min(wanted.page, pages)
  const shown = fitting.slice((page - 1) * pageSize, page * pageSize)
  const left = await shop.gate.stockLeft(shown.map(({ code }) => code))
  return {
    products: shown.map((product) => ({ ...product, left: left.get(product.code) ?? 0 })),
    page,
    pages,
    category: category ?? wanted.category,
    categories,
    isShopEmpty: all.length === 0,
  }
}

/** The categories of what is on sale, each with how many products it has; what is in none comes last. */
export async function countCategories(
  shop: Shop,
): Promise<readonly Readonly<{ name: string; count: number }>[]> {
  const counts = new Map<string, number>()
  for (const { category } of await listOnSale(shop)) counts.set(category, (counts.get(category) ?? 0) + 1)
  const named = [...counts].filter(([name]) => name !== "").map(([name, count]) => ({ name, count }))
  const unnamed = counts.get("") ?? 0
  return named.length > 0 && unnamed > 0 ? [...named, { name: "", count: unnamed }] : named
}

/** One product with what is left of it; undefined when it is not on sale. */
export async function showProduct(shop: Shop, code: string): Promise<ListedProduct | undefined> {
  const product = await shop.gate.cache.remember({ kind: "product", code }, async () => {
    return (await findProduct(shop.database, code)) ?? undefined
  })
  if (!product) return undefined
  const left = await shop.gate.stockLeft([code])
  return { ...product, left: left.get(code) ?? 0 }
}

/** Codes that a mistyped one may have meant: those it begins, or that begin like it. */
export async function suggestCodes(shop: Shop, code: string): Promise<readonly string[]> {
  const stem = code.slice(0, 3)
  const all = await listOnSale(shop)
  return all
    .map((product) => product.code)
    .filter((known) => known.startsWith(stem) || known.includes(code))
    .slice(0, suggestionsMax)
}

/** Every product on sale, in the order of the catalogue. */
export function listOnSale(shop: Shop): Promise<readonly Product[]> {
  return shop.gate.cache.remember({ kind: "products" }, () => listProducts(shop.database))
}
