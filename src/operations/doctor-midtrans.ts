import type { Config } from "../config.ts"
import { createMidtransCalls } from "../payments/midtrans/midtrans-calls.ts"
import { broken, type Finding, look } from "./finding.ts"

const part = "Midtrans"
const answerTimeoutMs = 5_000
const whereKeysAre = "it is in Midtrans' dashboard under Settings, Access Keys"

/** What is wrong with the key or with Midtrans itself; nothing where all is well, or it is not used. */
export async function examineMidtrans({ midtrans }: Config, clock: () => Date): Promise<Finding[]> {
  if (!midtrans) return []
  const { serverKey, production } = midtrans
  if (serverKey.startsWith("Mid-server-") && !production) {
    const says = "the key is one for real money, and MIDTRANS_PRODUCTION is off, where it does not work"
    return [look(part, `${says}: put MIDTRANS_PRODUCTION=on into .env and restart the shop`)]
  }
  if (serverKey.startsWith("SB-") && production) {
    const says = "the key is one of the sandbox, and MIDTRANS_PRODUCTION is on, where it does not work"
    return [look(part, `${says}: put the production key into .env (${whereKeysAre}), or turn it off`)]
  }
  // An order that nobody made: whoever has the right key hears that it is not there.
  const answer = await createMidtransCalls(midtrans, answerTimeoutMs).status(`doctor-${clock().getTime()}`)
  if (answer.kind === "failed" && answer.code === 401) {
    const environment = production ? "production" : "sandbox"
    const says = `refuses MIDTRANS_SERVER_KEY, so nobody can pay by it: put the ${environment}'s server key`
    return [broken(part, `${says} into .env (${whereKeysAre}) and restart the shop`)]
  }
  const isAnswered = answer.kind === "answered" || (answer.kind === "failed" && answer.fromMidtrans)
  return isAnswered
    ? []
    : [look(part, "does not answer; a payment that is asked for now is not made, and nothing is charged")]
}
