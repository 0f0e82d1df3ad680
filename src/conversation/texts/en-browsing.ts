import { formatRupiah } from "../../shop/money.ts"
import type { PriceStep } from "../../shop/prices.ts"
import { topUp } from "./en-paying.ts"
import type { BrowsingTexts, CataloguePage, Movement, ProductDetail, ProductFigures } from "./texts.ts"
import { categoryNames, cut, join, oneLine, type Wording } from "./wording.ts"

const movementNames: ReadonlyMap<string, string> = new Map([
  ["deposit", "top-up"],
  ["sale", "purchase"],
  ["surplus", "paid beyond the price"],
  ["underpaid", "too little was paid"],
  ["paid_twice", "paid twice"],
  ["late_payment", "late payment"],
  ["refund", "refund"],
  ["warranty", "warranty"],
  ["sent_back", "sent back the way it was paid"],
  ["reversal", "taken back by the bank"],
  ["found_payment", "looked at by the seller"],
  ["adjustment", "adjustment"],
  ["opening", "opening balance"],
  ["union", "balances joined"],
])

/** What is in no category. */
const others = "Other"

export function browsing(wording: Wording): BrowsingTexts {
  const { command, time, offersQris } = wording
  return {
    menu: ({ shopName, customerName }) =>
      join(
        `Hello${` ${oneLine(customerName ?? "", 40)}`.trimEnd()}! Welcome to *${oneLine(shopName)}* 👋`,
        "",
        "1. Order now",
        "2. See the products",
        "3. Check my balance",
        offersQris ? "4. Top up my balance" : `4. ${topUp(wording)}`,
        "5. Order status",
        "6. Past orders",
        "7. Help",
        "",
        `Answer with a number, or buy right away: ${command("buy")} CODE`,
        `Bahasa Indonesia: ${command("language")} id`,
      ),
    help: () =>
      join(
        "*How to shop*",
        "Answer order: step by step, without any command",
        `${command("catalogue")}: products and prices`,
        `${command("categories")}: the categories there are`,
        `${command("detail")} CODE: more about one product`,
        ...(offersQris
          ? [
              `${command("buy")} CODE 2: buys 2. Paid from your balance when it is enough, by QRIS when not`,
              `${command("buy")} CODE 2 saldo, or ${command("buy")} CODE 2 qris: choose how to pay`,
            ]
          : [`${command("buy")} CODE 2: buys 2, paid from your balance`]),
        `${command("balance")}: balance and last movements`,
        offersQris ? `${command("deposit")} 50000: top up by QRIS` : topUp(wording),
        `${command("address")} ORDER: where an order goes that was not sent yet`,
        `${command("status")}: your last order`,
        `${command("history")}: past orders`,
        `${command("resend")} ORDER: get goods you bought once more`,
        `${command("warranty")} ORDER: claim the warranty of something that does not work`,
        `${command("receipt")} ORDER: the receipt of a paid order`,
        `${command("received")} ORDER: tell us that your parcel arrived`,
        `${command("cancel")}: cancel an unpaid order`,
        `${command("voucher")} CODE: a discount for your next purchase`,
        `${command("restock")} CODE: hear from us when a product that is sold out is back`,
        `${command("person")}: talk with the seller`,
        `${command("language")} id: Bahasa Indonesia`,
        "",
        `Not sure where to start? Send ${command("menu")}`,
      ),
    catalogue: (page) =>
      join(
        `*${oneLine(`Products ${page.category ?? ""}`)}* (page ${page.page} of ${page.pages})`,
        "",
        productLines(page),
        "",
        `Buy: ${command("buy")} CODE`,
        `More about one: ${command("detail")} CODE`,
        page.page < page.pages && `Next page: ${command("catalogue")} ${nextPage(page)}`,
        page.categories.length > 1 &&
          `By category: ${command("catalogue")} CATEGORY (${categoryNames(page.categories)})`,
      ),
    categoryList: ({ categories: counted }) =>
      counted.length === 0
        ? `There are no categories yet. See all products: ${command("catalogue")}`
        : join("*Categories*", categoryLines(counted), "", `See one: ${command("catalogue")} CATEGORY`),
    catalogueEmpty: ({ category, categories: all }) => {
      if (all.length === 0)
        return `There are no products yet. Please look again later: ${command("catalogue")}`
      const nothing = category ? "There is nothing in that category." : "There is nothing on that page."
      return join(nothing, `Categories: ${categoryNames(all)}`, `See everything: ${command("catalogue")}`)
    },
    detail: (product) =>
      join(
        `*${oneLine(product.name)}* (${product.code})`,
        `Price: ${formatRupiah(product.price)}`,
        stepsLine(product.steps),
        `Stock: ${stockLeft(product)}`,
        product.category !== "" && `Category: ${oneLine(product.category)}`,
        howDelivered(product.kind),
        product.warrantyDays
          ? `Warranty: ${product.warrantyDays} ${product.warrantyDays === 1 ? "day" : "days"}`
          : undefined,
        product.description.trim() !== "" && `\n${product.description.trim()}`,
        "",
        product.left > 0
          ? `Buy: ${command("buy")} ${product.code}`
          : join(
              `Want to hear when it is back? ${command("restock")} ${product.code}`,
              `See other products: ${command("catalogue")}`,
            ),
      ),
    productNotFound: ({ code, suggestions }) =>
      join(
        `There is no product with the code ${code}.`,
        suggestions.length > 0 && `Did you mean: ${suggestions.join(", ")}`,
        `See all products: ${command("catalogue")}`,
      ),
    balance: ({ balance, movements }) =>
      join(
        `Balance: *${formatRupiah(balance)}*`,
        movements.length > 0 && `\n${movementLines(movements, time)}`,
        "",
        topUp(wording),
      ),
    youAreWelcome: () => join("You're welcome 🙏", `Would you like anything else? Reply ${command("menu")}`),
    languageChanged: () => `Done, we go on in English. Send ${command("menu")} to start.`,
    languageChoice: () =>
      join(
        "Choose a language / pilih bahasa:",
        `${command("language")} id: Bahasa Indonesia`,
        `${command("language")} en: English`,
      ),
  }
}

