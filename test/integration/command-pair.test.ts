import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { pairCommand } from "../../src/commands/pair.ts"
import { runProgram } from "../../src/commands/program.ts"
import { connectTo, type Database, type DatabaseAddress, openDatabase } from "../../src/database/connect.ts"
import {
  askToPair,
  holdAccount,
  readAccount,
  releaseAccount,
  saveCreds,
  showAccount,
} from "../../src/database/whatsapp-account.ts"
import { createMetrics } from "../../src/operations/metrics.ts"
import { openVault } from "../../src/operations/vault.ts"
import { readWhatsAppView } from "../../src/operations/whatsapp-view.ts"
import { startWhatsApp, type WhatsApp } from "../simulators/whatsapp/start-whatsapp.ts"
import { freshDatabase, type TestDatabase, testShop } from "../support/engines.ts"
import { eventually } from "../support/eventually.ts"
import { newFolder } from "../support/lapak-command.ts"

const secret = "ab".repeat(32)
const vault = openVault(secret)
const folder = newFolder()
const phone = "6281234567890"
let postgres: TestDatabase
let database: Database
let whatsapp: WhatsApp

beforeAll(async () => {
  postgres = await freshDatabase()
  const { database: metrics } = createMetrics()
  database = openDatabase({ address: postgres.address, shop: testShop, metrics, connectionsMax: 2 })
  whatsapp = await startWhatsApp({ number: phone })
})

beforeEach(async () => {
  const sql = connectTo(postgres.address, testShop, 1)
  await sql`truncate whatsapp_account, whatsapp_keys`
  await sql.end()
})

afterEach(() => {
  if (whatsapp.paired()) whatsapp.unlink()
})

afterAll(async () => {
  await whatsapp.stop()
  await database.close()
  await postgres.drop()
  folder[Symbol.dispose]()
})

/** Runs words of the command line in this process; what they print can be read meanwhile. */
function lapak(words: readonly string[], more: Record<string, string> = {}) {
  const printed: string[] = []
  const complained: string[] = []
  const interruption = new AbortController()
  const line = {
    environment: {
      DATA_DIR: folder.dataDir,
      DATABASE_URL: urlOf(postgres.address),
      REDIS_URL: "unix:/nowhere/redis.sock",
      LAPAK_SECRET: secret,
      LOG_LEVEL: "silent",
      ...whatsapp.environment,
      ...more,
    },
    print: (text: string) => void printed.push(text),
    complain: (text: string) => void complained.push(text),
    write: async () => true,
    lines: async function* () {},
    interrupted: interruption.signal,
    newReference: () => "E-TEST",
  }
  return {
    line,
    ended: words.length > 0 ? runProgram(words, line) : Promise.resolve(0),
    stdout: () => printed.join("\n"),
    stderr: () => complained.join("\n"),
    interrupt: () => interruption.abort(),
  }
}

const look = () =>
  readWhatsAppView({ config: { whatsapp: aWhatsAppConfig }, database, vault, clock: () => new Date() })

const aWhatsAppConfig = {
  url: "ws://127.0.0.1:1",
  testRoot: undefined,
  version: undefined,
  readReceipts: false,
  answers: [],
  pacePerSecond: 1,
}

test("without a running shop a phone is paired by the QR, and the next time it is said", async () => {
  const pairing = lapak(["pair"])
  const qr = await eventually("the QR is shown", async () =>
    pairing.stdout().includes("Link a device") ? (await look()).qr : undefined,
  )
  expect(pairing.stdout()).toContain("\x1b[30;47;107m")
  expect(pairing.stdout()).not.toContain(qr)
  await whatsapp.scan(qr)
  expect(await pairing.ended).toBe(0)
  expect(pairing.stdout()).toContain(`Connected as +${phone}.`)
  expect((await readAccount(database)).held).toBe(false)
  expect(whatsapp.problems()).toEqual([])

  const again = lapak(["pair"])
  expect(await again.ended).toBe(0)
  expect(again.stdout()).toContain(`paired already, as +${phone}`)
  expect(again.stdout()).toContain("Log out")
})

test("with the shop's number a phone is paired by a code, as the phone spells it", async () => {
  const pairing = lapak(["pair", "--phone", "0812 3456 7890"])
  const spelled = await eventually(
    "the code is shown",
    () => /\n {4}([A-Z0-9]{4}-[A-Z0-9]{4})\n/.exec(pairing.stdout())?.[1],
  )
  expect(pairing.stdout()).toContain(`The code for +${phone}:`)
  expect(pairing.stdout()).toContain("Link with phone number instead")
  await whatsapp.enterCode(spelled.replace("-", ""))
  expect(await pairing.ended).toBe(0)
  expect(pairing.stdout()).toContain(`Connected as +${phone}.`)
  expect(whatsapp.problems()).toEqual([])
})

