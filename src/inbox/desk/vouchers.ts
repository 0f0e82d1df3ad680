import type { VouchersAsked, VouchersProblem } from "../../conversation/desk/vouchers.ts"
import { recordAudit } from "../../database/audit-log.ts"
import {
  changeVoucher,
  closeVoucher,
  createVoucher,
  listVouchers,
  readVoucher,
} from "../../database/voucher-desk.ts"
import type { Desk, DeskRoom, Preview } from "./desk-room.ts"

/** What is read well on a phone. */
const listedMax = 20
const usesListedMax = 10

/** In rupiah: what nobody gives off. */
const tinyBelow = 500

/** Makes, shows, changes and ends vouchers. Ending one is asked for twice. */
export const vouchersDesk: DeskRoom<VouchersAsked, VouchersProblem> = {
  explain: (_command, problem, say) => say.vouchersProblem({ problem }),
  preview: async (desk, asked) => {
    if (asked.kind === "create") return previewCreation(desk, asked)
    if (asked.kind !== "close") return { kind: "go" }
    const report = await readVoucher(desk.statements, { code: asked.code, usesMax: 0 })
    if (!report || report.voucher.closedAt !== null) return { kind: "go" }
    return { kind: "ask", text: desk.say.voucherToClose(report) }
  },
  act: async (desk, asked) => ({ text: await work(desk, asked) }),
}

/** A discount of a few rupiah may have been meant in percent, and one without any limit to have one. */
function previewCreation({ say }: Desk, asked: Extract<VouchersAsked, { kind: "create" }>): Preview {
  const { discount, rules } = asked
  const isTiny = "amount" in discount && discount.amount < tinyBelow
  const isUnlimited = rules.usesMax == null && rules.usesPerCustomer == null && rules.endsOn == null
  if (!isTiny && !isUnlimited) return { kind: "go" }
  return { kind: "ask", text: say.voucherToCreate({ code: asked.code, discount, isTiny, isUnlimited }) }
}

async function work(desk: Desk, asked: VouchersAsked): Promise<string> {
  const { statements, say, shop } = desk
  switch (asked.kind) {
    case "create": {
      const { code, discount, rules } = asked
      const created = await createVoucher(statements, { code, discount, rules, actor: desk.actor })
      if (created.kind === "created") await record(desk, "create_voucher", code, { ...discount, ...rules })
      return say.voucherCreated(created)
    }
    case "change": {
      const { code, rules } = asked
      const changed = await changeVoucher(statements, { code, rules })
      if (changed.kind === "changed") await record(desk, "change_voucher", code, { ...rules })
      return say.voucherChanged({ ...changed, voucherCode: code })
    }
    case "close": {
      const closed = await closeVoucher(statements, asked.code)
      if (closed.kind === "closed")
        await record(desk, "close_voucher", asked.code, { uses: closed.voucher.uses })
      return say.voucherClosed({ ...closed, voucherCode: asked.code })
    }
    case "list":
      return say.voucherList(await listVouchers(statements, listedMax))
    case "show": {
      const report = await readVoucher(statements, { code: asked.code, usesMax: usesListedMax })
      if (!report) return say.noSuchVoucher()
      return say.voucherReport({ ...report, at: shop.clock() })
    }
  }
}

function record(
  { statements, actor }: Desk,
  action: string,
  code: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  return recordAudit(statements, { actor, action, subject: `voucher:${code}`, details })
}
