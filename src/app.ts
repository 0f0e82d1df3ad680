import { randomBytes, randomUUID } from "node:crypto"
import type { Channel, OutboundMessage } from "./channels/channel.ts"
import { takesRealMoney } from "./config.ts"
import { isLoopbackUrl } from "./config-whatsapp.ts"
import { houseTexts } from "./conversation/texts/house-texts.ts"
import type { Texts } from "./conversation/texts/texts.ts"
import { type PayUrl, writeWords } from "./conversation/write-words.ts"
import { createAnswering } from "./database/answers.ts"
import { takeBackDemoBalances } from "./database/demo-payments.ts"
import { createOrderPlacing } from "./database/orders.ts"
import type { Envelope } from "./database/outbox.ts"
import { claimProcess } from "./database/process-claim.ts"
import { countStock } from "./database/products.ts"
import { appointOwners } from "./database/users.ts"
import type { Foundation } from "./foundation.ts"
import { type Gate, openGate } from "./gate/gate.ts"
import { createApology } from "./inbox/apologise.ts"
import { createMessageHandler } from "./inbox/handle-message.ts"
import { createInbox, type Inbox } from "./inbox/inbox.ts"
import { orderCodePrefix } from "./inbox/with-whole-code.ts"
import { recovery, shopJobs } from "./jobs.ts"
import { openProviders } from "./open-providers.ts"
import { newCode, newReference } from "./operations/new-reference.ts"
import { startSchedule } from "./operations/schedule.ts"
import { compose } from "./outbox/compose.ts"
import { createOutbox, type Outbox } from "./outbox/outbox.ts"
import { unitContext } from "./shop/add-stock.ts"
import type { Language } from "./shop/customer.ts"
import { createHouse, type House } from "./shop/house.ts"
import { holdSeconds, type Shop } from "./shop/shop.ts"
import { createRedisWatch } from "./shop/watch-redis.ts"

/** A shop that takes messages and answers them. */
export type App = Readonly<{
  foundation: Foundation
  shop: Shop
  gate: Gate
  inbox: Inbox
  outbox: Outbox
  /** Its settings, and what it says. */
  house: House<Readonly<Record<Language, Texts>>>
  newReference: () => string
  /** Writes a promised message out as its channel gets it. */
  compose: (envelope: Envelope) => Promise<OutboundMessage>
  /** Takes no more, finishes what is under way, and stops everything that was started. Idempotent. */
  stop(): Promise<void>
}>