test("beside a running shop it shows what that shop offers, anew when it changes, and connects nothing", async () => {
  const { epoch } = (await holdAccount(database, { holder: "the shop", ttlMs: 60_000 })) ?? { epoch: 0 }
  const offer = (qr: string) =>
    showAccount(database, epoch, { state: "pairing", qr: vault.seal(qr, "whatsapp:qr") })
  const pairing = lapak(["pair"])
  await eventually(
    "the wish arrives",
    async () => (await readAccount(database)).pairingWantedSecondsAgo !== null,
  )
  await offer("2@first")
  await eventually("the first QR is shown", () => pairing.stdout().includes("Scan this"))
  await offer("2@second")
  await eventually("the second QR is shown", () => pairing.stdout().includes("this is the new one"))
  await saveCreds(database, epoch, { creds: new Uint8Array([1]), phone })
  await showAccount(database, epoch, { state: "open" })
  expect(await pairing.ended).toBe(0)
  expect(whatsapp.connections()).toBe(0)
  expect((await readAccount(database)).held).toBe(true)
  await releaseAccount(database, { holder: "the shop" })
})

test("a code that was there before this number was asked for is not shown", async () => {
  const { epoch } = (await holdAccount(database, { holder: "the shop", ttlMs: 60_000 })) ?? { epoch: 0 }
  const offer = (code: string) =>
    showAccount(database, epoch, { state: "pairing", pairingCode: vault.seal(code, "whatsapp:code") })
  await askToPair(database, { phone: "6289999999999" })
  await offer("OLDCODE1")
  const pairing = lapak(["pair", "--phone", phone])
  await eventually("it waits", () => pairing.stderr().includes("Asking WhatsApp for a code"))
  expect(await readAccount(database)).toMatchObject({ pairingPhone: phone, pairingAsked: 2 })
  await offer("NEWCODE2")
  await eventually("the new code is shown", () => pairing.stdout().includes("NEWC-ODE2"))
  pairing.interrupt()
  expect(await pairing.ended).toBe(1)
  expect(pairing.stderr()).toContain("Pairing was stopped")
  expect(pairing.stdout()).not.toContain("OLDC")
  await releaseAccount(database, { holder: "the shop" })
})

test("a paired shop that keeps away is told to connect again, and how that went is said", async () => {
  const { epoch } = (await holdAccount(database, { holder: "the shop", ttlMs: 60_000 })) ?? { epoch: 0 }
  await saveCreds(database, epoch, { creds: new Uint8Array([1]), phone })
  const asked = async (becomes: "open" | "replaced" | "stopped") => {
    const pairing = lapak(["pair"])
    await eventually(
      "it is asked to connect",
      async () => (await readAccount(database)).state === "connecting",
    )
    await showAccount(database, epoch, { state: becomes })
    return { exitCode: await pairing.ended, ...pairing }
  }
  await showAccount(database, epoch, { state: "replaced" })
  const again = await asked("replaced")
  expect(again.exitCode).toBe(1)
  expect(again.stderr()).toContain("Close that program, then run this again")
  expect(again.stdout()).not.toContain("Log out")
  const refused = await asked("stopped")
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr()).toContain("WhatsApp refuses this account")
  const open = await asked("open")
  expect(open.exitCode).toBe(0)
  expect(open.stdout()).toContain(`Connected as +${phone}.`)
  expect(whatsapp.connections()).toBe(0)
  await releaseAccount(database, { holder: "the shop" })
})

test("nobody waits for ever: it ends with how to try again", async () => {
  await holdAccount(database, { holder: "the shop", ttlMs: 60_000 })
  const { line } = lapak([])
  const patience = { boundMs: 50, lookEveryMs: 10, askEveryMs: 10, reconnectMs: 50 }
  await expect(pairCommand(line, {}, patience)).rejects.toThrow("lapak pair")
  await releaseAccount(database, { holder: "the shop" })
})

test("a bad number and WhatsApp turned off are said before anything is started", async () => {
  const bad = lapak(["pair", "--phone", "812"])
  expect(await bad.ended).toBe(2)
  expect(bad.stderr()).toContain("--phone")
  const off = lapak(["pair"], {
    WHATSAPP: "off",
    WHATSAPP_TEST_ROOT: "",
    WHATSAPP_MEDIA_HOST: "",
    WHATSAPP_URL: "",
  })
  expect(await off.ended).toBe(2)
  expect(off.stderr()).toContain("Put WHATSAPP=on into .env, restart the shop, then pair.")
})

function urlOf(address: DatabaseAddress): string {
  if (address.kind === "url") return address.url
  const { folder: host, user, database: name } = address
  return `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}`
}
