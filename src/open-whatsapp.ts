import { randomUUID } from "node:crypto"
import type { AccountStore } from "./channels/whatsapp/account-store.ts"
import type { WhatsAppChannel, WhatsAppEvent } from "./channels/whatsapp/whatsapp-channel.ts"
import type { WhatsAppConfig } from "./config.ts"
import type { Database } from "./database/connect.ts"
import {
  askAgain,
  holdAccount,
  isLeaseLost,
  pauseSending,
  readAccount,
  releaseAccount,
  saveCreds,
  showAccount,
  wipeAccount,
} from "./database/whatsapp-account.ts"
import { groupWhatsAppWrites } from "./database/whatsapp-grouped.ts"
import { readKeys } from "./database/whatsapp-keys.ts"
import { findSent, readRetryCount, saveRetryCount } from "./database/whatsapp-sent.ts"
import type { Log } from "./operations/log.ts"
import type { WhatsAppMetrics } from "./operations/metrics-whatsapp.ts"
import type { Vault } from "./operations/vault.ts"

/** Joins the WhatsApp channel to the shop's database. It connects when it is started. */
export async function openWhatsApp(parts: {
  config: WhatsAppConfig
  database: Database
  vault: Vault
  metrics: WhatsAppMetrics
  log: Log
  tellOperator: (event: WhatsAppEvent, detail: { forMs?: number; code?: "463" | "429" }) => void
}): Promise<WhatsAppChannel> {
  const { config } = parts
  // Baileys takes memory by being read: a shop without WhatsApp does not pay for it.
  const { createWhatsAppChannel } = await import("./channels/whatsapp/whatsapp-channel.ts")
  return createWhatsAppChannel({
    ...parts,
    settings: { ...config, answers: new Set(config.answers) },
    store: accountStore(parts.database),
    holder: randomUUID(),
    random: Math.random,
    monotonicMs: () => performance.now(),
  })
}

/** The account as the channel wants it, in PostgreSQL. */
export function accountStore(database: Database): AccountStore {
  return {
    hold: (holder, ttlMs) => holdAccount(database, { holder, ttlMs }),
    release: (holder) => releaseAccount(database, { holder }),
    read: () => readAccount(database),
    saveCreds: (epoch, creds, phone) => saveCreds(database, epoch, { creds, phone }),
    readKeys: (type, ids) => readKeys(database, type, [...ids]),
    ...groupWhatsAppWrites(database),
    show: (epoch, shown) => showAccount(database, epoch, shown),
    wipe: (epoch) => wipeAccount(database, epoch, "logged_out"),
    pauseSending: (epoch, pause) => pauseSending(database, epoch, pause),
    findSent: (id) => findSent(database, id),
    readRetryCount: (id) => readRetryCount(database, id),
    saveRetryCount: (id, count) => saveRetryCount(database, id, count),
    connectAgain: () => askAgain(database),
    isLeaseLost,
  }
}
