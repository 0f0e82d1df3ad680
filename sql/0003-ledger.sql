-- Double entry. An amount above zero credits its account, below zero debits it; each transaction sums to
-- zero. Accounts: customer (what the shop owes that customer: the balance), revenue, clearing:<provider>
-- (money a provider took for us), opening (balances brought along), adjustment (an operator's credit or
-- debit).

create domain ledger_transactions_kind as text
  constraint ledger_transactions_kind_check check (
    value in ('sale', 'deposit', 'late_payment', 'refund', 'opening', 'adjustment')
  );
create domain ledger_transactions_reason as text
  constraint ledger_transactions_reason_check check (length(value) <= 200);

create table ledger_transactions (
  id bigint generated always as identity primary key,
  -- Names the one thing that happened, so that it is booked once: 'order:17:sale', 'payment:3:deposit'.
  key text not null unique,
  kind ledger_transactions_kind not null,
  reason ledger_transactions_reason not null default '',
  order_id bigint references orders,
  -- The database transaction that made it: the only one that may add its entries.
  made_in xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null default now()
);

-- An order is sold once, whoever books it and under whatever key.
create unique index ledger_transactions_one_sale_per_order
  on ledger_transactions (order_id) where kind = 'sale';

create domain ledger_entries_account as text
  constraint ledger_entries_account_check check (
    value ~ '^(customer|revenue|opening|adjustment|clearing:(midtrans|demo|static_qris))$'
  );
create domain ledger_entries_amount as bigint
  constraint ledger_entries_amount_check check (value <> 0);

create table ledger_entries (
  id bigint generated always as identity primary key,
  transaction_id bigint not null references ledger_transactions,
  account ledger_entries_account not null,
  user_id bigint references users,
  amount ledger_entries_amount not null,
  check ((account = 'customer') = (user_id is not null))
);

create index ledger_entries_by_transaction on ledger_entries (transaction_id);
create index ledger_entries_by_user on ledger_entries (user_id, id desc) where user_id is not null;

-- At the end of the database transaction that made it, a ledger transaction is whole: it has entries, they
-- sum to zero, and none can come later (see book_entry).
create function require_zero_sum() returns trigger
language plpgsql as $$
declare
  v_count integer;
  v_sum numeric;
begin
  select count(*), sum(amount) into v_count, v_sum
    from ledger_entries
   where transaction_id = new.id;
  if v_count = 0 or new.made_in <> pg_current_xact_id() then
    raise exception 'ledger transaction % has no entries of its own making', new.id
      using errcode = 'check_violation', constraint = 'ledger_transactions_have_entries';
  end if;
  if v_sum <> 0 then
    raise exception 'ledger transaction % does not sum to zero', new.id
      using errcode = 'check_violation', constraint = 'ledger_entries_sum_to_zero';
  end if;
  return null;
end $$;

create constraint trigger ledger_entries_sum_to_zero
  after insert on ledger_transactions
  deferrable initially deferred
  for each row execute function require_zero_sum();

create trigger ledger_transactions_are_append_only
  before update or delete or truncate on ledger_transactions
  for each statement execute function refuse_change();

create trigger ledger_entries_are_append_only
  before update or delete or truncate on ledger_entries
  for each statement execute function refuse_change();

-- An entry belongs to a transaction made at the same time. A balance is what its entries say: entries move
-- it, and nothing else may.
create function book_entry() returns trigger
language plpgsql as $$
begin
  perform from ledger_transactions
    where id = new.transaction_id
      and made_in = pg_current_xact_id();
  if not found then
    raise exception 'ledger transaction % is closed', new.transaction_id
      using errcode = 'check_violation', constraint = 'ledger_transactions_closed';
  end if;
  if new.user_id is not null then
    update users
       set balance = balance + new.amount
     where id = new.user_id;
  end if;
  return null;
end $$;

create trigger ledger_entries_move_balance
  after insert on ledger_entries
  for each row execute function book_entry();

create function refuse_unbooked_balance() returns trigger
language plpgsql as $$
begin
  if (tg_op = 'INSERT' and new.balance <> 0)
     or (tg_op = 'UPDATE' and new.balance <> old.balance and pg_trigger_depth() < 2) then
    raise exception 'a balance moves through the ledger only'
      using errcode = 'check_violation', constraint = 'users_balance_is_booked';
  end if;
  return new;
end $$;

create trigger users_balance_is_booked
  before insert or update of balance on users
  for each row execute function refuse_unbooked_balance();

-- Books one transaction of two entries. Returns false when its key was booked before.
create function book(
  p_key text,
  p_kind text,
  p_reason text,
  p_order_id bigint,
  p_debit_account text,
  p_debit_user_id bigint,
  p_credit_account text,
  p_credit_user_id bigint,
  p_amount bigint
) returns boolean
language plpgsql as $$
begin
  with made as (
    insert into ledger_transactions (key, kind, reason, order_id)
    values (p_key, p_kind, p_reason, p_order_id)
    on conflict (key) do nothing
    returning id
  )
  insert into ledger_entries (transaction_id, account, user_id, amount)
  select made.id, entry.account, entry.user_id, entry.amount
    from made
   cross join (values
     (p_debit_account, p_debit_user_id, -p_amount),
     (p_credit_account, p_credit_user_id, p_amount)
   ) as entry (account, user_id, amount);
  return found;
end $$;
