import { afterEach, beforeEach, expect, test } from "bun:test"
import { openAuthState } from "../../src/channels/whatsapp/auth-state.ts"
import { accountStore } from "../../src/open-whatsapp.ts"
import { openVault } from "../../src/operations/vault.ts"
import { createSignalDevice } from "../simulators/whatsapp/signal-device.ts"
import { openTables, type TestTables } from "../support/selling.ts"
import { openSignalShop } from "../support/signal-shop.ts"

const jid = "6281200000001@s.whatsapp.net"
const vault = openVault("5e".repeat(32))

let tables: TestTables

beforeEach(async () => {
  tables = await openTables()
})
afterEach(() => tables.close())

/** A customer and a shop that keeps its sessions as the channel does. */
async function openTalk() {
  const store = accountStore(tables.database)
  const held = await store.hold("this process", 60_000)
  if (!held) throw new Error("the account is another's")
  const fatal = (error: unknown) => {
    throw error
  }
  const { repository, bundle } = openSignalShop(
    await openAuthState({ store, epoch: held.epoch, vault, fatal }),
  )
  const customer = createSignalDevice(5000)
  await customer.startSession("shop", await bundle())
  const tell = (text: string) => customer.encrypt("shop", Buffer.from(text))
  const hear = async ({ type, bytes }: Awaited<ReturnType<typeof tell>>) =>
    Buffer.from(await repository.decryptMessage({ jid, type, ciphertext: bytes })).toString()
  const talk = async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      await hear(await tell("a question"))
      const { type, ciphertext } = await repository.encryptMessage({ jid, data: Buffer.from("an answer") })
      await customer.decrypt("shop", { type, bytes: Buffer.from(ciphertext) })
    }
  }
  return { tell, hear, talk }
}

async function sessionBytes(): Promise<number> {
  const [row] = await tables.sql<{ bytes: number }[]>`
    select sum(length(value))::integer as bytes from whatsapp_keys where type = 'session'
  `
  return row?.bytes ?? 0
}

test("a customer's session stays short, however long they talk", async () => {
  const { talk } = await openTalk()
  await talk(15)
  const before = await sessionBytes()
  await talk(30)
  expect(await sessionBytes()).toBeLessThan(before * 1.05)
})

test("a message that several answers overtook is still read", async () => {
  const { talk, tell, hear } = await openTalk()
  await talk(20)
  const late = await tell("late")
  await talk(8)
  expect(await hear(late)).toBe("late")
  await talk(1)
})

test("one that is too late is refused, and the talk goes on", async () => {
  const { talk, tell, hear } = await openTalk()
  await talk(20)
  const late = await tell("much too late")
  await talk(12)
  await expect(hear(late)).rejects.toThrow()
  await talk(1)
})
