import { createInterface } from "node:readline"
import { startMidtransSimulator } from "./start-midtrans-simulator.ts"

/** For playing by hand: `bun test/simulators/midtrans/main.ts [notification URL]`, then `pay ORDER` and the like. */
const serverKey = process.env.MIDTRANS_SERVER_KEY ?? "SB-Mid-server-simulated"
const notifyUrl = process.argv[2]
const simulator = await startMidtransSimulator({ serverKey, ...(notifyUrl && { notifyUrl }) })
const write = (line: string) => process.stdout.write(`${line}\n`)
const { pay, capture, deny, fail, expire, cancel, refund, chargeBack, chargeBackPartly, openAgain } =
  simulator
const verbs: Readonly<Record<string, (id: string) => void>> = {
  pay,
  capture,
  deny,
  fail,
  expire,
  cancel,
  refund,
  chargeBack,
  chargeBackPartly,
  openAgain,
}

write(`MIDTRANS_BASE_URL=${simulator.url}`)
write(`MIDTRANS_SERVER_KEY=${serverKey}`)
for await (const line of createInterface({ input: process.stdin })) {
  const [verb = "", id = ""] = line.trim().split(/\s+/)
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (act && simulator.transaction(id)) act(id)
  else
    write(
      `say ${Object.keys(verbs).join(", ")} and one of: ${simulator.transactions().map((one) => one.orderId)}`,
    )
}
await simulator.stop()
