import { afterEach, expect, test } from "bun:test"
import { findNewestVersion } from "../../src/channels/whatsapp/find-version.ts"

const servers: Bun.Server<undefined>[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(true)
})

function serveScript(answer: (request: Request) => Response): string {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer })
  servers.push(server)
  return `ws://127.0.0.1:${server.port}/ws/chat`
}

test("the newest version is read from the script beside the socket", async () => {
  const asked: string[] = []
  const url = serveScript((request) => {
    asked.push(new URL(request.url).pathname)
    return new Response('self.x={"server_revision":1,"client_revision":1035194821,"tier":"stable"}')
  })
  expect(await findNewestVersion(url)).toEqual([2, 3000, 1035194821])
  expect(asked).toEqual(["/sw.js"])
})

test("the script may have its quotes escaped", async () => {
  const url = serveScript(() => new Response('JSON.parse("{\\"client_revision\\": 1035194822}")'))
  expect(await findNewestVersion(url)).toEqual([2, 3000, 1035194822])
})

test.each([
  ["an error", () => new Response('"client_revision":1035194821', { status: 503 })],
  ["an empty page", () => new Response("")],
  ["a page of something else", () => new Response("<html>not here</html>")],
  ["a number too long to be one", () => new Response('"client_revision":12345678901234567890')],
])("%s tells of no version", async (_, answer) => {
  expect(await findNewestVersion(serveScript(answer))).toBeUndefined()
})

test("a server that is not there tells of no version", async () => {
  const url = serveScript(() => new Response(""))
  for (const server of servers.splice(0)) await server.stop(true)
  expect(await findNewestVersion(url)).toBeUndefined()
})
