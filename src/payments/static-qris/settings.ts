import * as v from "valibot"
import { type Rupiah, rupiah } from "../../shop/money.ts"
import { readStaticCode, type StaticCode } from "./merchant-code.ts"

/** How a shop without a gateway is paid: through its own static code, heard of by an app on a phone. */
export type StaticQrisConfig = Readonly<{
  code: StaticCode
  /** What the phone's app signs with. */
  secret: string
  /** The Android apps whose notifications are read; those of any other are ignored. */
  packages: readonly string[]
  /** A larger payment is never settled by a notification alone. */
  amountMax: Rupiah
}>

/** Merchants' apps first, then wallets and banks. */
const usualPackages = [
  ...["com.gojek.gopaymerchant", "com.gojek.resto", "id.dana.business", "com.bca.msb", "id.co.bni.merchant"],
  ...["com.gojek.gopay", "id.dana", "ovo.id", "com.shopeepay.id", "com.telkom.mwallet"],
  ...["com.bca", "com.bca.mybca.omni.android", "com.bcadigital.blu", "id.co.bri.brimo", "id.bmri.livin"],
  ...["id.bni.wondr", "src.com.bni", "id.co.bankbkemobile.digitalbank", "com.jago.digitalBanking"],
  ...["com.btpn.dc", "id.co.cimbniaga.mobile.android"],
]

const code = v.pipe(
  v.string(),
  v.trim(),
  v.rawTransform<string, StaticCode>(({ dataset, addIssue, NEVER }) => {
    const reading = readStaticCode(dataset.value)
    if (reading.kind === "read") return reading.code
    addIssue({ message: reading.reason })
    return NEVER
  }),
)

const packages = v.pipe(
  v.string(),
  v.transform((text) => text.split(",").flatMap((part) => part.trim() || [])),
  v.array(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9._-]{1,200}$/, "must be names of Android packages, separated by commas"),
    ),
  ),
)

const amountMax = v.pipe(
  v.string(),
  v.regex(/^[1-9][0-9]{0,10}$/, "must be a number of rupiah, digits only"),
  v.transform((text) => rupiah(Number(text))),
)

/** One schema for each variable of the static code and its listener but the secret. */
export const staticQrisSchemas = {
  code: v.optional(code),
  packages: v.optional(packages, usualPackages.join(",")),
  amountMax: v.optional(amountMax, "2000000"),
} as const

/** Undefined where the shop has no static code. The two that belong together are checked beforehand. */
export function toStaticQrisConfig(values: {
  STATIC_QRIS?: StaticCode | undefined
  LISTENER_SECRET?: string | undefined
  LISTENER_PACKAGES: readonly string[]
  LISTENER_MAX: Rupiah
}): StaticQrisConfig | undefined {
  const { STATIC_QRIS: code, LISTENER_SECRET: secret } = values
  if (!code || !secret) return undefined
  const packages = Object.freeze(values.LISTENER_PACKAGES)
  return Object.freeze({ code, secret, packages, amountMax: values.LISTENER_MAX })
}

/** True when customers pay with real money; otherwise payments are pretended, or there are none. */
export function takesRealMoney(config: { midtrans: object | undefined; staticQris: object | undefined }) {
  return config.midtrans !== undefined || config.staticQris !== undefined
}
