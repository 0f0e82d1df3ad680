import * as v from "valibot"
import { rupiah } from "../../shop/money.ts"
import type { Guided } from "./conversation.ts"

/** A conversation as the database keeps it. */
type Stored = Readonly<{ step: string; data: unknown }>

const code = v.pipe(v.string(), v.regex(/^[A-Z0-9][A-Z0-9._-]{0,31}$/))
const words = v.pipe(v.string(), v.nonEmpty(), v.maxLength(2_000))
const codes = v.pipe(v.array(code), v.maxLength(100))
const place = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const total = v.pipe(
  v.number(),
  v.safeInteger(),
  v.transform((amount: number) => rupiah(amount)),
)
const delivery = v.exactOptional(v.object({ recipient: words, address: words }))

const basket = {
  productCode: code,
  quantity: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  delivery,
}
const order = { orderCode: code }
const way = v.picklist(["saldo", "qris", "choose", "none"])

const guided = v.variant("step", [
  v.object({ step: v.literal("product"), start: place, first: v.pipe(place, v.minValue(1)), shown: codes }),
  v.object({ step: v.literal("pick"), shown: codes }),
  v.object({ step: v.literal("quantity"), productCode: code, delivery }),
  v.object({ step: v.literal("recipient"), ...order }),
  v.object({ step: v.literal("recipient"), ...basket }),
  v.object({ step: v.literal("address"), recipient: words, ...order }),
  v.object({ step: v.literal("address"), recipient: words, ...basket }),
  v.object({ step: v.literal("summary"), ...basket, total, way }),
  v.object({ step: v.literal("method"), ...basket, total }),
])

/** The open question of a guided order; undefined for anything else, and for one of another version. */
export function readGuided(stored: Stored | null): Guided | undefined {
  if (!stored || typeof stored.data !== "object") return undefined
  const read = v.safeParse(guided, { ...stored.data, step: stored.step })
  return read.success ? read.output : undefined
}

/** As it is kept until the next message. */
export function keepGuided({ step, ...data }: Guided): {
  step: string
  data: Readonly<Record<string, unknown>>
} {
  return { step, data }
}
