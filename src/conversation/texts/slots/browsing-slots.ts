import { formatRupiah, rupiah } from "../../../shop/money.ts"
import type { BrowsingTexts, CataloguePage, ProductDetail } from "../texts.ts"
import { categoryNames, oneLine } from "../wording.ts"
import { example } from "./samples.ts"
import { block, fixed, line, needed, once, type SlotTable, slot, type TextSlots } from "./slot.ts"

const twoCategories = ["Minuman", "Voucher"]

const detail: TextSlots<ProductDetail>["slots"] = {
  product: needed(({ name }) => oneLine(name)),
  code: needed(({ code }) => code),
  price: needed(({ price }) => formatRupiah(price)),
  cheaper: block(({ steps }, words) => words.cheaper(steps)),
  stock: slot((product, words) => words.stockLeft(product)),
  category: line(({ category }) => oneLine(category)),
  delivery: slot(({ kind }, words) => words.howDelivered(kind)),
  warranty: line(({ warrantyDays }, words) => (warrantyDays ? words.days(warrantyDays) : "")),
  description: block(({ description }) => description.trim()),
}

const detailed: ProductDetail = {
  code: example.productCode,
  name: example.productName,
  price: rupiah(48_000),
  left: 37,
  sold: 12,
  steps: [{ minQuantity: 10, price: rupiah(44_000) }],
  description: "Biji pilihan dari dataran tinggi.",
  kind: "digital",
  category: "Minuman",
  warrantyDays: 14,
}

export const browsingSlots: SlotTable<BrowsingTexts> = {
  menu: {
    sample: { shopName: "Lapak", customerName: example.customerName },
    slots: {
      shop: slot(({ shopName }) => oneLine(shopName)),
      customer: slot(({ customerName }) => oneLine(customerName ?? "", 40)),
    },
  },
  help: fixed,
  catalogue: {
    sample: {
      products: [
        { code: example.productCode, name: example.productName, price: rupiah(48_000), left: 37, sold: 12 },
        { code: "FILM-1", name: "Voucher film", price: rupiah(35_000), left: 0 },
      ],
      page: 13,
      pages: 29,
      category: "Kuliner",
      categories: twoCategories,
    },
    slots: {
      category: slot(({ category }) => oneLine(category ?? "")),
      page: slot(({ page }) => String(page)),
      pages: slot(({ pages }) => String(pages)),
      products: once((page, words) => words.products(page)),
      next: line((page, { command }) =>
        page.page < page.pages ? `${command("catalogue")} ${nextPage(page)}` : "",
      ),
      categories: block(({ categories }) => (categories.length > 1 ? categoryNames(categories) : "")),
    },
  },
  categoryList: {
    pick: ({ categories }) => (categories.length === 0 ? "none" : "some"),
    forms: {
      none: { sample: { categories: [] }, slots: {} },
      some: {
        sample: { categories: [{ name: "Minuman", count: 13 }] },
        slots: { categories: once(({ categories }, words) => words.categories(categories)) },
      },
    },
  },
  catalogueEmpty: {
    pick: ({ category, categories }) => {
      if (categories.length === 0) return "no_products"
      return category ? "no_category" : "no_page"
    },
    forms: {
      no_products: { sample: { categories: [] }, slots: {} },
      no_category: {
        sample: { category: "Kuliner", categories: twoCategories },
        slots: { categories: block(({ categories }) => categoryNames(categories)) },
      },
      no_page: {
        sample: { categories: twoCategories },
        slots: { categories: block(({ categories }) => categoryNames(categories)) },
      },
    },
  },
  detail: {
    pick: ({ left }) => (left > 0 ? "in_stock" : "sold_out"),
    forms: {
      in_stock: { sample: detailed, slots: detail },
      sold_out: { sample: { ...detailed, left: 0 }, slots: detail },
    },
  },
  productNotFound: {
    sample: { code: example.productCode, suggestions: ["KOPI-2", "TEH-1"] },
    slots: {
      code: slot(({ code }) => code),
      suggestions: line(({ suggestions }) => suggestions.join(", ")),
    },
  },
  balance: {
    sample: {
      balance: example.balance,
      movements: [{ at: example.at, amount: example.amount, kind: "deposit" }],
    },
    slots: {
      balance: needed(({ balance }) => formatRupiah(balance)),
      movements: block(({ movements }, words) => words.movements(movements)),
    },
  },
  youAreWelcome: fixed,
  languageChanged: fixed,
  languageChoice: fixed,
}

function nextPage({ category, page }: CataloguePage): string {
  return category ? `${oneLine(category)} ${page + 1}` : String(page + 1)
}
