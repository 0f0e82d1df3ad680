import type { Language, Role } from "../shop/customer.ts"
import type { UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import type { Statements } from "./connect.ts"
import type { GoodsCount } from "./orders.ts"

/** Somebody the shop knows, as an operator speaks of them. */
export type Person = Readonly<{
  userId: UserId
  /** As the customer calls themself; may be empty. */
  name: string
  /** Null while only their LID is known. */
  number: string | null
  lid: string | null
  role: Role
  isBlocked: boolean
}>

/** Everything an operator sees of one customer. */
export type CustomerCard = Person &
  Readonly<{
    language: Language
    balance: Rupiah
    /** Undefined for none: times as they are now. */
    blockedAt: Date | undefined
    quietUntil: Date | undefined
    waitsSince: Date | undefined
    knownSince: Date
    /** Of a message in the last 30 days. */
    lastSeenAt: Date | undefined
    /** Orders that were paid, and what they came to. */
    orders: Readonly<{ count: number; total: Rupiah }>
    unpaid: Readonly<{ orderCode: string; total: Rupiah; expiresAt: Date }> | undefined
  }>

/** A customer in whose chat a person answers, or is waited for. */
export type QuietChat = Person & Readonly<{ quietUntil: Date; waitsSince: Date | undefined }>

export type BlockedCustomer =
  | Readonly<{ kind: "blocked"; orderCode: string | null; goods: readonly GoodsCount[] }>
  | Readonly<{ kind: "blocked_before" }>
  /** An owner, or, where no owner asks, an admin. */
  | Readonly<{ kind: "protected"; role: Role }>

export type ChangedRole =
  | Readonly<{ kind: "changed"; before: Role }>
  | Readonly<{ kind: "same" }>
  /** Owners are named by the configuration alone. */
  | Readonly<{ kind: "owner" }>

/** The customer with this number or LID (`<digits>@lid`). */
export async function findPerson(statements: Statements, address: string): Promise<Person | undefined> {
  const rows = await statements<Person[]>`
    select ${personColumns(statements)}
      from users
     where number = ${address}
        or id = (select user_id from lids where lid = ${address})
     limit 1
  `
  return rows[0]
}

/** Customers whose number, or LID, ends with these digits; the newest first, at most so many. */
export async function findPeopleByEnd(
  statements: Statements,
  digits: string,
  limit: number,
): Promise<readonly Person[]> {
  return await statements<Person[]>`
    select ${personColumns(statements)}
      from users
     where united_into is null
       and (
         right(number, ${digits.length}) = ${digits}
         or exists (
           select from lids
            where lids.user_id = users.id
              and right(split_part(lid, '@', 1), ${digits.length}) = ${digits}
         )
       )
     order by id desc
     limit ${limit}
  `
}

/** One customer with everything that is known; undefined when there is none of that id. */
export async function readCustomerCard(
  statements: Statements,
  userId: UserId,
): Promise<CustomerCard | undefined> {
  type Row = Omit<
    CustomerCard,
    "blockedAt" | "quietUntil" | "waitsSince" | "lastSeenAt" | "unpaid" | "orders"
  > &
    Record<"blockedAt" | "quietUntil" | "waitsSince" | "lastSeenAt" | "expiresAt", Date | null> &
    Record<"unpaidCode", string | null> &
    Record<"unpaidTotal", Rupiah | null> &
    Readonly<{ paidCount: number; paidTotal: Rupiah }>
  const [row] = await statements<Row[]>`
    select ${personColumns(statements)},
           users.language,
           users.balance,
           users.blocked_at as "blockedAt",
           case when is_quiet(users) then users.quiet_until end as "quietUntil",
           case when is_quiet(users) then users.waits_for_person_since end as "waitsSince",
           users.created_at as "knownSince",
           (select max(received_at) from inbox where user_id = users.id) as "lastSeenAt",
           paid.count as "paidCount",
           paid.total as "paidTotal",
           unpaid.code as "unpaidCode",
           unpaid.total as "unpaidTotal",
           unpaid.expires_at as "expiresAt"
      from users
     cross join lateral (
       select count(*)::integer as count, coalesce(sum(total), 0)::bigint as total
         from orders
        where user_id = users.id
          and paid_at is not null
     ) as paid
      left join orders as unpaid on unpaid.user_id = users.id and unpaid.status = 'awaiting_payment'
     where users.id = ${userId}
  `
  if (!row) return undefined
  const { paidCount, paidTotal, unpaidCode, unpaidTotal, expiresAt, ...card } = row
  const isUnpaid = unpaidCode !== null && unpaidTotal !== null && expiresAt !== null
  return {
    ...card,
    blockedAt: row.blockedAt ?? undefined,
    quietUntil: row.quietUntil ?? undefined,
    waitsSince: row.waitsSince ?? undefined,
    lastSeenAt: row.lastSeenAt ?? undefined,
    orders: { count: paidCount, total: paidTotal },
    unpaid: isUnpaid ? { orderCode: unpaidCode, total: unpaidTotal, expiresAt } : undefined,
  }
}

/** Blocks a customer and ends their unpaid order, whose goods came free; see `block_customer` in sql/0025. */
export async function blockCustomer(
  statements: Statements,
  userId: UserId,
  { byOwner }: { byOwner: boolean },
): Promise<BlockedCustomer> {
  const rows = await statements<{ blocked: BlockedCustomer }[]>`
    select block_customer(${userId}, ${byOwner}) as blocked
  `
  return rows[0]?.blocked ?? { kind: "blocked_before" }
}

/** False when the customer was not blocked. */
export async function unblockCustomer(statements: Statements, userId: UserId): Promise<boolean> {
  const rows = await statements`
    update users
       set blocked_at = null
     where id = ${userId}
       and blocked_at is not null
    returning id
  `
  return rows.length > 0
}

/** Gives a customer another role; see `change_role` in sql/0025. */
export async function changeRole(
  statements: Statements,
  userId: UserId,
  role: Exclude<Role, "owner">,
): Promise<ChangedRole> {
  const rows = await statements<{ changed: ChangedRole }[]>`
    select change_role(${userId}, ${role}) as changed
  `
  return rows[0]?.changed ?? { kind: "same" }
}

/** Owners first, then admins. */
export async function listTeam(statements: Statements): Promise<readonly Person[]> {
  return await statements<Person[]>`
    select ${personColumns(statements)}
      from users
     where role in ('owner', 'admin')
     order by role = 'owner' desc, id
     limit 50
  `
}

/** Chats in which the shop is silent: those who wait for a person first, the longest waiting first. */
export async function listQuietChats(statements: Statements, limit: number): Promise<readonly QuietChat[]> {
  const rows = await statements<(Person & { quietUntil: Date; waitsSince: Date | null })[]>`
    select ${personColumns(statements)},
           users.quiet_until as "quietUntil",
           users.waits_for_person_since as "waitsSince"
      from users
     where is_quiet(users)
       and users.united_into is null
     order by users.waits_for_person_since nulls last, users.quiet_until
     limit ${limit}
  `
  return rows.map((row) => ({ ...row, waitsSince: row.waitsSince ?? undefined }))
}

function personColumns(statements: Statements) {
  return statements`
    users.id as "userId", users.name, users.number, lid_of(users.id) as lid, users.role,
    users.blocked_at is not null as "isBlocked"
  `
}