/** Makes and joins the parts of a shop on its foundation; `stop` stops them and the foundation. */
export async function openApp(
  foundation: Foundation,
  given: {
    channels: readonly Channel[]
    /**
     * For the console: only this customer's messages are handled and sent here, and no other work is done.
     */
    number?: string
    lookIntervalMs: number
    /** Where customers reach the web server, without a trailing slash. */
    publicUrl: () => string
  },
): Promise<App> {
  const { config, database, log, metrics, address, vault, noteError } = foundation
  await appointOwners(database, config.ownerNumbers)
  const takenBack = takesRealMoney(config) ? await takeBackDemoBalances(database) : 0
  if (takenBack > 0) log.warn("balances from pretended payments were taken back", { count: takenBack })
  const processClaim = await claimProcess(address, database, log)
  const gate = await openGate({
    connection: foundation.redisAddress,
    shop: config.shop,
    log,
    metrics: metrics.gate,
    countStock: (codes) => countStock(database, codes),
    newToken: randomUUID,
  })
  const providers = openProviders(foundation)
  const offersQris = providers.length > 0
  const house = createHouse({
    database,
    log,
    write: (settings, changed) => houseTexts({ ...settings, offersQris }, changed),
  })
  await house.refresh()
  const payUrl: PayUrl = (payToken, channel) => {
    const base = given.publicUrl()
    // An address of this very machine leads nowhere from the customer's own phone.
    return isLoopbackUrl(base) && channel === "whatsapp" ? undefined : `${base}/pay/${payToken}`
  }
  const isDemoShop = providers[0]?.isDemo ?? false
  const composing = {
    writeWords: (envelope: Envelope, units: readonly string[]) =>
      writeWords(envelope, units, { texts: house.current().texts, payUrl, isDemoShop }),
    openUnit: (sealed: string) => vault.open(Buffer.from(sealed, "base64"), unitContext),
  }
  const outbox = createOutbox({
    database,
    owner: processClaim.current,
    channels: given.channels,
    number: given.number,
    ...composing,
    log,
    newReference,
    noteError,
    random: Math.random,
    onSent: ({ kind, data }) => {
      if (kind === "goods" && data.resent !== true) metrics.bot.funnel("delivered")
    },
    lookIntervalMs: given.lookIntervalMs,
  })
  const shop: Shop = {
    database,
    placeOrder: createOrderPlacing(database, {
      serves: outbox.takes,
      qrisProvider: providers[0]?.name,
      holdSeconds,
    }),
    answerMessage: createAnswering(database, outbox.takes),
    gate,
    vault,
    fetchDocument: async (channelName, document) => {
      const channel = given.channels.find(({ name }) => name === channelName)
      return (await channel?.fetchDocument?.(document)) ?? { kind: "failed" }
    },
    log,
    events: { funnel: metrics.bot.funnel, payment: metrics.bot.payment },
    provider: providers[0],
    providerNamed: (name) => providers.find((provider) => provider.name === name),
    providerNames: providers.map(({ name }) => name),
    owner: processClaim.current,
    serves: outbox.takes,
    chats: [...(config.gateway ? ["gateway"] : []), ...(config.whatsapp ? ["whatsapp"] : [])],
    deliver: outbox.deliver,
    promised: outbox.wake,
    lateGoods: config.lateGoods,
    clock: () => new Date(),
    returnUrl: (payToken) => {
      const base = given.publicUrl()
      return base.startsWith("https:") ? `${base}/pay/${payToken}` : undefined
    },
    random: Math.random,
    newOrderCode: () => `${orderCodePrefix}${newCode(7)}`,
    newPayToken: () => randomBytes(18).toString("base64url"),
  }
  const watchRedis = createRedisWatch({
    database,
    isReady: () => foundation.redisAddress.kind === "absent" || gate.health().state === "ready",
    clock: shop.clock,
  })
  const inbox = createInbox({
    database,
    owner: processClaim.current,
    handle: createMessageHandler({
      shop,
      house,
      payUrl,
      newReference,
      noteError,
      onHandled: ({ channel, outcome, durationMs }) =>
        metrics.bot.messageHandled({ channel, outcome, durationMs }),
    }),
    apologise: createApology({
      channels: given.channels,
      say: () => house.current().texts,
      clock: shop.clock,
      log,
    }),
    onUnited: (userId) => gate.cache.forget({ kind: "balance", userId }),
    number: given.number,
    log,
    random: Math.random,
    lookIntervalMs: given.lookIntervalMs,
    depthMax: 1_000,
    customersMax: 128,
  })
  const schedule = startSchedule(
    given.number === undefined
      ? shopJobs(shop, { inbox, outbox, house, watchRedis })
      : [recovery(shop, { inbox, outbox })],
    { log, newReference, noteError },
  )
  inbox.start()
  outbox.start()

  let stopped: Promise<void> | undefined
  const stop = async () => {
    for (const channel of given.channels) channel.windDown?.()
    await schedule.stop()
    await inbox.stop()
    await outbox.stop()
    for (const channel of given.channels) await channel.stop()
    await gate.close()
    await processClaim.close()
    await foundation.stop()
  }
  return {
    foundation,
    shop,
    gate,
    inbox,
    outbox,
    house,
    newReference,
    compose: (envelope) => compose(envelope, composing),
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}
