import { takesRealMoney } from "./config.ts"
import { readDemoPayment } from "./database/demo-payments.ts"
import { readStaticPayment } from "./database/static-payments.ts"
import type { Foundation } from "./foundation.ts"
import { createDemoProvider } from "./payments/demo/create-demo-provider.ts"
import { createMidtransProvider } from "./payments/midtrans/create-midtrans-provider.ts"
import type { PaymentProvider } from "./payments/payment-provider.ts"
import { createStaticQrisProvider } from "./payments/static-qris/create-static-qris-provider.ts"
import { withBreaker } from "./payments/with-breaker.ts"

/**
 * The configured gateway, the shop's static code; with neither, and with the demo on, pretended payments. The
 * first makes new charges; the others look after those they made before.
 */
export function openProviders({ config, log, database }: Foundation): PaymentProvider[] {
  const clock = () => new Date()
  const providers: PaymentProvider[] = []
  if (config.midtrans)
    providers.push(
      withBreaker(createMidtransProvider({ config: config.midtrans, log, clock }), { log, clock }),
    )
  if (config.staticQris)
    providers.push(
      createStaticQrisProvider({
        code: config.staticQris.code,
        clock,
        readStaticPayment: (reference) => readStaticPayment(database, reference),
      }),
    )
  if (!takesRealMoney(config) && config.demo)
    providers.push(
      createDemoProvider({
        clock,
        readDemoPayment: (reference) => readDemoPayment(database, reference),
      }),
    )
  return providers
}
