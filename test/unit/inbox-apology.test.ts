import { expect, test } from "bun:test"
import type { OutboundMessage } from "../../src/channels/channel.ts"
import { createApology } from "../../src/inbox/apologise.ts"
import { createRecordingLog, now } from "../support/web.ts"

test("two processes that say different things about one message say them under different ids", async () => {
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
      say: () => ({ delayed: () => "It is stored.", unavailable: () => "It comes again." }),
      clock: () => now,
      log: createRecordingLog(),
    })
  const message = { id: "in-1", from: "6281234567890", text: ".menu" }
  await open()("gateway", message, "not_stored")
  await open()("gateway", message, "stored")
  await open()("gateway", message, "stored")
  expect(new Set(said.map(({ id }) => id)).size).toBe(2)
  expect(said[1]?.id).toBe(said[2]?.id ?? "")
})
