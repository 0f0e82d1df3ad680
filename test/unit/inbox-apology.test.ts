import { expect, test } from "bun:test"
import type { OutboundMessage } from "../../src/channels/channel.ts"
import { createApology } from "../../src/inbox/apologise.ts"
import { createRecordingLog, now } from "../support/web.ts"

function openApologies() {
  const said: OutboundMessage[] = []
  const open = () =>
    createApology({
      channels: [
        {
          name: "gateway",
          send: async (message) => {
            said.push(message)
            return { kind: "delivered" }
          },
          stop: async () => undefined,
        },
      ],
      say: () => ({
        id: { delayed: () => "Sudah disimpan.", unavailable: () => "Datang lagi." },
        en: { delayed: () => "It is stored.", unavailable: () => "It comes again." },
      }),
      clock: () => now,
      log: createRecordingLog(),
    })
  return { said, open }
}

test("two processes that say different things about one message say them under different ids", async () => {
  const { said, open } = openApologies()
  const message = { id: "in-1", from: "6281234567890", text: ".menu" }
  await open()("gateway", message, { state: "not_stored" })
  await open()("gateway", message, { state: "stored", language: "id" })
  await open()("gateway", message, { state: "stored", language: "id" })
  expect(new Set(said.map(({ id }) => id)).size).toBe(2)
  expect(said[1]?.id).toBe(said[2]?.id ?? "")
})

test("who is known is told in their language, and who is not in both", async () => {
  const { said, open } = openApologies()
  const message = { id: "in-1", from: "6281234567890", text: ".menu" }
  await open()("gateway", message, { state: "not_stored" })
  await open()("gateway", message, { state: "stored", language: "en" })
  expect(said.map(({ text }) => text)).toEqual(["Datang lagi.\n\nIt comes again.", "It is stored."])
})
