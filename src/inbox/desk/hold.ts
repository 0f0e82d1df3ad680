import { type Held, holdForConfirmation, lineToHold } from "../../conversation/desk/confirm.ts"
import type { Texts } from "../../conversation/texts/texts.ts"
import type { Conversation } from "../../database/answers.ts"
import type { ClaimedMessage } from "../../database/claimed-message.ts"

/** What an operator has to agree to; `meant` is what of it must not change meanwhile, all of it as a rule. */
export type ToConfirm = Readonly<{ text: string; meant?: string }>

type Asking = Readonly<{ text: string; conversation: Conversation }>

/**
 * The question whether this is meant, with the command held; undefined when the very same was `confirmed`.
 * What is another thing by now is asked about again: nothing is done that was not shown.
 */
export function askUnlessConfirmed(
  asked: ToConfirm,
  confirmed: Held | undefined,
  { message, prefix, say }: Readonly<{ message: ClaimedMessage; prefix: string; say: Texts }>,
): Asking | undefined {
  const shown = new Bun.CryptoHasher("sha256").update(asked.meant ?? asked.text).digest("hex")
  if (confirmed?.shown === shown) return undefined
  const line = confirmed?.line ?? lineToHold(message.text, prefix)
  const text = confirmed ? `${say.confirmationChanged()}\n\n${asked.text}` : asked.text
  return { text, conversation: holdForConfirmation({ line, shown }) }
}
