import { parcelLimits, parcelProblem } from "../conversation/desk/orders.ts"
import type { Texts } from "../conversation/texts/texts.ts"
import type { Statements } from "../database/connect.ts"
import {
  completeOrder,
  type OrderStep,
  packOrder,
  resendToCustomer,
  type ShippedOrder,
  shipOrder,
} from "../shop/fulfil-order.ts"
import {
  listUnshipped,
  readDeskOrder,
  readSales,
  type SalesPeriod,
  searchOrders,
} from "../shop/orders-desk.ts"
import { CommandError, type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"
import { shellWords } from "./shell-words.ts"

const actor = "shell"

/** `lapak orders sales [day|week|month]` */
export async function salesCommand(line: CommandLine, period: string): Promise<ExitCode> {
  if (!isPeriod(period)) throw new CommandError("The period is day, week or month.", 2)
  return await show(line, async (statements, texts) =>
    texts.sales(await readSales(statements, { period, at: new Date() })),
  )
}

/** `lapak orders find TEXT` */
export async function findCommand(line: CommandLine, text: string): Promise<ExitCode> {
  return await show(line, async (statements, texts) =>
    texts.ordersFound({ orders: await searchOrders(statements, text) }),
  )
}

/** `lapak orders toship` */
export async function unshippedCommand(line: CommandLine): Promise<ExitCode> {
  return await show(line, async (statements, texts) => texts.unshipped(await listUnshipped(statements)))
}

/** `lapak orders show ORDER` */
export async function showCommand(line: CommandLine, code: string): Promise<ExitCode> {
  const orderCode = normalCode(code)
  return await change(line, async (statements, texts) => {
    const order = await readDeskOrder(statements, orderCode)
    return order
      ? { text: texts.deskOrder(order), isDone: true }
      : { text: texts.noSuchOrder(), isDone: false }
  })
}

/** `lapak orders pack ORDER` */
export async function packCommand(line: CommandLine, code: string): Promise<ExitCode> {
  const orderCode = normalCode(code)
  return await change(line, async (statements, texts) => {
    const outcome = await packOrder(statements, { orderCode, actor })
    return { text: texts.orderPacked({ ...outcome, orderCode }), isDone: isMade(outcome) }
  })
}

/** `lapak orders ship ORDER COURIER NUMBER` */
export async function shipCommand(
  line: CommandLine,
  given: { code: string; courier: string; tracking: string },
): Promise<ExitCode> {
  const orderCode = normalCode(given.code)
  const courier = given.courier.trim()
  const tracking = given.tracking.trim()
  const wrong = parcelProblem({ courier, tracking })
  if (wrong?.startsWith("courier"))
    throw new CommandError(`COURIER is a name of at most ${parcelLimits.courier} letters and digits.`, 2)
  if (wrong)
    throw new CommandError(
      `NUMBER is at most ${parcelLimits.tracking} letters and digits without spaces; it has a digit.`,
      2,
    )
  return await change(line, async (statements, texts) => {
    const outcome = await shipOrder(statements, { orderCode, courier, tracking, actor })
    return { text: texts.orderSent({ ...outcome, orderCode }), isDone: isMade(outcome) }
  })
}

/** `lapak orders complete ORDER` */
export async function completeCommand(line: CommandLine, code: string): Promise<ExitCode> {
  const orderCode = normalCode(code)
  return await change(line, async (statements, texts) => {
    const outcome = await completeOrder(statements, { orderCode, actor })
    return { text: texts.orderEnded({ ...outcome, orderCode }), isDone: isMade(outcome) }
  })
}

/** `lapak orders resend ORDER` */
export async function resendCommand(line: CommandLine, code: string): Promise<ExitCode> {
  const orderCode = normalCode(code)
  return await change(line, async (statements, texts) => {
    const outcome = await resendToCustomer(statements, { orderCode, actor })
    const isDone = outcome.kind === "resent" || outcome.kind === "being_sent"
    return { text: texts.goodsResent({ ...outcome, orderCode }), isDone }
  })
}

function show(line: CommandLine, read: (statements: Statements, texts: Texts) => Promise<string>) {
  return change(line, async (statements, texts) => ({ text: await read(statements, texts), isDone: true }))
}

/** What is promised to customers by it is sent by a running server, or at the next start. */
async function change(
  line: CommandLine,
  work: (statements: Statements, texts: Texts) => Promise<{ text: string; isDone: boolean }>,
): Promise<ExitCode> {
  return await withFoundation<ExitCode>(line, async ({ database }) => {
    const say = await shellWords(database, "lapak orders ")
    const { text, isDone } = await database.ask("orders_command", () => work(database.sql, say))
    line.print(text)
    return isDone ? 0 : 1
  })
}

function isMade({ kind }: OrderStep | ShippedOrder): boolean {
  return kind === "moved" || kind === "moved_before" || kind === "corrected"
}

function isPeriod(text: string): text is SalesPeriod {
  return text === "day" || text === "week" || text === "month"
}

function normalCode(code: string): string {
  return code.trim().replace(/^#/, "").toUpperCase()
}
