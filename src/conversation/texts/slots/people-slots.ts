import { formatRupiah, type Rupiah, rupiah } from "../../../shop/money.ts"
import type { DeskMenuTexts } from "../desk-menu-texts.ts"
import type { PeopleDeskTexts } from "../people-desk-texts.ts"
import { example } from "./samples.ts"
import { fixed, framed, needed, type SlotTable, slot } from "./slot.ts"

const { amount, balance, number } = example

const person = { name: example.customerName, number, lid: null }

const adjusted = {
  amount: needed<{ amount: Rupiah }>(({ amount }) => formatRupiah(rupiah(Math.abs(amount)))),
  balance: slot<{ balance: Rupiah }>(({ balance }) => formatRupiah(balance)),
}

export const peopleSlots: SlotTable<PeopleDeskTexts & DeskMenuTexts> = {
  personComes: {
    sample: { until: example.at },
    slots: { until: slot(({ until }, { time }) => time(until)) },
  },
  balanceAdjusted: {
    pick: ({ amount }) => (amount > 0 ? "added" : "taken"),
    forms: {
      added: { sample: { amount, balance }, slots: adjusted },
      taken: { sample: { amount: rupiah(-amount), balance }, slots: adjusted },
    },
  },
  personNowhere: fixed,
  botAnswers: fixed,
  personIsYou: fixed,
  personWanted: framed({
    customerName: example.customerName,
    number,
    lid: null,
    since: example.at.toISOString(),
  }),
  peopleHelp: fixed,
  peopleProblem: framed({ command: "credit", problem: { room: "people", kind: "missing_amount" } }),
  peoplePreview: framed({ kind: "unblock", person }),
  peopleOutcome: framed({ kind: "unblocked", person }),
  deskMenu: framed({ rooms: ["people", "house"] }),
  deskRoom: framed({ room: "people", lines: "…" }),
  deskMenuRange: framed({ rooms: 7 }),
  deskMeant: framed({ kind: "slip", word: "stok" }),
  deskMenuClosed: fixed,
  linesBelow: framed({ command: "kredit" }),
  deskHint: fixed,
}
