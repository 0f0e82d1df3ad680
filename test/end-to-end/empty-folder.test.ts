import { afterEach, expect, test } from "bun:test"
import { join } from "node:path"
import { connectTo } from "../../src/database/connect.ts"
import { postgresDatabase, postgresUser } from "../../src/engines/postgres.ts"
import { signalOne } from "../../src/engines/process-table.ts"
import { auditBooks } from "../support/audit-books.ts"
import { newEngineFolder } from "../support/engine-folder.ts"
import { eventually } from "../support/eventually.ts"
import { startGatewayPeer } from "../support/gateway-peer.ts"
import { runLapak, type ShopProcess, startShop } from "../support/shop-process.ts"
import { gatewaySecret } from "../support/web.ts"

const folder = newEngineFolder()
const customer = "6281234567890"
let shop: ShopProcess | undefined

afterEach(async () => {
  await shop?.signal("SIGKILL")
  await folder.remove()
})

test("in an empty folder the stall opens with a demo to buy from, and outlives the killing of everything", async () => {
  const peer = await startGatewayPeer(gatewaySecret)
  const environment = { DATA_DIR: folder.dataDir, GATEWAY_URL: peer.url, GATEWAY_SECRET: gatewaySecret }
  try {
    shop = await startShop(environment)
    const menu = await peer.ask(shop.url, customer, "halo")
    expect(menu.text).toContain("DEMO")
    const order = await peer.ask(shop.url, customer, ".buy KOPI-1 qris")
    const first = await payDemo(order.text)

    for (const pid of enginePids()) signalOne(pid, "SIGKILL")
    const message = { id: "after the engines were killed", from: customer, text: ".buy GAME-50 qris" }
    const { url } = shop
    await eventually("it is taken", async () => (await peer.send(url, message)).status < 300)
    const isRequest = ({ image }: { image?: unknown }) => image !== undefined
    const request = await eventually("the code", () => peer.repliesTo(message.id).find(isRequest))
    const second = await payDemo(request.text)

    for (const pid of [shop.pid, ...enginePids()]) signalOne(pid, "SIGKILL")
    await shop.exited
    shop = await startShop(environment)
    for (const { code, unit } of [first, second]) {
      const again = await peer.ask(shop.url, customer, `.kirim ${code}`)
      expect(again.text).toContain(unit)
    }
    const sockets = join(folder.dataDir, "sockets")
    const names = { user: postgresUser, database: postgresDatabase }
    const sql = connectTo({ kind: "socket", folder: sockets, ...names }, "lapak", 1)
    expect(await auditBooks(sql)).toEqual([])
    await sql.end()
    expect(await shop.close()).toBe(0)
    expect(enginePids()).toEqual([])
    expect(peer.problems()).toEqual([])
  } finally {
    await peer.stop()
  }

  /** Pretends to pay at the shop's own machine, and returns what came for it. */
  async function payDemo(request: string) {
    const chat = await runLapak(["chat", "--from", customer], environment, ".bayar\n")
    expect(chat.stdout).toContain("Pembayaran")
    const code = /LPK-[0-9A-Z]+/.exec(request)?.[0] ?? "no order"
    const isGoods = ({ text }: { text: string }) => text.includes(code) && /DEMO-[A-Z]/.test(text)
    const goods = await eventually("the goods", () => peer.messagesTo(customer).find(isGoods))
    return { code, unit: /DEMO-[A-Z0-9-]+/.exec(goods.text)?.[0] ?? "no unit" }
  }
})

function enginePids(): number[] {
  return [...folder.postgresPids(), ...folder.redisPids()]
}
