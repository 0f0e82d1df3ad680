import { afterAll, beforeAll, expect, test } from "bun:test"
import { promiseNotice, takeBackNotices } from "../../src/database/operator-notices.ts"
import { claimOutbox } from "../../src/database/outbox.ts"
import { appointOwners } from "../../src/database/users.ts"
import { newCustomer, openTables, say, someProcess, type TestTables } from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

const texts = { id: "WhatsApp", en: "WhatsApp" }
const tell = (notice: string, channel = "test") =>
  promiseNotice(tables.database, { notice, texts, channels: [channel] })

async function noticesWith(state: string): Promise<readonly string[]> {
  const rows = await tables.sql<{ notice: string }[]>`
    select data ->> 'notice' as notice from outbox where state = ${state} order by id
  `
  return rows.map(({ notice }) => notice)
}

test("what waits of WhatsApp being away is taken back on that channel, and nothing else", async () => {
  const { database } = tables
  const number = await newCustomer(tables)
  await appointOwners(database, [number])
  await say(tables, number)
  const away = ["whatsapp_logged_out", "whatsapp_replaced", "whatsapp_stopped", "whatsapp_keeps_failing"]
  expect(await tell("whatsapp_logged_out")).toBe(1)
  await claimOutbox(database, someProcess, { channels: ["test"], limit: 1, broadcastsMax: 0 })
  for (const notice of [...away.slice(1), "whatsapp_sending_paused"]) expect(await tell(notice)).toBe(1)

  await takeBackNotices(database, { channel: "elsewhere" })
  expect(await noticesWith("waiting")).toEqual([...away.slice(1), "whatsapp_sending_paused"])
  await takeBackNotices(database, { channel: "test" })
  await takeBackNotices(database, { channel: "test" })
  expect(await noticesWith("waiting")).toEqual(["whatsapp_sending_paused"])
  expect(await noticesWith("sending")).toEqual(["whatsapp_logged_out"])
  expect(await tell("whatsapp_replaced")).toBe(1)
})
