import { afterEach, beforeEach, expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import {
  type AuthenticationCreds,
  Curve,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
} from "@whiskeysockets/baileys"
import { type AuthState, openAuthState } from "../../src/channels/whatsapp/auth-state.ts"
import { accountStore } from "../../src/open-whatsapp.ts"
import { openVault } from "../../src/operations/vault.ts"
import { openTables, type TestTables } from "../support/selling.ts"

const vault = openVault("5e".repeat(32))
const holder = "this process"

let tables: TestTables
let failures: unknown[]

beforeEach(async () => {
  tables = await openTables()
  failures = []
})
afterEach(() => tables.close())

async function open(): Promise<AuthState & { epoch: number }> {
  const store = accountStore(tables.database)
  const held = await store.hold(holder, 60_000)
  if (!held) throw new Error("the account is another's")
  const { epoch } = held
  const fatal = (error: unknown) => failures.push(error)
  return { ...(await openAuthState({ store, epoch, vault, fatal })), epoch }
}

/** As after pairing. */
function pair(creds: AuthenticationCreds): void {
  creds.me = { id: "6281100000000:3@s.whatsapp.net", lid: "16281100000000:3@lid", name: "Toko" }
  creds.account = { details: randomBytes(20), accountSignatureKey: randomBytes(32) }
  creds.registered = true
}

async function openPaired() {
  const state = await open()
  pair(state.creds)
  await state.saveCreds()
  return state
}

const keyOfType = {
  "pre-key": () => Curve.generateKeyPair(),
  session: () => ({ version: "v1", _sessions: { base: { privKey: randomBytes(32) } } }) as never,
  "sender-key": () => randomBytes(200),
  "sender-key-memory": () => ({ "6281200000001@s.whatsapp.net": true }),
  "app-state-sync-key": () =>
    proto.Message.AppStateSyncKeyData.fromObject({
      keyData: randomBytes(32),
      fingerprint: { rawId: 7, currentIndex: 1, deviceIndexes: [0, 1] },
      timestamp: 1_700_000_000,
    }),
  "app-state-sync-version": () => ({
    version: 3,
    hash: randomBytes(128),
    indexValueMap: { a: { valueMac: randomBytes(32) } },
  }),
  "lid-mapping": () => "144000000000001",
  "device-list": () => ["0", "3"],
  tctoken: () => ({ token: randomBytes(24), timestamp: "1700000000" }),
  "identity-key": () => randomBytes(33),
} satisfies { [T in keyof SignalDataTypeMap]: () => unknown }

const types = Object.keys(keyOfType) as (keyof SignalDataTypeMap)[]
const plain = (value: unknown) => JSON.parse(JSON.stringify(value))

test("a key of every type comes back as it went in, in another process too", async () => {
  const state = await openPaired()
  const another = await open()
  for (const type of types) {
    const [first, second] = [keyOfType[type](), keyOfType[type]()]
    const given: SignalDataSet = Object.fromEntries([[type, { "a:1": first, b_reverse: second }]])
    await state.keys.set(given)
    for (const { keys } of [state, another]) {
      const found = await keys.get(type, ["a:1", "b_reverse", "absent"])
      expect(Object.keys(found).sort()).toEqual(["a:1", "b_reverse"])
      expect(plain(found)).toEqual(plain({ "a:1": first, b_reverse: second }))
    }
  }
})

test("bytes come back as buffers, and a key of the app's state as the message that it is", async () => {
  const { keys } = await openPaired()
  const oneTimeKey = Curve.generateKeyPair()
  await keys.set({
    "pre-key": { 1: oneTimeKey },
    "app-state-sync-key": { AAAA: keyOfType["app-state-sync-key"]() },
  })
  const { 1: found } = await keys.get("pre-key", ["1"])
  expect(Buffer.isBuffer(found?.private)).toBe(true)
  expect(found).toEqual(oneTimeKey)
  const { AAAA } = await keys.get("app-state-sync-key", ["AAAA"])
  expect(AAAA).toBeInstanceOf(proto.Message.AppStateSyncKeyData)
  expect(Buffer.isBuffer(AAAA?.keyData)).toBe(true)
})

test("the login comes back whole, and says whose it is", async () => {
  const state = await openPaired()
  const { creds } = await open()
  expect(creds).toEqual(state.creds)
  expect(Buffer.isBuffer(creds.noiseKey.private)).toBe(true)
  expect(await tables.sql`select phone from whatsapp_account`).toMatchObject([{ phone: "6281100000000" }])
})

test("a null removes its key, here and in another process, and leaves the others", async () => {
  const state = await openPaired()
  await state.keys.set({ "lid-mapping": { a: "1", b: "2" } })
  await state.keys.set({ "lid-mapping": { a: null } })
  for (const { keys } of [state, await open()]) {
    expect(await keys.get("lid-mapping", ["a", "b"])).toEqual({ b: "2" })
  }
})

test("812 one-time keys at once are stored, all or none", async () => {
  const state = await openPaired()
  const keys = Object.fromEntries(
    Array.from({ length: 812 }, (_, place) => [String(place + 1), keyOfType["pre-key"]()]),
  )
  await state.keys.set({ "pre-key": keys })
  const another = await open()
  expect(await another.keys.get("pre-key", Object.keys(keys))).toEqual(keys)

  const tooLong = { ...keys, ["x".repeat(300)]: keyOfType["pre-key"](), 1: keyOfType["pre-key"]() }
  await expect(state.keys.set({ "pre-key": tooLong })).rejects.toThrow()
  const [row] = await tables.sql<{ count: number }[]>`select count(*)::integer from whatsapp_keys`
  expect(row?.count).toBe(812)
  expect(await (await open()).keys.get("pre-key", ["1"])).toMatchObject({ 1: keys["1"] ?? {} })
})

test("nothing that is stored can be read without the shop's secret", async () => {
  const { keys, creds } = await openPaired()
  const secrets = { key: randomBytes(32), name: "16281299887766" }
  await keys.set({
    "pre-key": { 1: { public: randomBytes(32), private: secrets.key } },
    "sender-key": { g: secrets.key },
    "lid-mapping": { 6281299887766: secrets.name },
  })
  const stored = await tables.sql<{ row: string }[]>`
    select whatsapp_keys.type || encode(value, 'hex') || encode(value, 'escape') as row from whatsapp_keys
    union all
    select encode(creds, 'hex') || encode(creds, 'escape') from whatsapp_account
  `
  const all = stored.map(({ row }) => row).join("\n")
  const hidden = [secrets.key, creds.noiseKey.private, creds.signedIdentityKey.private].flatMap((bytes) => {
    const buffer = Buffer.from(bytes)
    const text = buffer.toString("base64")
    return [buffer.toString("hex"), text, Buffer.from(text).toString("hex")]
  })
  for (const secret of [...hidden, secrets.name, Buffer.from(secrets.name).toString("hex"), "noiseKey"]) {
    expect(all.includes(secret)).toBe(false)
  }
  expect(stored).toHaveLength(4)
})

test("a key that was put in another's place does not open there", async () => {
  const { keys } = await openPaired()
  await keys.set({ "lid-mapping": { a: "1", b: "2" } })
  await tables.sql`update whatsapp_keys set value = (select value from whatsapp_keys where id = 'a') where id = 'b'`
  await expect((await open()).keys.get("lid-mapping", ["b"])).rejects.toThrow("belongs elsewhere")
})

test("nothing is stored of a login that is not paired", async () => {
  const state = await open()
  await state.saveCreds()
  expect(await tables.sql`select creds, phone from whatsapp_account`).toMatchObject([
    { creds: null, phone: null },
  ])
  expect((await open()).creds.noiseKey).not.toEqual(state.creds.noiseKey)
})

test("the login is stored before the keys whose numbers it counts", async () => {
  const state = await openPaired()
  await tables.sql.unsafe("create table order_of_writes (place serial, what text)")
  await tables.sql.unsafe(`
    create function note() returns trigger language plpgsql as $$
    begin
      insert into order_of_writes (what) values (tg_table_name);
      return null;
    end $$;
    create trigger note_creds after update of creds on whatsapp_account for each row execute function note();
    create trigger note_keys after insert on whatsapp_keys for each statement execute function note();
  `)
  state.creds.nextPreKeyId = 813
  const saved = state.saveCreds()
  await state.keys.set({ "pre-key": { 812: Curve.generateKeyPair() } })
  await saved
  const written = await tables.sql<{ what: string }[]>`select what from order_of_writes order by place`
  expect(written.map(({ what }) => what)).toEqual(["whatsapp_account", "whatsapp_keys"])
})

test("many changes of the login at once end with the last of them stored", async () => {
  const state = await openPaired()
  const saving = Array.from({ length: 20 }, (_, place) => {
    state.creds.nextPreKeyId = place
    return state.saveCreds()
  })
  await Promise.all(saving)
  expect((await open()).creds.nextPreKeyId).toBe(19)
})

test("a write that another process's hold refuses ends the connection, and writes nothing", async () => {
  const state = await openPaired()
  await state.keys.set({ "lid-mapping": { a: "1" } })
  await tables.sql`update whatsapp_account set held_until = clock_timestamp() - interval '1 second'`
  await accountStore(tables.database).hold("another process", 60_000)
  await expect(state.keys.set({ "lid-mapping": { a: "2" } })).rejects.toThrow()
  await expect(state.saveCreds()).rejects.toThrow()
  expect(failures).toHaveLength(2)
  expect(failures.map(accountStore(tables.database).isLeaseLost)).toEqual([true, true])
  expect(await state.keys.get("lid-mapping", ["a"])).toEqual({ a: "1" })
})

test("a login that the secret does not open is an error, not a new login", async () => {
  await openPaired()
  const store = accountStore(tables.database)
  const another = openVault("7a".repeat(32))
  const opening = openAuthState({ store, epoch: 1, vault: another, fatal: () => undefined })
  await expect(opening).rejects.toThrow("sealed")
})

test("once closed, everything that was being written is stored, and nothing is written any more", async () => {
  const state = await openPaired()
  const writing = state.keys.set({ "lid-mapping": { a: "1" } })
  state.creds.nextPreKeyId = 5
  const saving = state.saveCreds()
  await state.close()
  await Promise.all([writing, saving])
  const next = await open()
  expect(await next.keys.get("lid-mapping", ["a"])).toEqual({ a: "1" })
  expect(next.creds.nextPreKeyId).toBe(5)
  await expect(state.keys.set({ "lid-mapping": { a: "2" } })).rejects.toThrow()
  expect(await (await open()).keys.get("lid-mapping", ["a"])).toEqual({ a: "1" })
})
