import { createHash } from "node:crypto"
import adjustStockText from "./adjust-stock-1.lua" with { type: "text" }
import allowText from "./allow-1.lua" with { type: "text" }
import beginCheckoutText from "./begin-checkout-4.lua" with { type: "text" }
import endCheckoutText from "./end-checkout-4.lua" with { type: "text" }
import expireHoldsText from "./expire-holds-2.lua" with { type: "text" }
import fillCacheText from "./fill-cache-1.lua" with { type: "text" }
import finishLoadText from "./finish-load-2.lua" with { type: "text" }
import readCacheText from "./read-cache-1.lua" with { type: "text" }
import reconcileStockText from "./reconcile-stock-2.lua" with { type: "text" }
import startLoadText from "./start-load-1.lua" with { type: "text" }

/** One Lua file: its text, and the words for the numbers it answers with. */
export type Script<Outcome extends string> = Readonly<{
  name: string
  text: string
  sha: string
  keyCount: number
  outcomes: Readonly<Record<number, Outcome>>
}>

export type ScriptResult<Outcome extends string> = Readonly<{ outcome: Outcome; value: number | string }>

export const beginCheckoutScript = script("begin-checkout-4", beginCheckoutText, {
  0: "cold",
  1: "held",
  2: "rate_limited",
  3: "locked",
  4: "sold_out",
})
export const endCheckoutScript = script("end-checkout-4", endCheckoutText, { 0: "hold_gone", 1: "ended" })
export const expireHoldsScript = script("expire-holds-2", expireHoldsText, { 1: "expired" })
export const allowScript = script("allow-1", allowText, { 1: "allowed", 2: "rate_limited" })
export const startLoadScript = script("start-load-1", startLoadText, { 1: "loaded", 2: "load" })
export const finishLoadScript = script("finish-load-2", finishLoadText, { 0: "void", 1: "loaded" })
export const adjustStockScript = script("adjust-stock-1", adjustStockText, { 0: "cold", 1: "adjusted" })
export const reconcileStockScript = script("reconcile-stock-2", reconcileStockText, {
  0: "busy",
  1: "repaired",
})
export const readCacheScript = script("read-cache-1", readCacheText, { 1: "hit", 2: "fill" })
export const fillCacheScript = script("fill-cache-1", fillCacheText, { 0: "outdated", 1: "stored" })

/** Undefined when the reply is not one of the script's own: then it is not our script that answered. */
export function readReply<Outcome extends string>(
  from: Script<Outcome>,
  reply: unknown,
): ScriptResult<Outcome> | undefined {
  if (!Array.isArray(reply) || reply.length !== 2) return undefined
  const [number, value]: unknown[] = reply
  const outcome = typeof number === "number" ? from.outcomes[number] : undefined
  if (outcome === undefined || (typeof value !== "number" && typeof value !== "string")) return undefined
  return { outcome, value }
}

function script<Outcome extends string>(
  name: string,
  text: string,
  outcomes: Readonly<Record<number, Outcome>>,
): Script<Outcome> {
  const sha = createHash("sha1").update(text).digest("hex")
  return Object.freeze({ name, text, sha, outcomes, keyCount: Number(name.split("-").at(-1)) })
}
