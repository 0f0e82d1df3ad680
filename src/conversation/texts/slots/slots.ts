import type { Texts } from "../texts.ts"
import { browsingSlots } from "./browsing-slots.ts"
import { catalogueDeskSlots } from "./catalogue-desk-slots.ts"
import { deskSlots } from "./desk-slots.ts"
import { fulfilmentSlots } from "./fulfilment-slots.ts"
import { guardSlots } from "./guard-slots.ts"
import { guidedSlots } from "./guided-slots.ts"
import { houseDeskSlots } from "./house-desk-slots.ts"
import { moneySlots } from "./money-slots.ts"
import { noticeSlots } from "./notice-slots.ts"
import { operatorSlots } from "./operator-slots.ts"
import { type Fragment, orderSlots } from "./order-slots.ts"
import { ordersDeskSlots } from "./orders-desk-slots.ts"
import { paymentSlots } from "./payment-slots.ts"
import { peopleSlots } from "./people-slots.ts"
import { refusalSlots } from "./refusal-slots.ts"
import type { Entry, TextSlots } from "./slot.ts"
import { restockSlots, voucherSlots } from "./voucher-slots.ts"
import { warrantySlots } from "./warranty-slots.ts"

/** The texts that can be changed: all that are not a piece of others. */
export type TextName = Exclude<keyof Texts, Fragment>

/**
 * What the operator can change, by the rooms it is listed in. To add texts: give each an entry in a file of
 * its own beside this one (`fixed`, `framed`, or its placeholders with a sample that has everything in it),
 * and add that table here.
 */
const rooms = {
  browsing: browsingSlots,
  guided: guidedSlots,
  orders: orderSlots,
  payments: paymentSlots,
  money: moneySlots,
  warranty: warrantySlots,
  fulfilment: fulfilmentSlots,
  vouchers: voucherSlots,
  restock: restockSlots,
  refusals: refusalSlots,
  guards: guardSlots,
  operator: operatorSlots,
  desk: deskSlots,
  people: peopleSlots,
  orders_desk: ordersDeskSlots,
  catalogue: catalogueDeskSlots,
  notices: noticeSlots,
  house: houseDeskSlots,
} as const

export type Room = keyof typeof rooms

/** A text, or one form of it, under the name an operator calls it by. */
export type Changeable = Readonly<{
  key: string
  room: Room
  name: TextName
  text: TextSlots<unknown>
  /** Whether it is this form that is said with what is given. */
  fits(given: unknown): boolean
}>

type Missing = Exclude<TextName, { [Name in Room]: keyof (typeof rooms)[Name] }[Room]>

/** Everything that can be changed. A text without an entry in `rooms` is named by the compiler here. */
export const changeables: readonly Changeable[] = listed<Missing>(rooms)

function listed<_Missing extends never>(tables: typeof rooms): readonly Changeable[] {
  return Object.entries(tables).flatMap(([room, table]) =>
    Object.entries(table).flatMap(([name, entry]) => formsOf(room as Room, name as TextName, entry)),
  )
}

function formsOf(room: Room, name: TextName, entry: Entry<unknown>): readonly Changeable[] {
  if ("slots" in entry) return [{ key: name, room, name, text: entry, fits: () => true }]
  return Object.entries(entry.forms).map(([form, text]) => ({
    key: `${name}.${form}`,
    room,
    name,
    text,
    fits: (given) => entry.pick(given) === form,
  }))
}

/** As an operator types it: letter case, and what joins the words, mean nothing. */
export function findChangeable(typed: string): Changeable | undefined {
  const sought = bare(typed)
  return changeables.find(({ key }) => bare(key) === sought)
}

/** Those whose name or room has these letters in it; without any, all. */
export function changeablesLike(sought: string): readonly Changeable[] {
  const letters = bare(sought)
  return changeables.filter(({ key, room }) => bare(key).includes(letters) || room === letters)
}

function bare(key: string): string {
  return key.toLowerCase().replace(/[\s._-]+/g, "")
}
