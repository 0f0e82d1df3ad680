import { formatRupiah } from "../../shop/money.ts"
import type { OrderUnit, OrderUnits, WarrantyRefusal, WarrantyTexts } from "./warranty-texts.ts"
import { join, oneLine, unitBlock, type Wording } from "./wording.ts"

export function warranty(wording: Wording): WarrantyTexts {
  const { command } = wording
  return {
    warrantyReplaced: ({ orderCode, units, ...unit }) =>
      join(
        `*Warranty of order ${orderCode}: replaced* ✅`,
        unitName(unit) || undefined,
        "",
        "Here is the new one:",
        unitBlock(units),
        "",
        "Keep it safe. A replacement has no warranty of its own.",
        `Need it again? ${command("resend")} ${orderCode}`,
      ),
    warrantyRefunded: ({ orderCode, amount, balance, isSoldOut, ...unit }) =>
      join(
        `*Warranty of order ${orderCode}: your money is back* ✅`,
        unitName(unit) || undefined,
        "",
        `${isSoldOut ? "There is no other one left, so " : ""}${formatRupiah(amount)} is in your balance now.`,
        `Balance now: *${formatRupiah(balance)}*`,
        `Choose something else: ${command("catalogue")}`,
      ),
    warrantyWhich: ({ orderCode, units }) =>
      join(
        `Order ${orderCode} has ${units.length} items. Which one does not work?`,
        "",
        unitList(units),
        "",
        "They are numbered as in the message that brought them.",
        `For the first one, send: ${command("warranty")} ${orderCode} 1`,
      ),
    warrantyRefused: (refusal) => refuse(refusal, wording),
    warrantyNotGranted: ({ orderCode, ...unit }) =>
      join(
        `The seller has looked at your warranty claim for order ${orderCode} 🙏`,
        unitName(unit) || undefined,
        "Sorry, this claim could not be granted.",
        `Would you like to know more? Please write to the seller: ${command("person")}`,
      ),
  }
}

function refuse(refusal: WarrantyRefusal, { command, time }: Wording): string {
  const { orderCode } = refusal
  switch (refusal.kind) {
    case "physical":
      return join(
        `Order ${orderCode} is a physical item, so the seller looks at its warranty in person.`,
        `Tell the seller what is wrong: ${command("person")}`,
      )
    case "not_delivered":
      return join(
        `Order ${orderCode} was not delivered, so its warranty has not begun.`,
        `Look first: ${command("status")} ${orderCode}`,
      )
    case "no_warranty":
      return `What is in order ${orderCode} was sold without a warranty. Trouble? Please write to the seller: ${command("person")}`
    case "over":
      return join(
        `Sorry, the warranty of order ${orderCode} ended ${time(refusal.endedAt)}.`,
        `Still trouble? Please write to the seller: ${command("person")}`,
      )
    case "refunded_before":
      return join(
        `The money of order ${orderCode} was given back, so nothing of it is under warranty.`,
        `Does something not fit? See ${command("balance")}, or write to the seller: ${command("person")}`,
      )
    case "made_good_before":
      return join(
        `Of order ${orderCode}, ${formatRupiah(refusal.returned)} went back and ` +
          `${refusal.replaced} ${refusal.replaced === 1 ? "item was" : "items were"} replaced, ` +
          "so nothing of it is under warranty any more.",
        `Does something not fit? See ${command("status")} ${orderCode}, or write to the seller: ${command("person")}`,
      )
    case "no_such_unit":
      return join(
        `Order ${orderCode} has only ${refusal.count} ${refusal.count === 1 ? "item" : "items"}.`,
        `For example: ${command("warranty")} ${orderCode} ${refusal.count}`,
      )
    case "claimed_before":
      return join(
        `${claimedUnit(refusal)} ${orderCode} was ` +
          `claimed before and ${refusal.wasReplaced ? "replaced" : "paid back"}. ` +
          "The warranty holds once for each item.",
        refusal.wasReplaced
          ? `Need it again? ${command("resend")} ${orderCode}`
          : `See your balance: ${command("balance")}`,
      )
    case "in_review":
      return join(
        `Your warranty claim for order ${orderCode} is noted 🙏`,
        "The seller looks at it first and will let you know soon.",
        "No need to send it again.",
      )
    case "other_in_review":
      return join(
        `The seller is still looking at your warranty claim for order ${refusal.otherOrderCode}.`,
        `Once that is done, please claim again: ${command("warranty")} ${orderCode}`,
      )
    case "reviewed":
      return join(
        `The seller has looked at the warranty claim for this item of order ${orderCode} already.`,
        `Is something not clear? Please write to the seller: ${command("person")}`,
      )
  }
}

/** Ends before the order's code. */
export function claimedUnit({ place, count }: Readonly<{ place: number; count: number }>): string {
  return count > 1 ? `Item ${place} of order` : "The item of order"
}

export function unitList(units: OrderUnits): string {
  return units
    .map(
      ({ name, isClaimed }, place) => `${place + 1}. ${oneLine(name)}${isClaimed ? " (claimed before)" : ""}`,
    )
    .join("\n")
}

export function unitName({ name, place, count }: Omit<OrderUnit, "orderCode">): string {
  return count > 1 ? `Item ${place}: ${oneLine(name)}` : oneLine(name)
}
