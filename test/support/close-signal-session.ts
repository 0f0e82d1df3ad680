import { silenceConsole } from "../../src/channels/whatsapp/mend-baileys.ts"
import { createSignalDevice } from "../simulators/whatsapp/signal-device.ts"
import { openSignalShop } from "./signal-shop.ts"

/**
 * A customer writes twice, the second time from a new installation: the shop closes its first session with
 * them. Run as a program of its own; with `silenced` the console is silenced before.
 */
if (process.argv.includes("silenced")) silenceConsole()

const { repository, bundle } = openSignalShop()
const customer = createSignalDevice(5000)
for (let time = 0; time < 2; time += 1) {
  customer.forgetSession("shop")
  await customer.startSession("shop", await bundle())
  const { type, bytes } = await customer.encrypt("shop", Buffer.from("halo"))
  const read = await repository.decryptMessage({
    jid: "6281200000001@s.whatsapp.net",
    type,
    ciphertext: bytes,
  })
  if (Buffer.from(read).toString() !== "halo") throw new Error("the message was not read")
}
process.exit(0)
