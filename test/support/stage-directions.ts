import { saveProducts } from "../../src/database/products.ts"
import { openVault } from "../../src/operations/vault.ts"
import { addStock } from "../../src/shop/add-stock.ts"
import { rupiah } from "../../src/shop/money.ts"
import { eventually } from "./eventually.ts"
import type { Stage } from "./play-transcript.ts"
import { stallSecret } from "./stall.ts"

type Direction = readonly [RegExp, (words: Readonly<Record<string, string>>, stage: Stage) => Promise<void>]

/** What can be written between brackets in a transcript. */
const directions: readonly Direction[] = [
  [
    /^on sale: (?<code>\S+), (?<name>[^,]+), Rp (?<price>[\d.]+), (?<count>\d+) (?<kind>units|pieces)$/,
    async ({ code = "", name = "", price = "", count = "", kind }, { stall }) => {
      const words = { code, name, price: rupiah(Number(price.replaceAll(".", ""))), description: "" }
      const isDigital = kind === "units"
      await saveProducts(stall.database, [
        {
          ...words,
          category: isDigital ? "Voucher" : "Barang",
          kind: isDigital ? "digital" : "physical",
          stock: isDigital ? 0 : Number(count),
        },
      ])
      if (!isDigital) return
      const units = Array.from({ length: Number(count) }, (_, place) => `${code}-rahasia-${place + 1}`)
      await addStock(stall.database, openVault(stallSecret), { code, units })
    },
  ],
  [
    /^(?<who>\w+) has Rp (?<balance>[\d.]+)$/,
    async ({ who = "", balance = "" }, { stall, numberOf }) => {
      const amount = balance.replaceAll(".", "")
      await stall.run("balance", "credit", numberOf(who), amount, "--reason", "saldo awal")
    },
  ],
  [
    /^(?<who>\w+) is (?:a|an) (?<role>reseller|admin)$/,
    async ({ who = "", role = "" }, { stall, numberOf }) => {
      const number = numberOf(who)
      await stall.sql`
        insert into users (number, role) values (${number}, ${role})
        on conflict (number) do update set role = excluded.role
      `
    },
  ],
  [
    /^(?<who>\w+) is silent for half an hour$/,
    async ({ who = "" }, { stall, numberOf }) => {
      const number = numberOf(who)
      await stall.sql`
        update outbox
           set created_at = outbox.created_at - interval '31 minutes'
          from users
         where users.id = user_id
           and number = ${number}
      `
      const left = await stall.sql`
        update conversations
           set updated_at = updated_at - interval '31 minutes'
          from users
         where users.id = user_id
           and number = ${number}
        returning user_id
      `
      if (left.length === 0) return
      await eventually("the conversation ends", async () => {
        const open = await stall.sql`
          select from conversations join users on users.id = user_id where number = ${number}
        `
        return open.length === 0
      })
    },
  ],
  [
    /^the broadcast is over$/,
    async (_, { stall }) => {
      await eventually("the broadcast is over", async () => {
        const open = await stall.sql`select from broadcasts where ended_at is null`
        return open.length === 0
      })
    },
  ],
  [
    /^(?<who>\w+) pays$/,
    async ({ who = "" }, stage) => {
      const { stall, numberOf, shop } = stage
      const [payment] = await stall.sql<{ reference: string }[]>`
        select reference
          from payments
          join users on users.id = payments.user_id
         where number = ${numberOf(who)}
         order by payments.id desc
         limit 1
      `
      const notification = stall.pay(payment?.reference ?? "")
      const status = await stall.notify(shop(), notification)
      if (status !== 200) throw new Error(`the shop answered a payment with ${status}`)
      await eventually("the payment is worked", async () => {
        const open = await stall.sql`select from open_payment_events`
        return open.length === 0
      })
    },
  ],
]

/** Does what a direction says. Throws for one that is not known. */
export async function direct(text: string, stage: Stage): Promise<void> {
  for (const [pattern, act] of directions) {
    const found = pattern.exec(text)
    if (found) return await act(found.groups ?? {}, stage)
  }
  throw new Error(`a direction that nobody can follow: [${text}]`)
}
