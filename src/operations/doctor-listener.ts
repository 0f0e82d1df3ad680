import type { ListenerVitals } from "../database/static-payments.ts"
import { sinceOf } from "./doctor-shop.ts"
import { type Finding, look, well } from "./finding.ts"

/** A phone with a bank's app has something to tell every day. */
const longSilenceSeconds = 12 * 3_600

/** Only its silence tells a phone that forwards nothing any more from customers who do not pay. */
export function examineListener({ silentSeconds, waiting }: ListenerVitals): Finding {
  const part = "Listener"
  const phone = "see that the app on it runs, may read notifications and has no battery limit"
  const payments = waiting === 1 ? "1 payment waits" : `${waiting} payments wait`
  const meanwhile = waiting === 0 ? "" : `, and ${payments} for it`
  if (silentSeconds === null) return look(part, `the phone was never heard of${meanwhile}; ${phone}`)
  const says = `the phone was last heard of ${sinceOf(silentSeconds)} ago`
  if (waiting === 0 || silentSeconds < longSilenceSeconds) return well(part, says)
  return look(part, `${says}${meanwhile}; ${phone}`)
}
