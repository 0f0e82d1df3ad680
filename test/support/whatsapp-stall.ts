import type { Customer } from "../simulators/whatsapp/customer.ts"
import { startWhatsApp, type WhatsApp, type WhatsAppOptions } from "../simulators/whatsapp/start-whatsapp.ts"
import { eventually } from "./eventually.ts"
import { findSecrets } from "./printed-secrets.ts"
import type { Environment, ShopProcess } from "./shop-process.ts"
import { openStall } from "./stall.ts"

export type WhatsAppStall = Awaited<ReturnType<typeof openWhatsAppStall>>

/** What `GET /whatsapp` tells a program. */
export type WhatsAppState = Readonly<{
  state: string
  qr?: string
  pairingCode?: string
  phone?: string
  detail?: string
}>

/** So quick that tests do not wait for it, and everything that may be said is said. */
export const hurried = { WHATSAPP_PACE: "1000", LOG_LEVEL: "debug" }

/** A stall whose customers come by WhatsApp: a WhatsApp of the test's own beside everything else. */
export async function openWhatsAppStall(
  options: Parameters<typeof openStall>[0] & { whatsapp?: WhatsAppOptions } = {},
) {
  const whatsapp = await startWhatsApp(options.whatsapp)
  const environment = { ...whatsapp.environment, ...hurried, ...options.environment }
  const stall = await openStall({ ...options, environment })
  const shops: ShopProcess[] = []

  const open = async (given?: Environment) => {
    const shop = await stall.open(given)
    shops.push(shop)
    return shop
  }
  /** Customers with an account in the shop, and their phones. */
  const welcome = async (count: number, balance: number): Promise<readonly Customer[]> =>
    (await stall.welcome(count, balance)).map((number) => whatsapp.customer(number))

  return {
    ...stall,
    whatsapp,
    open,
    welcome,
    /** Opens a shop and pairs it by QR. */
    openPaired: async (given?: Environment) => {
      const shop = await open(given)
      await pairByQr(shop, whatsapp)
      return shop
    },
    /** Everything wrong with the books, the client's manners, or what was printed. */
    faults: async () => [
      ...(await stall.audit()),
      ...whatsapp.problems(),
      ...(await findSecrets(stall.sql, shops)),
    ],
    [Symbol.asyncDispose]: async () => {
      await stall[Symbol.asyncDispose]()
      await whatsapp.stop()
    },
  }
}

export async function readState({ url }: ShopProcess): Promise<WhatsAppState> {
  const answer = await fetch(`${url}/whatsapp`, { headers: { accept: "application/json" } })
  return (await answer.json()) as WhatsAppState
}

/** Waits until the shop says so of itself, and returns all that it says. */
export function untilState(shop: ShopProcess, state: string): Promise<WhatsAppState> {
  return eventually(`WhatsApp is ${state}`, async () => {
    const told = await readState(shop)
    return told.state === state && told
  })
}

export async function pairByQr(shop: ShopProcess, whatsapp: WhatsApp): Promise<void> {
  await whatsapp.scan(await eventually("a code to scan", async () => (await readState(shop)).qr))
  await untilState(shop, "open")
}

/** The value of one line of `/metrics`; 0 when there is none. */
export async function readMetric({ url }: ShopProcess, line: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const found = text.split("\n").find((one) => one.startsWith(`${line} `))
  return Number(found?.slice(line.length + 1) ?? 0)
}
