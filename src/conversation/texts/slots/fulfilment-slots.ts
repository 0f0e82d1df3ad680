import { rupiah } from "../../../shop/money.ts"
import type { FulfilmentTexts, ParcelWords } from "../fulfilment-texts.ts"
import { oneLine } from "../wording.ts"
import { example } from "./samples.ts"
import {
  block,
  byKind,
  framed,
  type GivenTo,
  line,
  needed,
  once,
  type SlotTable,
  slot,
  type TextSlots,
} from "./slot.ts"

const { orderCode } = example

const sent: ParcelWords = {
  orderCode,
  lines: example.lines,
  delivery: { ...example.delivery, ...example.parcel },
}

const order = needed<Readonly<{ orderCode: string }>>(({ orderCode }) => orderCode)

const shipped: TextSlots<ParcelWords>["slots"] = {
  order,
  parcel: once(({ delivery }, words) => words.parcel(delivery)),
  where_to: block((parcel, words) => words.whereTo(parcel)),
}

const packed: TextSlots<ParcelWords>["slots"] = {
  order,
  lines: block(({ lines }, words) => words.lines({ lines })),
}

type Received = GivenTo<FulfilmentTexts["orderReceived"]>

const asked = slot<Readonly<{ asked?: string | undefined }>>(({ asked }) => asked ?? "")

type NotShipped = Extract<Received, { kind: "not_shipped" }>

const notShipped: TextSlots<NotShipped> = {
  sample: { kind: "not_shipped", orderCode, status: "packing", orderKind: "physical" },
  slots: { order, status: slot(({ status }, words) => words.status(status)) },
}

const nothingToShip: TextSlots<NotShipped> = {
  sample: { ...notShipped.sample, orderKind: "digital" },
  slots: { order },
}

const received = byKind<Exclude<Received, NotShipped>>({
  received: { sample: { kind: "received", orderCode }, slots: { order } },
  received_before: {
    sample: { kind: "received_before", orderCode, at: example.at },
    slots: { order, at: slot(({ at }, { time }) => time(at)) },
  },
  nothing_shipped: { sample: { kind: "nothing_shipped" }, slots: {} },
  which: {
    sample: { kind: "which", orderCodes: [orderCode, "LPK-9H3XT5B"] },
    slots: {
      ways: once(({ orderCodes }, { command }) =>
        orderCodes.map((code) => `${command("received")} ${code}`).join("\n"),
      ),
    },
  },
  not_found: { sample: { kind: "not_found", asked: orderCode }, slots: { order: asked } },
})

/** Of goods on their way. */
export const fulfilmentSlots: SlotTable<FulfilmentTexts> = {
  orderPacking: {
    sample: sent,
    slots: { ...packed, where_to: block((parcel, words) => words.whereTo(parcel)) },
  },
  orderShipped: {
    pick: ({ isCorrected }) => (isCorrected ? "corrected" : "shipped"),
    forms: {
      shipped: { sample: sent, slots: shipped },
      corrected: { sample: { ...sent, isCorrected: true }, slots: shipped },
    },
  },
  orderCompleted: { sample: { orderCode }, slots: { order } },
  addressWanted: { sample: sent, slots: packed },
  orderReceived: {
    pick: (outcome) => {
      const isDigital = outcome.kind === "not_shipped" && outcome.orderKind === "digital"
      return isDigital ? "not_shipped_digital" : outcome.kind
    },
    forms: {
      ...received.forms,
      not_shipped: notShipped,
      not_shipped_digital: nothingToShip,
    },
  },
  receipt: {
    sample: {
      orderCode,
      lines: example.lines,
      delivery: { ...example.delivery, ...example.parcel },
      kind: "physical",
      method: "qris",
      status: "delivered",
      total: example.total,
      paidAt: example.at,
      deliveredAt: example.later,
      returned: rupiah(0),
      returning: rupiah(0),
      shopName: "Lapak",
      note: "Terima kasih sudah belanja!",
    },
    slots: {
      order,
      figures: once((order, words) => words.receiptFigures(order)),
      note: line(({ note }) => oneLine(note ?? "", 200)),
      delivered: line(({ deliveredAt }, { time }) => (deliveredAt ? time(deliveredAt) : "")),
      where_to: block((order, words) => (order.kind === "physical" ? words.whereTo(order) : "")),
      parcel: block(({ kind, delivery }, words) => (kind === "physical" ? words.parcel(delivery) : "")),
      resend: line(({ status, orderCode }, { command }) =>
        status === "delivered" ? `${command("resend")} ${orderCode}` : "",
      ),
    },
  },
  noReceipt: {
    pick: (refusal) => {
      if (refusal.kind === "not_paid") return "not_paid"
      return refusal.asked === undefined ? "none" : "not_found"
    },
    forms: {
      not_paid: {
        sample: { kind: "not_paid", orderCode, status: "expired" },
        slots: {
          order: slot((refusal) => ("orderCode" in refusal ? refusal.orderCode : "")),
          status: slot((refusal, words) => ("status" in refusal ? words.status(refusal.status) : "")),
        },
      },
      none: { sample: { kind: "not_found" }, slots: {} },
      not_found: { sample: { kind: "not_found", asked: orderCode }, slots: { order: asked } },
    },
  },
  ordersToPack: framed({ orders: [{ orderCode, lines: example.lines, hasAddress: true }] }),
}
