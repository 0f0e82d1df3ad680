import { afterAll, expect, test } from "bun:test"
import { connectTo } from "../../src/database/connect.ts"
import { freshDatabase, freshRedis, testShop } from "../support/engines.ts"

const database = await freshDatabase()
const other = await freshDatabase()
afterAll(async () => {
  await database.drop()
  await other.drop()
})

test("each fresh database has the shop's tables and nothing of another's rows", async () => {
  const here = connectTo(database.address, testShop, 1)
  const there = connectTo(other.address, testShop, 1)
  await here`create table a_row_here (id int)`
  const [found] = await there`select to_regclass('a_row_here') as table, to_regclass('products') as products`
  expect(found).toEqual({ table: null, products: "products" })
  await here.end()
  await there.end()
})

test("a fresh Redis can be killed and started again", async () => {
  const redis = await freshRedis()
  await redis.signal("SIGKILL")
  await redis.start()
  const answer = await ping(redis.socketPath)
  await redis.stop()
  expect(answer).toBe("+PONG\r\n")
})

async function ping(path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = await Bun.connect({
    unix: path,
    socket: {
      data: (_, bytes) => resolve(bytes.toString()),
      open: (opened) => void opened.write("PING\r\n"),
    },
  })
  const answer = await promise
  socket.end()
  return answer
}
