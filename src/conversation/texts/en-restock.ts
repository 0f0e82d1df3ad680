import { formatRupiah } from "../../shop/money.ts"
import type { RestockTexts } from "./restock-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export function restock({ command }: Wording): RestockTexts {
  return {
    restockNoted: ({ code, name, before }) =>
      join(
        before
          ? `${oneLine(name)} (${code}) is on your waiting list already 👍`
          : `All right 👍 You will hear from us as soon as ${oneLine(name)} (${code}) is back.`,
        `Your waiting list: ${command("restock")}`,
        `Changed your mind? ${command("restock")} ${code} cancel`,
      ),
    restockInStock: ({ code, name, left }) =>
      join(
        `${oneLine(name)} is in stock, ${left} left, so there is no need to wait 😊`,
        `Buy: ${command("buy")} ${code}`,
      ),
    restockTooMany: ({ max }) =>
      join(
        `Your waiting list is full: ${max} products at most.`,
        `Please take one off first: ${command("restock")} shows the list.`,
      ),
    restockList: ({ products }) =>
      products.length === 0
        ? join(
            "You are not waiting for any product.",
            `Want to hear when one that is sold out is back? ${command("restock")} CODE`,
          )
        : join(
            "*You will hear from us when these are back:*",
            ...products.map(({ code, name }) => `*${code}* ${oneLine(name)}`),
            "",
            `Changed your mind? ${command("restock")} ${products[0]?.code ?? "CODE"} cancel`,
          ),
    restockEnded: ({ code }) =>
      `All right, you are no longer waiting for ${code}. Wait again? ${command("restock")} ${code}`,
    restockNotAwaited: ({ code }) =>
      join(`${code} is not on your waiting list.`, `See the list: ${command("restock")}`),
    backInStock: ({ code, name, price }) =>
      join(
        `*${oneLine(name)}* is back 🎉 Price ${formatRupiah(price)}.`,
        "There are only so many: first come, first served.",
        `Buy: ${command("buy")} ${code}`,
      ),
  }
}
