-- Money that is not simply what was asked for: each receipt of it, what went back, and what a person decides.

-- More accounts: losses (money that was taken back after its goods or its balance were gone), refunds_due
-- (promised back to the payer, and not confirmed by the provider yet).
alter domain ledger_entries_account drop constraint ledger_entries_account_check;
alter domain ledger_entries_account add constraint ledger_entries_account_check check (
  value ~ '^(customer|revenue|opening|adjustment|losses|refunds_due|clearing:(midtrans|demo|static_qris))$'
);

alter domain ledger_transactions_kind drop constraint ledger_transactions_kind_check;
alter domain ledger_transactions_kind add constraint ledger_transactions_kind_check check (
  value in (
    'sale', 'deposit', 'late_payment', 'refund', 'opening', 'adjustment', 'union', 'reversal', 'found_payment'
  )
);

-- Books one transaction of several entries, as [{"account", "userId", "amount"}]; those of zero are left out.
-- Returns false when its key was booked before.
create function book_entries(
  p_key text,
  p_kind text,
  p_reason text,
  p_order_id bigint,
  p_entries jsonb
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
  select made.id, entry.account, entry."userId", entry.amount
    from made
   cross join jsonb_to_recordset(p_entries) as entry (account text, "userId" bigint, amount bigint)
   where entry.amount <> 0;
  return found;
end $$;

-- What came for a payment, by the provider's own transaction. One payment may be paid twice; one transaction
-- is booked once.
create table receipts (
  id bigint generated always as identity primary key,
  payment_id bigint not null references payments,
  transaction_id text not null,
  amount bigint not null check (amount > 0),
  received_at timestamptz not null default now(),
  unique (payment_id, transaction_id)
);

create trigger receipts_are_append_only
  before update or delete or truncate on receipts
  for each statement execute function refuse_change();

insert into receipts (payment_id, transaction_id, amount, received_at)
select id, coalesce(provider_transaction_id, reference), amount, paid_at
  from payments
 where state = 'paid'
 order by paid_at, id;

-- 'underpaid_balance': less came, or stayed, than the price, so that it became balance.
alter table payments
  drop constraint payments_resolution_check,
  add constraint payments_resolution_check check (resolution in (
    'goods', 'late_goods', 'late_balance', 'balance', 'already_paid_balance', 'underpaid_balance'
  ));

-- The unpaid order that held a unit last: a late payment gets the very goods it was promised, while they are
-- free.
alter table stock_units add column last_held_by bigint references orders;

create or replace function release_goods(p_order_id bigint, p_kind text) returns void
language plpgsql as $$
begin
  if p_kind = 'physical' then
    update products
       set stock = products.stock + order_lines.quantity
      from order_lines
     where order_lines.order_id = p_order_id
       and products.id = order_lines.product_id;
  else
    update stock_units
       set state = 'available',
           order_id = null,
           last_held_by = p_order_id
     where order_id = p_order_id
       and state = 'held';
  end if;
end $$;

-- Money promised back by a person: to the balance at once, or through the provider, which is asked until it
-- answers. A part more than once, together never more than the order cost.
create table refunds (
  id bigint generated always as identity primary key,
  -- Names the request, so that repeating it refunds once; the provider knows the refund by it too.
  key text not null unique check (key ~ '^[A-Za-z0-9-]{1,50}$'),
  order_id bigint not null references orders,
  -- The charge it goes back through; null when it went to the balance.
  payment_id bigint references payments,
  amount bigint not null check (amount > 0),
  state text not null check (state in ('requested', 'done', 'failed')),
  reason text not null check (length(reason) between 1 and 200),
  actor text not null,
  -- Why the provider refused, in our own words.
  failure text,
  asked_at timestamptz,
  asks integer not null default 0,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  check (state <> 'requested' or payment_id is not null),
  check ((state = 'requested') = (ended_at is null)),
  check ((state = 'failed') = (failure is not null))
);

create index refunds_by_order on refunds (order_id);
create index refunds_by_payment on refunds (payment_id) where payment_id is not null;
create index refunds_to_ask on refunds (asked_at nulls first) where state = 'requested';

create trigger refunds_stay_as_agreed
  before update of key, order_id, payment_id, amount, reason, actor on refunds
  for each statement execute function refuse_rewriting();

create trigger refunds_are_kept
  before delete or truncate on refunds
  for each statement execute function refuse_change();

create function refuse_unending_refund() returns trigger
language plpgsql as $$
begin
  if old.state <> 'requested' and new.state <> old.state then
    raise exception 'a refund that ended stays as it ended'
      using errcode = 'check_violation', constraint = 'refunds_stay_ended';
  end if;
  return new;
end $$;

create trigger refunds_stay_ended
  before update of state on refunds
  for each row execute function refuse_unending_refund();

-- Money that the provider gave back without being asked by us: a refund made in its own panel, a chargeback,
-- a late denial. Each row says where it was taken from.
create table reversals (
  id bigint generated always as identity primary key,
  receipt_id bigint not null references receipts,
  kind text not null check (kind in ('refund', 'chargeback', 'denial')),
  from_sale bigint not null check (from_sale >= 0),
  from_balance bigint not null check (from_balance >= 0),
  lost bigint not null check (lost >= 0),
  amount bigint not null check (amount > 0 and amount = from_sale + from_balance + lost),
  created_at timestamptz not null default now()
);

create index reversals_by_receipt on reversals (receipt_id);

create trigger reversals_are_append_only
  before update or delete or truncate on reversals
  for each statement execute function refuse_change();

-- What an order can still give back: what it cost, less what went back already or is about to.
create function left_to_refund(p_order_id bigint) returns bigint
language sql stable as $$
  select orders.total
       - coalesce((select sum(amount) from refunds where order_id = orders.id and state <> 'failed'), 0)
       - coalesce((
           select sum(reversals.from_sale)
             from reversals
             join receipts on receipts.id = reversals.receipt_id
             join payments on payments.id = receipts.payment_id
            where payments.order_id = orders.id
         ), 0)
    from orders
   where id = p_order_id
$$;

-- No order gives back more than it cost, whoever asks and however many at once.
create function require_refundable() returns trigger
language plpgsql as $$
declare
  v_left bigint;
begin
  v_left := left_to_refund(new.order_id);
  if v_left < 0 then
    raise exception 'order % would give back more than it cost', new.order_id
      using errcode = 'check_violation', constraint = 'refunds_within_total';
  end if;
  return null;
end $$;

create constraint trigger refunds_within_total
  after insert on refunds
  for each row execute function require_refundable();

-- What a person has to decide, with everything needed to decide it.
create table reviews (
  id bigint generated always as identity primary key,
  -- Names the one odd thing, so that it is raised once.
  key text not null unique,
  kind text not null check (kind in (
    'unknown_payment', 'reversal', 'reversal_amount', 'refund_failed', 'unmatched_payment', 'warranty'
  )),
  provider text check (provider in ('midtrans', 'demo', 'static_qris')),
  payment_id bigint references payments,
  order_id bigint references orders,
  user_id bigint references users,
  amount bigint check (amount > 0),
  -- What is known besides; never a secret, a payload or a message's text.
  evidence jsonb not null default '{}',
  decision text check (decision in ('credited', 'settled', 'taken', 'made', 'not_made', 'dismissed')),
  -- How much it was, where only the person who decided knew.
  decided_amount bigint check (decided_amount > 0),
  decided_by text,
  decided_reason text check (length(decided_reason) between 1 and 200),
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  check (num_nulls(decision, decided_by, decided_reason, decided_at) in (0, 4)),
  check (decided_amount is null or amount is null and decision is not null)
);

create index reviews_open on reviews (id) where decision is null;
create index reviews_by_reference on reviews ((evidence ->> 'reference')) where kind = 'unknown_payment';

create trigger reviews_stay_as_raised
  before update of key, kind, provider, payment_id, order_id, amount, evidence on reviews
  for each statement execute function refuse_rewriting();

create trigger reviews_are_kept
  before delete or truncate on reviews
  for each statement execute function refuse_change();

create function refuse_redeciding() returns trigger
language plpgsql as $$
begin
  if old.decision is not null then
    raise exception 'what was decided stays decided'
      using errcode = 'check_violation', constraint = 'reviews_stay_decided';
  end if;
  return new;
end $$;

create trigger reviews_stay_decided
  before update of decision, decided_amount, decided_by, decided_reason, decided_at on reviews
  for each row execute function refuse_redeciding();

alter domain outbox_kind drop constraint outbox_kind_check;
alter domain outbox_kind add constraint outbox_kind_check check (value in (
  'text', 'goods', 'payment_request', 'order_paid', 'deposit_paid', 'order_expired', 'late_balance', 'busy',
  'payment_review', 'broadcast', 'payment_reversed', 'order_refunded', 'refund_requested', 'refund_failed',
  'review_raised', 'review_credited', 'warranty_replaced', 'warranty_refused'
));

-- The channel each customer wrote on last, but for those of this very machine. It outlives the messages, so
-- that an owner who wrote once is told whatever comes later.
alter table users add column last_channel text;

update users
   set last_channel = latest.channel
  from (
    select distinct on (coalesce(writer.united_into, writer.id))
           coalesce(writer.united_into, writer.id) as user_id, inbox.channel
      from inbox
      join users as writer on writer.id = inbox.user_id
     where inbox.channel not in ('console', 'try')
     order by coalesce(writer.united_into, writer.id), inbox.id desc
  ) as latest
 where users.id = latest.user_id;

-- Waits for nobody, so that messages of several customers are stored without holding each other up: where
-- somebody else writes this customer at the moment, the next message is remembered.
create function remember_channel(p_user_id bigint, p_channel text) returns void
language sql as $$
  update users
     set last_channel = p_channel
   where p_channel not in ('console', 'try')
     and id = (select id from users where id = p_user_id for no key update skip locked)
$$;

-- The channel on which something can be told to a customer, where they wrote last; null when they never
-- wrote.
create function last_channel_of(p_user_id bigint) returns text
language sql stable as $$
  select last_channel
    from users
   where (id = p_user_id or united_into = p_user_id)
     and last_channel is not null
   order by id = p_user_id desc, id desc
   limit 1
$$;

-- As before (see 0011), and remembers where each customer wrote.
create or replace function accept_messages(
  p_owner integer,
  p_serves text[],
  p_channels text[],
  p_message_ids text[],
  p_numbers text[],
  p_lids text[],
  p_names text[],
  p_texts text[],
  p_waiting_limit integer
) returns table (
  place integer,
  outcome text,
  accepted_user_id bigint,
  united boolean,
  message claimed_message
)
language plpgsql as $$
declare
  v_user users%rowtype;
  v_found record;
  v_unfinished integer;
  v_inbox_id bigint;
  v_message_id text;
  v_is_known boolean;
begin
  for v_place in 1 .. cardinality(p_message_ids) loop
    -- A loop's variable is one of its own, and never reaches the result.
    place := v_place;
    message := null;
    united := false;
    v_inbox_id := null;
    v_user := null;
    if p_lids[place] is null then
      select * into v_user from users where number = p_numbers[place];
    end if;
    if v_user.id is null then
      v_found := customer_at(p_numbers[place], p_lids[place], p_names[place]);
      v_user := v_found.customer;
      united := v_found.united;
    end if;

    v_message_id := p_message_ids[place];
    v_is_known := false;
    if p_channels[place] = 'whatsapp' then
      v_message_id := message_id_of(p_message_ids[place], v_user.id);
      v_is_known := is_stored_for_former(p_message_ids[place], v_user.id, p_lids[place]);
    end if;

    select count(*) into v_unfinished
      from inbox
     where user_id = v_user.id
       and state in ('waiting', 'working');

    if v_unfinished = 0 and not v_is_known then
      insert into inbox (channel, message_id, user_id, text, state, claimed_by, attempts)
      values (p_channels[place], v_message_id, v_user.id, p_texts[place], 'working', p_owner, 1)
      on conflict do nothing
      returning id into v_inbox_id;
      outcome := 'working';
    end if;
    if v_inbox_id is null and not v_is_known then
      outcome := case when v_unfinished >= p_waiting_limit then 'refused' else 'waiting' end;
      insert into inbox (channel, message_id, user_id, text, state)
      values (p_channels[place], v_message_id, v_user.id, p_texts[place], outcome)
      on conflict (channel, message_id) do nothing
      returning id into v_inbox_id;
    end if;

    if v_inbox_id is null then
      outcome := 'duplicate';
    elsif outcome = 'working' then
      message := row(
        v_inbox_id, p_channels[place], v_message_id, p_texts[place], 1,
        v_user.id, v_user.number, v_user.name, v_user.language, v_user.role,
        v_user.blocked_at is not null, v_user.balance,
        case
          when p_lids[place] is not null then p_lids[place]
          when p_channels[place] = 'whatsapp' then coalesce(lid_of(v_user.id), v_user.number)
          else v_user.number
        end,
        coalesce(v_user.quiet_until > now(), false)
      );
    elsif outcome = 'refused' and not coalesce(v_user.quiet_until > now(), false) and not exists (
      select from outbox
       where channel = p_channels[place]
         and user_id = v_user.id
         and kind = 'busy'
         and created_at > now() - interval '1 minute'
    ) then
      perform promise_message(
        p_owner, '{}', p_channels[place], v_user.id, 'busy', null, '{}', null, v_message_id
      );
    end if;
    if v_inbox_id is not null and v_user.last_channel is distinct from p_channels[place] then
      perform remember_channel(v_user.id, p_channels[place]);
    end if;
    accepted_user_id := v_user.id;
    return next;
  end loop;
end $$;

-- Puts something on the review list and promises the owners a word on it, where each of them wrote last;
-- one with many such words still waiting gets no more of them. Returns its number; null when it was raised
-- before.
create function raise_review(
  p_key text,
  p_kind text,
  p_provider text,
  p_payment_id bigint,
  p_order_id bigint,
  p_user_id bigint,
  p_amount bigint,
  p_evidence jsonb
) returns bigint
language plpgsql as $$
declare
  v_review_id bigint;
begin
  insert into reviews (key, kind, provider, payment_id, order_id, user_id, amount, evidence)
  values (p_key, p_kind, p_provider, p_payment_id, p_order_id, p_user_id, p_amount, p_evidence)
  on conflict (key) do nothing
  returning id into v_review_id;
  if v_review_id is null then
    return null;
  end if;
  insert into outbox (channel, user_id, kind, data, state)
  select latest.channel, users.id, 'review_raised',
         jsonb_build_object(
           'reviewId', v_review_id, 'reviewKind', p_kind, 'amount', p_amount, 'provider', p_provider,
           'orderCode', (select code from orders where id = p_order_id)
         ),
         'waiting'
    from users
   cross join lateral (select last_channel_of(users.id) as channel) as latest
   where users.role = 'owner'
     and users.blocked_at is null
     and latest.channel is not null
     and (
       select count(*) from outbox
        where outbox.user_id = users.id
          and outbox.channel = latest.channel
          and outbox.kind = 'review_raised'
          and outbox.state = 'waiting'
     ) < 5;
  return v_review_id;
end $$;

-- Takes goods for an order that ended and was paid after all: the very ones it had held, where they are free;
-- with p_allow_equal, equal ones. Null when that is not to be had.
create function reserve_late_goods(
  p_order_id bigint,
  p_product_id bigint,
  p_kind text,
  p_quantity integer,
  p_allow_equal boolean
) returns bigint[]
language plpgsql as $$
declare
  v_unit_ids bigint[];
begin
  if p_kind = 'physical' then
    return reserve_goods(p_product_id, p_kind, p_quantity);
  end if;
  select array_agg(id) into v_unit_ids
    from (
      select id
        from stock_units
       where product_id = p_product_id
         and state = 'available'
         and (p_allow_equal or last_held_by = p_order_id)
       order by last_held_by is distinct from p_order_id, id
       limit p_quantity
       for update skip locked
    ) as free;
  return case when cardinality(v_unit_ids) = p_quantity then v_unit_ids end;
end $$;

-- Ends what is still to be done for an order whose money went back in full: goods that were not sent stay
-- unsent, physical ones that were not shipped are for sale again.
create function end_refunded_order(p_order_id bigint) returns void
language plpgsql as $$
declare
  v_order orders%rowtype;
begin
  select * into v_order from orders where id = p_order_id for update;
  if v_order.status not in ('paid', 'delivered', 'packing', 'shipped', 'completed') then
    return;
  end if;
  if v_order.kind = 'physical' and v_order.status in ('paid', 'packing') then
    perform release_goods(p_order_id, 'physical');
  end if;
  update outbox
     set state = 'given_up',
         failure = 'refunded'
   where order_id = p_order_id
     and kind = 'goods'
     and state = 'waiting';
  update orders
     set status = 'refunded',
         ended_at = now()
   where id = p_order_id;
end $$;

-- Locks the customer of a payment, its order and the payment. Its customer may turn out to be another at this
-- very moment (see unite_customers in 0010), so it is the one it belongs to once the lock is held. Empty when
-- there is no such payment.
create function lock_payment(p_reference text) returns payments
language plpgsql as $$
declare
  v_payment payments%rowtype;
  v_user_id bigint;
begin
  loop
    select user_id into v_user_id from payments where reference = p_reference;
    exit when not found;
    perform from users where id = v_user_id for no key update;
    select * into v_payment from payments where reference = p_reference and user_id = v_user_id;
    exit when found;
  end loop;
  if v_payment.id is not null then
    perform from orders where id = v_payment.order_id for update;
    select * into v_payment from payments where id = v_payment.id for update;
  end if;
  return v_payment;
end $$;

drop function settle_payment(integer, text[], text, bigint, text);

-- The provider says that p_amount came for a charge, by its transaction p_transaction_id. Its effect happens
-- once, however often it is said:
--   an order still waiting, or ended, gets its goods when at least its price came and they are there (see
--   reserve_late_goods); what came beyond the price becomes balance;
--   everything else becomes balance: a top-up, less than the price (which ends the order), an order whose
--   goods are gone, a second transaction for what was paid before.
-- p_only_balance: goods are not to be given, because not all of the money stayed.
-- What a person decided on is not booked once more by itself, when the provider's word becomes readable; nor
-- is a payment that waited for a person before there was a review list, who may have given its money by hand.
create function settle_payment(
  p_owner integer,
  p_serves text[],
  p_reference text,
  p_amount bigint,
  p_transaction_id text,
  p_allow_equal boolean,
  p_only_balance boolean default false
) returns jsonb
language plpgsql as $$
declare
  v_payment payments%rowtype;
  v_order orders%rowtype;
  v_line order_lines%rowtype;
  v_receipt_id bigint;
  v_is_first boolean;
  v_was_waiting boolean := false;
  v_unit_ids bigint[];
  v_resolution text;
  v_words jsonb;
  v_balance bigint;
  v_goods jsonb := '[]';
  v_promise_kind text;
begin
  v_payment := lock_payment(p_reference);
  if v_payment.id is null then
    return jsonb_build_object('kind', 'unknown_payment');
  elsif p_transaction_id not like 'review-%' and (
    v_payment.state = 'review'
    or exists (
      select from reviews
       where kind = 'unknown_payment'
         and decision in ('settled', 'credited')
         and evidence ->> 'reference' = p_reference
         and coalesce(evidence ->> 'transactionId', p_transaction_id) = p_transaction_id
    )
  ) then
    return jsonb_build_object('kind', 'already_settled');
  end if;
  select * into v_order from orders where id = v_payment.order_id;
  insert into receipts (payment_id, transaction_id, amount)
  values (v_payment.id, p_transaction_id, p_amount)
  on conflict (payment_id, transaction_id) do nothing
  returning id into v_receipt_id;
  if v_receipt_id is null then
    return jsonb_build_object('kind', 'already_settled');
  end if;

  v_is_first := v_payment.state <> 'paid';
  if v_payment.purpose = 'deposit' then
    v_resolution := 'balance';
  elsif not v_is_first or v_order.status not in ('awaiting_payment', 'expired', 'cancelled') then
    v_resolution := 'already_paid_balance';
  elsif p_only_balance or p_amount < v_order.total then
    v_resolution := 'underpaid_balance';
  elsif v_order.status = 'awaiting_payment' then
    select array_agg(id) into v_unit_ids from stock_units where order_id = v_order.id and state = 'held';
    v_resolution := 'goods';
  else
    select * into v_line from order_lines where order_id = v_order.id;
    v_unit_ids := reserve_late_goods(
      v_order.id, v_line.product_id, v_order.kind, v_line.quantity, p_allow_equal
    );
    v_resolution := case when v_unit_ids is null then 'late_balance' else 'late_goods' end;
  end if;

  if v_is_first then
    update payments
       set state = 'paid',
           paid_at = now(),
           provider_transaction_id = p_transaction_id,
           resolution = v_resolution
     where id = v_payment.id;
  end if;

  if v_resolution in ('goods', 'late_goods') then
    update orders set status = 'paid', paid_at = now(), ended_at = null where id = v_order.id;
    update stock_units set state = 'sold', order_id = v_order.id where id = any (v_unit_ids);
    insert into events (step, user_id, order_id) values ('paid', v_payment.user_id, v_order.id);
    perform book_entries('payment:' || v_payment.id, 'sale', '', v_order.id, jsonb_build_array(
      jsonb_build_object('account', 'clearing:' || v_payment.provider, 'amount', -p_amount),
      jsonb_build_object('account', 'revenue', 'amount', v_order.total),
      jsonb_build_object('account', 'customer', 'userId', v_payment.user_id, 'amount', p_amount - v_order.total)
    ));
    if v_resolution = 'late_goods' then
      v_goods := goods_of(v_order.id);
    end if;
    v_promise_kind := case v_order.kind when 'digital' then 'goods' else 'order_paid' end;
    v_words := describe_order(v_order.id) || jsonb_build_object(
      'late', v_resolution = 'late_goods', 'endedAs', v_order.status, 'surplus', p_amount - v_order.total
    );
  else
    perform book(case when v_is_first then 'payment:' || v_payment.id else 'receipt:' || v_receipt_id end,
                 case v_resolution when 'balance' then 'deposit' else 'late_payment' end, '', v_payment.order_id,
                 'clearing:' || v_payment.provider, null, 'customer', v_payment.user_id, p_amount);
    if v_resolution = 'underpaid_balance' then
      v_was_waiting := end_unpaid_order(v_order.id, 'cancelled', 'cancelled');
      v_goods := case when v_was_waiting then goods_of(v_order.id) else '[]'::jsonb end;
    end if;
    select balance into v_balance from users where id = v_payment.user_id;
    v_promise_kind := case v_resolution when 'balance' then 'deposit_paid' else 'late_balance' end;
    v_words := jsonb_build_object(
      'amount', p_amount, 'asked', v_payment.amount, 'balance', v_balance, 'orderCode', v_order.code,
      'resolution', v_resolution, 'endedAs', v_order.status
    );
  end if;

  return jsonb_build_object(
    'kind', 'settled',
    'resolution', v_resolution,
    'userId', v_payment.user_id,
    'asked', v_payment.amount,
    'isSecond', not v_is_first,
    'taken', case v_resolution when 'late_goods' then v_goods else '[]'::jsonb end,
    'freed', case v_resolution when 'underpaid_balance' then v_goods else '[]'::jsonb end,
    'promise', promise_message(
      p_owner, p_serves, v_payment.channel, v_payment.user_id, v_promise_kind, null,
      v_words || jsonb_build_object('provider', v_payment.provider), v_payment.order_id, null
    )
  );
end $$;

-- The provider says that of what came by its transaction p_transaction_id, p_reversed_total went back to
-- the payer so far. What of it neither our own refunds nor earlier reversals explain is booked: from the sale
-- while that has not been given back, else from the balance as far as it reaches, the rest as a loss. A
-- refund lessens revenue; what was taken from us (p_kind 'chargeback' or 'denial') is a loss, and for a
-- person to look at. Outcomes: 'explained'; 'not_received', with nothing changed; 'reversed'.
create function record_reversal(
  p_owner integer,
  p_serves text[],
  p_reference text,
  p_transaction_id text,
  p_kind text,
  p_reversed_total bigint
) returns jsonb
language plpgsql as $$
declare
  v_payment payments%rowtype;
  v_order orders%rowtype;
  v_receipt receipts%rowtype;
  v_is_first boolean;
  v_amount bigint;
  v_balance bigint;
  v_from_sale bigint := 0;
  v_from_balance bigint;
  v_lost bigint;
  v_reversal_id bigint;
  v_goods jsonb := '[]';
  v_status text;
begin
  v_payment := lock_payment(p_reference);
  if v_payment.id is null then
    return jsonb_build_object('kind', 'unknown_payment');
  end if;
  select * into v_order from orders where id = v_payment.order_id;
  select balance into v_balance from users where id = v_payment.user_id;
  select * into v_receipt
    from receipts
   where payment_id = v_payment.id
     and transaction_id = p_transaction_id;
  if not found then
    return jsonb_build_object('kind', 'not_received');
  end if;
  v_is_first := v_receipt.transaction_id = v_payment.provider_transaction_id;
  -- A provider that took two payments of one charge may give our refund back from either.
  v_amount := least(p_reversed_total, v_receipt.amount)
    - coalesce((select sum(amount) from reversals where receipt_id = v_receipt.id), 0)
    - coalesce((select sum(amount) from refunds where payment_id = v_payment.id and state <> 'failed'), 0);
  if v_amount <= 0 then
    return jsonb_build_object('kind', 'explained');
  end if;

  v_status := v_order.status;
  if v_is_first and v_payment.resolution in ('goods', 'late_goods') then
    v_from_sale := least(v_amount, greatest(0, left_to_refund(v_order.id)));
  end if;
  v_from_balance := least(v_amount - v_from_sale, v_balance);
  v_lost := v_amount - v_from_sale - v_from_balance;
  insert into reversals (receipt_id, kind, from_sale, from_balance, lost, amount)
  values (v_receipt.id, p_kind, v_from_sale, v_from_balance, v_lost, v_amount)
  returning id into v_reversal_id;
  perform book_entries(
    'reversal:' || v_reversal_id, case p_kind when 'refund' then 'refund' else 'reversal' end, '',
    v_payment.order_id, jsonb_build_array(
      jsonb_build_object('account', case p_kind when 'refund' then 'revenue' else 'losses' end,
                         'amount', -v_from_sale),
      jsonb_build_object('account', 'customer', 'userId', v_payment.user_id, 'amount', -v_from_balance),
      jsonb_build_object('account', 'losses', 'amount', -v_lost),
      jsonb_build_object('account', 'clearing:' || v_payment.provider, 'amount', v_amount)
    )
  );
  -- While a refund is still on its way, its end decides whether the order is refunded.
  if v_from_sale > 0 and left_to_refund(v_order.id) = 0
     and not exists (select from refunds where order_id = v_order.id and state = 'requested') then
    if v_order.kind = 'physical' and v_order.status in ('paid', 'packing') then
      v_goods := goods_of(v_order.id);
    end if;
    perform end_refunded_order(v_order.id);
  end if;
  if p_kind <> 'refund' or v_lost > 0 then
    perform raise_review(
      'reversal:' || v_reversal_id, 'reversal', v_payment.provider, v_payment.id, v_payment.order_id,
      v_payment.user_id, v_amount,
      jsonb_build_object(
        'reversal', p_kind, 'purpose', v_payment.purpose, 'resolution', v_payment.resolution,
        'orderStatus', v_status, 'fromSale', v_from_sale, 'fromBalance', v_from_balance, 'lost', v_lost
      )
    );
  end if;
  return jsonb_build_object(
    'kind', 'reversed',
    'userId', v_payment.user_id,
    'amount', v_amount,
    'lost', v_lost,
    'freed', v_goods,
    'promise', promise_message(
      p_owner, p_serves, v_payment.channel, v_payment.user_id, 'payment_reversed', null,
      jsonb_build_object(
        'orderCode', v_order.code, 'amount', v_amount, 'reversal', p_kind, 'fromBalance', v_from_balance,
        'balance', v_balance - v_from_balance, 'provider', v_payment.provider
      ),
      v_payment.order_id, null
    )
  );
end $$;

-- The provider gave back everything before the shop heard that it was paid: nothing is booked, and what
-- waited for the money ends. Returns the goods that came free; null when nothing waited.
create function end_reversed_payment(p_reference text) returns jsonb
language plpgsql as $$
declare
  v_payment payments%rowtype;
begin
  v_payment := lock_payment(p_reference);
  if v_payment.order_id is not null and end_unpaid_order(v_payment.order_id, 'cancelled', 'cancelled') then
    return goods_of(v_payment.order_id);
  end if;
  update payments
     set state = 'cancelled',
         asked_at = null
   where id = v_payment.id
     and state in ('requested', 'pending', 'review');
  return case when found then '[]'::jsonb end;
end $$;

-- Why a decision does not fit a review; null when it does.
create function refuse_decision(p_review reviews, p_decision text, p_amount bigint) returns jsonb
language sql immutable as $$
  select case
    when p_decision in ('credited', 'settled') then case
      when p_review.kind not in ('unknown_payment', 'unmatched_payment') then
        jsonb_build_object('kind', 'no_money')
      when p_review.amount is null and p_amount is null then
        jsonb_build_object('kind', 'amount_missing')
      when p_review.amount <> p_amount then
        jsonb_build_object('kind', 'other_amount', 'amount', p_review.amount)
    end
    when p_decision = 'taken' then case
      when p_review.kind <> 'reversal_amount' then
        jsonb_build_object('kind', 'no_reversal')
      when p_amount is null then
        jsonb_build_object('kind', 'amount_missing')
      when p_amount > (p_review.evidence ->> 'paid')::bigint then
        jsonb_build_object('kind', 'more_than_came', 'came', (p_review.evidence ->> 'paid')::bigint)
    end
    when p_decision in ('made', 'not_made') and p_review.kind <> 'refund_failed' then
      jsonb_build_object('kind', 'no_refund')
  end
$$;

-- Books that p_total of a payment went back in all, as a person saw it at the provider. Money that came and
-- went before the shop heard of it is booked both ways. Returns what record_reversal does.
create function take_back(p_owner integer, p_serves text[], p_evidence jsonb, p_total bigint) returns jsonb
language plpgsql as $$
declare
  v_reference constant text := p_evidence ->> 'reference';
  v_transaction_id constant text := p_evidence ->> 'transactionId';
  v_kind constant text := p_evidence ->> 'reversal';
  v_reversal jsonb;
begin
  v_reversal := record_reversal(p_owner, p_serves, v_reference, v_transaction_id, v_kind, p_total);
  if v_reversal ->> 'kind' <> 'not_received' then
    return v_reversal;
  end if;
  perform settle_payment(
    p_owner, p_serves, v_reference, (p_evidence ->> 'paid')::bigint, v_transaction_id, false, true
  );
  return record_reversal(p_owner, p_serves, v_reference, v_transaction_id, v_kind, p_total);
end $$;

-- A person decides on a review, once: 'dismissed' moves nothing; 'credited' gives its money to the customer
-- p_user_id as balance; 'settled' takes it as the payment p_reference, with everything that follows (see
-- settle_payment); 'taken' books that p_amount of the payment in question went back in all (see
-- record_reversal); 'made' and 'not_made' end a refund that its provider never confirmed (see end_refund).
-- p_amount says how much money it is where the review does not. Outcomes: 'not_found', 'decided_before';
-- 'no_money', 'amount_missing', 'other_amount', 'no_reversal', 'more_than_came', 'no_refund',
-- 'refund_ended', 'refund_waits' (a refund on its way can't be dismissed), 'unknown_customer', 'unknown_payment', 'other_provider', with nothing changed; 'decided'.
create function decide_review(
  p_owner integer,
  p_serves text[],
  p_review_id bigint,
  p_decision text,
  p_user_id bigint,
  p_reference text,
  p_allow_equal boolean,
  p_actor text,
  p_reason text,
  p_amount bigint default null
) returns jsonb
language plpgsql as $$
declare
  v_review reviews%rowtype;
  v_payment payments%rowtype;
  v_refund refunds%rowtype;
  v_refusal jsonb;
  v_amount bigint;
  v_channel text;
  v_balance bigint;
  v_settlement jsonb;
  v_reversal jsonb;
  v_goods jsonb;
begin
  -- Locked after the customer everywhere else, so it is read first and locked once it is needed.
  select * into v_review from reviews where id = p_review_id;
  if not found then
    return jsonb_build_object('kind', 'not_found');
  elsif v_review.decision is not null then
    return jsonb_build_object('kind', 'decided_before', 'decision', v_review.decision);
  end if;
  select * into v_refund from refunds where key = v_review.evidence ->> 'refundKey';
  -- Else nobody would ever hear of it again.
  if p_decision = 'dismissed' and v_refund.state = 'requested' then
    return jsonb_build_object('kind', 'refund_waits');
  end if;
  v_refusal := refuse_decision(v_review, p_decision, p_amount);
  if v_refusal is not null then
    return v_refusal;
  end if;
  if p_decision = 'settled' then
    select * into v_payment from payments where reference = p_reference;
    if not found then
      return jsonb_build_object('kind', 'unknown_payment');
    elsif v_payment.provider <> v_review.provider then
      return jsonb_build_object('kind', 'other_provider');
    end if;
    p_user_id := v_payment.user_id;
  end if;
  if p_decision in ('credited', 'settled') then
    perform from users where id = p_user_id and united_into is null for no key update;
    if not found then
      return jsonb_build_object('kind', 'unknown_customer');
    end if;
    v_amount := coalesce(v_review.amount, p_amount);
  elsif p_decision in ('taken', 'made', 'not_made') then
    v_payment := lock_payment(coalesce(
      (select reference from payments where id = v_refund.payment_id), v_review.evidence ->> 'reference'
    ));
    if v_payment.id is null then
      return jsonb_build_object('kind', 'unknown_payment');
    end if;
    p_user_id := v_payment.user_id;
    v_amount := coalesce(p_amount, v_review.amount);
  end if;
  select * into v_review from reviews where id = p_review_id for update;
  if v_review.decision is not null then
    return jsonb_build_object('kind', 'decided_before', 'decision', v_review.decision);
  end if;
  if p_decision in ('made', 'not_made') then
    v_goods := end_refund(
      p_owner, v_refund.id, case p_decision when 'not_made' then 'not made, as a person saw' end
    );
    if v_goods is null then
      return jsonb_build_object(
        'kind', 'refund_ended', 'state', (select state from refunds where id = v_refund.id)
      );
    end if;
  elsif p_decision = 'taken' then
    v_reversal := take_back(p_owner, p_serves, v_review.evidence, p_amount);
    if v_reversal ->> 'kind' not in ('reversed', 'explained') then
      return jsonb_build_object('kind', 'unknown_payment');
    end if;
    v_goods := v_reversal -> 'freed';
  end if;
  update reviews
     set decision = p_decision,
         decided_amount = case when amount is null then v_amount end,
         user_id = coalesce(p_user_id, user_id),
         decided_by = p_actor,
         decided_reason = p_reason,
         decided_at = now()
   where id = p_review_id;
  insert into audit_log (actor, action, subject, details)
  values (p_actor, 'decide_review', 'review:' || p_review_id,
          jsonb_build_object('decision', p_decision, 'amount', v_amount, 'reason', p_reason));
  if p_decision = 'settled' then
    v_settlement := settle_payment(
      p_owner, p_serves, p_reference, v_amount, 'review-' || p_review_id, p_allow_equal
    );
  elsif p_decision = 'credited' then
    perform book('review:' || p_review_id, 'found_payment', p_reason, null,
                 'clearing:' || v_review.provider, null, 'customer', p_user_id, v_amount);
    select balance into v_balance from users where id = p_user_id;
    v_channel := last_channel_of(p_user_id);
    if v_channel is not null then
      perform promise_message(
        p_owner, '{}', v_channel, p_user_id, 'review_credited', null,
        jsonb_build_object('amount', v_amount, 'balance', v_balance, 'provider', v_review.provider),
        null, null
      );
    end if;
  elsif p_decision = 'dismissed' and v_review.kind = 'warranty' then
    perform promise_warranty_refusal(p_owner, p_review_id);
  end if;
  return jsonb_build_object(
    'kind', 'decided', 'decision', p_decision, 'userId', p_user_id, 'amount', v_amount,
    'settlement', v_settlement, 'reversal', v_reversal, 'freed', coalesce(v_goods, '[]')
  );
end $$;

-- Payments of another amount than was asked for waited for a person, who could credit them by hand and had
-- nowhere to say so. Now the person says so on the review list.
select raise_review(
  'payment:' || payments.id, 'unmatched_payment', payments.provider, payments.id, payments.order_id,
  payments.user_id, told.received,
  jsonb_build_object('why', 'other_amount', 'asked', payments.amount, 'reference', payments.reference)
)
  from payments
  left join lateral (
    select (data ->> 'received')::bigint as received
      from outbox
     where outbox.kind = 'payment_review'
       and outbox.user_id = payments.user_id
       and outbox.order_id is not distinct from payments.order_id
       and (data ->> 'amount')::bigint = payments.amount
     order by id desc
     limit 1
  ) as told on true
 where payments.state = 'review'
 order by payments.id;
