import type { VoucherIntent } from "../conversation/intent.ts"
import { replyToVoucher } from "../conversation/reply-to-comforts.ts"
import type { Texts } from "../conversation/texts/texts.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import type { Statements } from "../database/connect.ts"
import { chooseVoucher, dropVoucher, showVoucher } from "../shop/vouchers.ts"
import type { Answer, ServingParts } from "./answer.ts"
import { answerByTheWay } from "./answer-by-the-way.ts"

/** Chooses, shows or drops the voucher of the next purchase, in one transaction with the answer. */
export async function serveVoucher(
  parts: ServingParts,
  message: ClaimedMessage,
  { wish }: VoucherIntent,
): Promise<Answer> {
  const say = parts.texts[message.language]
  return await answerByTheWay(parts, message, async (statements) => ({
    text: await grant(statements, message, wish, say),
  }))
}

async function grant(
  statements: Statements,
  message: ClaimedMessage,
  wish: VoucherIntent["wish"],
  say: Texts,
): Promise<string> {
  switch (wish.kind) {
    case "choose":
      return replyToVoucher(await chooseVoucher(statements, message, wish.code), wish.code, say)
    case "show": {
      const kept = await showVoucher(statements, message)
      return kept ? say.voucherKept(kept) : say.noVoucher()
    }
    case "drop": {
      const voucherCode = await dropVoucher(statements, message)
      return voucherCode === undefined ? say.noVoucher() : say.voucherDropped({ voucherCode })
    }
  }
}
