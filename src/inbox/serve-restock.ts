import type { RestockIntent } from "../conversation/intent.ts"
import { replyToRestock } from "../conversation/reply-to-comforts.ts"
import type { Texts } from "../conversation/texts/texts.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import type { Statements } from "../database/connect.ts"
import { suggestCodes } from "../shop/browse-catalog.ts"
import { askForRestock, endRestockAlert, listRestockAlerts } from "../shop/restock-alerts.ts"
import type { Answer, ServingParts } from "./answer.ts"
import { answerByTheWay } from "./answer-by-the-way.ts"

/** Notes who waits for a product, shows for what, or ends it, in one transaction with the answer. */
export async function serveRestock(
  parts: ServingParts,
  message: ClaimedMessage,
  { wish }: RestockIntent,
): Promise<Answer> {
  const say = parts.texts[message.language]
  // Read before the transaction, which waits for nothing but the database.
  const suggestions = wish.kind === "ask" ? await suggestCodes(parts.shop, wish.code) : []
  return await answerByTheWay(parts, message, async (statements) => ({
    text: await grant(statements, message, wish, { say, suggestions }),
  }))
}

async function grant(
  statements: Statements,
  message: ClaimedMessage,
  wish: RestockIntent["wish"],
  { say, suggestions }: { say: Texts; suggestions: readonly string[] },
): Promise<string> {
  switch (wish.kind) {
    case "ask": {
      const { code } = wish
      return replyToRestock(await askForRestock(statements, message, code), { code, suggestions }, say)
    }
    case "list":
      return say.restockList({ products: await listRestockAlerts(statements, message) })
    case "end":
      return (await endRestockAlert(statements, message, wish.code))
        ? say.restockEnded(wish)
        : say.restockNotAwaited(wish)
  }
}
