import { expect, test } from "bun:test"
import { fetchDocument } from "../../src/channels/whatsapp/fetch-document.ts"
import { quietLog } from "../support/gate.ts"

const key = Buffer.alloc(32).toString("base64")
const document = {
  path: "/v/stok",
  mediaKey: key,
  encryptedHash: key,
  hash: key,
  bytes: 10,
  type: "text/plain",
  name: "stok.txt",
}

test("a file is waited for so long and no longer, also where nobody answers, and not by a shop that stops", async () => {
  const socket = { data: () => undefined }
  using server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket })
  const host = `127.0.0.1:${server.port}`
  const given = { host, stopping: new AbortController().signal, log: quietLog }
  expect(await fetchDocument(document, { ...given, withinMs: 50 })).toEqual({ kind: "failed" })
  const stopping = AbortSignal.timeout(50)
  expect(await fetchDocument(document, { ...given, stopping })).toEqual({ kind: "failed" })
}, 5_000)
