import * as v from "valibot"

/** How the shop talks with WhatsApp; there is none while `WHATSAPP` is off. */
export type WhatsAppConfig = Readonly<{
  /** WhatsApp's own address, or that of a server on this machine. */
  url: string
  /** 64 hexadecimal digits: the certificate root of a server on this machine. Never with WhatsApp's own. */
  testRoot: string | undefined
  /** Where files are fetched from instead of WhatsApp's own host; only with a server on this machine. */
  mediaHost?: string | undefined
  /** Undefined: the newest that is known. */
  version: WhatsAppVersion | undefined
  /** Whether customers see blue ticks. */
  readReceipts: boolean
  /** What is answered besides private chats. */
  answers: readonly WhatsAppAnswer[]
  /** How many messages a second go out, to everybody together. */
  pacePerSecond: number
}>

export type WhatsAppVersion = readonly [number, number, number]
export type WhatsAppAnswer = (typeof answers)[number]

const answers = ["groups", "status", "broadcasts", "own"] as const
const ownUrl = "wss://web.whatsapp.com/ws/chat"
const paceLeast = 0.1
const paceMost = 1_000

const urlSchema = v.pipe(
  v.string(),
  v.check(
    isAcceptableUrl,
    "must be wss:// and a host of whatsapp.com or whatsapp.net, or a ws:// or wss:// of this machine",
  ),
)

const versionSchema = v.pipe(
  v.string(),
  v.regex(
    /^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,10}$/,
    "must be three numbers with dots, such as 2.3000.1035194821",
  ),
  v.transform((text) => text.split(".").map(Number)),
  v.strictTuple([v.number(), v.number(), v.number()]),
)

const answersSchema = v.pipe(
  v.string(),
  v.transform((text) => text.split(",").flatMap((part) => part.trim().toLowerCase() || [])),
  v.array(v.picklist(answers, `must be some of ${answers.join(", ")}, separated by commas`)),
  v.transform((names) => [...new Set(names)]),
)

const paceSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9]{1,4}(\.[0-9]{1,3})?$/, "must be a number from 0.1 to 1000"),
  v.transform(Number),
  v.minValue(paceLeast, "must be a number from 0.1 to 1000"),
  v.maxValue(paceMost, "must be a number from 0.1 to 1000"),
)

/** One schema for each `WHATSAPP_…` variable that is more than on or off. */
export const whatsappSchemas = {
  url: v.optional(urlSchema, ownUrl),
  testRoot: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[0-9a-f]{64}$/i, "must be 64 hexadecimal digits (32 bytes)"),
      v.toLowerCase(),
    ),
  ),
  mediaHost: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?$/, "must be a host of this machine"),
    ),
  ),
  version: v.optional(versionSchema),
  answers: v.optional(answersSchema, ""),
  pace: v.optional(paceSchema, "1"),
} as const

/** A server on this very machine: the only one whose certificates may be told from outside. */
export function isLoopbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { hostname } = new URL(text)
  return hostname === "localhost" || hostname === "[::1]" || /^127\.[0-9]+\.[0-9]+\.[0-9]+$/.test(hostname)
}

function isAcceptableUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== "" || password !== "") return false
  if (isLoopbackUrl(text)) return protocol === "ws:" || protocol === "wss:"
  return protocol === "wss:" && /(^|\.)whatsapp\.(com|net)$/.test(hostname)
}

type Values = Readonly<{
  WHATSAPP_URL: WhatsAppConfig["url"]
  WHATSAPP_TEST_ROOT?: WhatsAppConfig["testRoot"]
  WHATSAPP_MEDIA_HOST?: WhatsAppConfig["mediaHost"]
  WHATSAPP_VERSION?: WhatsAppConfig["version"]
  WHATSAPP_READ_RECEIPTS: WhatsAppConfig["readReceipts"]
  WHATSAPP_ANSWERS: WhatsAppConfig["answers"][number][]
  WHATSAPP_PACE: WhatsAppConfig["pacePerSecond"]
}>

/** What was read, frozen. */
export function toWhatsAppConfig(values: Values): WhatsAppConfig {
  return Object.freeze({
    url: values.WHATSAPP_URL,
    testRoot: values.WHATSAPP_TEST_ROOT,
    mediaHost: values.WHATSAPP_MEDIA_HOST,
    version: values.WHATSAPP_VERSION && Object.freeze(values.WHATSAPP_VERSION),
    readReceipts: values.WHATSAPP_READ_RECEIPTS,
    answers: Object.freeze(values.WHATSAPP_ANSWERS),
    pacePerSecond: values.WHATSAPP_PACE,
  })
}