export function productLines(page: CataloguePage): string {
  return page.products
    .map((product, place) =>
      join(
        categoryHeading(page, place),
        `*${product.code}* ${oneLine(product.name)}`,
        `${formatRupiah(product.price)}, ${stockLeft(product)}`,
        stepsLine(product.steps),
      ),
    )
    .join("\n")
}

export function categoryLines(counted: readonly Readonly<{ name: string; count: number }>[]): string {
  const lines = counted.map(
    ({ name, count }) => `${oneLine(name || others, 60)}: ${count} ${count === 1 ? "product" : "products"}`,
  )
  return cut(lines).join("\n")
}

/** The lower prices for more of a product, if there are any. */
export function stepsLine(steps: readonly PriceStep[] = []): string | undefined {
  const told = steps.map(({ minQuantity, price }) => `from ${minQuantity}: ${formatRupiah(price)} each`)
  return told.length === 0 ? undefined : `Cheaper ${told.join(", ")}`
}

/** What is left, what was sold, and whether it is new. */
export function stockLeft(product: ProductFigures & Readonly<{ left: number }>): string {
  const { left } = product
  return `${left > 0 ? `${left} left` : "sold out"}${figures(product)}`
}

export function howDelivered(kind: ProductDetail["kind"]): string {
  return kind === "digital"
    ? "Delivered in this chat as soon as it is paid."
    : "A physical item, sent to your address."
}

export function movementLines(movements: readonly Movement[], time: Wording["time"]): string {
  return join(
    "Last movements:",
    ...movements.map((movement) => `${time(movement.at)}: ${movementLine(movement)}`),
  )
}

function movementLine({ amount, kind, reason }: Movement): string {
  const sign = amount > 0 ? "+" : ""
  const name = movementNames.get(kind) ?? "movement"
  return `${sign}${formatRupiah(amount)} ${name}${reason ? ` (${oneLine(reason)})` : ""}`
}

/** Stands above the first product of each category, where more than one is shown. */
function categoryHeading(
  { products, category, categories }: CataloguePage,
  place: number,
): string | undefined {
  const nameOf = (product: CataloguePage["products"][number] | undefined) => product?.category ?? ""
  const name = nameOf(products[place])
  if (category !== undefined || categories.length === 0) return undefined
  if (place > 0 && nameOf(products[place - 1]) === name) return undefined
  return `${place > 0 ? "\n" : ""}— ${oneLine(name || others, 60)} —`
}

function figures({ sold = 0, isNew = false }: ProductFigures): string {
  return `${sold > 0 ? `, ${sold} sold` : ""}${isNew ? ", new" : ""}`
}

function nextPage({ category, page }: CataloguePage): string {
  return category ? `${oneLine(category)} ${page + 1}` : String(page + 1)
}
