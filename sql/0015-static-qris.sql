-- Payments to the shop's own static QRIS code. Everybody pays into the same code, so a payment is known by
-- its amount alone: the price and a little more, an amount that nobody else is asked for. An app on the
-- seller's phone forwards what the bank's app says.

-- What of the amount only makes it unlike others; it becomes balance once it is paid.
alter table payments
  add column unique_extra bigint not null default 0 check (unique_extra >= 0 and unique_extra < amount);

create trigger payments_keep_their_extra
  before update of unique_extra on payments
  for each statement execute function refuse_rewriting();

create index payments_static_by_amount on payments (amount) where provider = 'static_qris';

-- Who an amount belongs to: one payment while it can be paid and for a day afterwards, because money comes
-- late, and nobody else's money must be taken for it.
create table static_amounts (
  amount bigint primary key,
  reference text not null unique references payments (reference) deferrable initially deferred,
  -- Null while its payment can be paid.
  free_at timestamptz
);

create function let_amount_cool() returns trigger
language plpgsql as $$
begin
  update static_amounts
     set free_at = now() + interval '24 hours'
   where reference = new.reference;
  return null;
end $$;

create trigger payments_let_their_amount_cool
  after update of state on payments
  for each row
  when (
    new.provider = 'static_qris'
    and old.state in ('requested', 'pending')
    and new.state not in ('requested', 'pending')
  )
  execute function let_amount_cool();

-- How many amounts a customer has that are not paid: asked for now, or cooling. There are fewer than a
-- thousand for a price, so that nobody may use them up.
create function unpaid_static_amounts(p_user_id bigint) returns bigint
language sql stable as $$
  select count(*)
    from payments
    join static_amounts using (reference)
   where payments.user_id = p_user_id
     and payments.provider = 'static_qris'
     and payments.state <> 'paid'
     and (static_amounts.free_at is null or static_amounts.free_at >= now())
$$;

create index payments_static_by_user on payments (user_id) where provider = 'static_qris';

-- The amount of this price that the customer had last and did not pay, while it is still theirs and nothing
-- was said about it: it is given to p_reference. Null when there is none.
create function take_own_static_amount(p_price bigint, p_user_id bigint, p_reference text) returns bigint
language plpgsql as $$
declare
  v_amount bigint;
begin
  update static_amounts
     set reference = p_reference,
         free_at = null
   where free_at is not null
     and amount = (
       select static_amounts.amount
         from payments
         join static_amounts using (reference)
        where payments.user_id = p_user_id
          and payments.provider = 'static_qris'
          and payments.state in ('failed', 'expired', 'cancelled')
          and payments.amount - payments.unique_extra = p_price
          and static_amounts.free_at is not null
          and not exists (select from listener_notifications where payment_id = payments.id)
          and not exists (select from reviews where payment_id = payments.id)
        order by payments.id desc
        limit 1
        for update of static_amounts skip locked
     )
  returning amount into v_amount;
  return v_amount;
end $$;

-- An amount of 1 to 999 rupiah more than the price: the customer's own, where they had one of this price and
-- did not pay it, else one that is nobody's, drawn at random. It is the payment's of that reference from now
-- on. None is round: such amounts stand in advertisements. The customer is locked. Errors: LP002, there is
-- none, or the customer has 5 unpaid ones.
create function take_static_amount(p_price bigint, p_user_id bigint, p_reference text) returns bigint
language plpgsql as $$
declare
  v_unpaid_max constant bigint := 5;
  v_amount bigint;
begin
  v_amount := take_own_static_amount(p_price, p_user_id, p_reference);
  if v_amount is not null then
    return v_amount;
  end if;
  if unpaid_static_amounts(p_user_id) >= v_unpaid_max then
    raise exception 'customer % has % unpaid amounts', p_user_id, v_unpaid_max
      using errcode = 'LP002';
  end if;
  for v_amount in
    select p_price + extra
      from generate_series(1, 999) as extra
     where (p_price + extra) % 100 <> 0
       and not exists (
         select
           from static_amounts
          where amount = p_price + extra
            and (free_at is null or free_at >= now())
       )
     order by random()
  loop
    insert into static_amounts (amount, reference)
    values (v_amount, p_reference)
    on conflict (amount) do update
       set reference = excluded.reference,
           free_at = null
     where static_amounts.free_at < now();
    if found then
      return v_amount;
    end if;
  end loop;
  raise exception 'no amount is free for a price of %', p_price
    using errcode = 'LP002';
end $$;

-- The order that keeps a customer from buying: the one this very message made before, or one still unpaid.
-- Null when there is none. `amount` is what is still to be paid.
create or replace function order_in_the_way(p_inbox_id bigint, p_user_id bigint, p_balance bigint)
returns jsonb
language plpgsql as $$
declare
  v_order orders%rowtype;
  v_payment payments%rowtype;
begin
  select * into v_order from orders where placed_by_message = p_inbox_id;
  if v_order.id is null then
    select * into v_order from orders where user_id = p_user_id and status = 'awaiting_payment';
  end if;
  if v_order.id is null then
    return null;
  end if;
  select * into v_payment from payments where order_id = v_order.id order by id desc limit 1;
  if v_order.placed_by_message = p_inbox_id then
    return jsonb_build_object('kind', 'awaiting_payment', 'order', describe_order(v_order.id),
      'status', v_order.status, 'balance', p_balance, 'payment', to_jsonb(v_payment));
  end if;
  return jsonb_build_object('kind', 'unpaid_order', 'order', describe_order(v_order.id),
    'amount', coalesce(v_payment.amount, v_order.total), 'expiresAt', v_order.expires_at,
    'payToken', v_payment.pay_token);
end $$;

-- Opens the payment of an order that holds its goods; its charge is still to be made. Errors: LP002, see
-- take_static_amount.
create or replace function await_payment(
  p_order orders,
  p_name text,
  p_quantity integer,
  p_balance bigint,
  p_qris_provider text,
  p_pay_token text
) returns jsonb
language plpgsql as $$
declare
  v_reference text := p_order.code || '-1';
  v_amount bigint := p_order.total;
  v_payment payments%rowtype;
begin
  if p_qris_provider = 'static_qris' then
    v_amount := take_static_amount(p_order.total, p_order.user_id, v_reference);
  end if;
  insert into payments (reference, provider, purpose, user_id, order_id, amount, unique_extra, pay_token,
                        channel, expires_at)
  values (v_reference, p_qris_provider, 'order', p_order.user_id, p_order.id, v_amount,
          v_amount - p_order.total, p_pay_token, p_order.channel, p_order.expires_at)
  returning * into v_payment;
  insert into events (step, user_id, order_id) values ('checkout', p_order.user_id, p_order.id);
  return jsonb_build_object(
    'kind', 'awaiting_payment', 'order', describe_new_order(p_order, p_name, p_quantity),
    'status', p_order.status, 'balance', p_balance, 'payment', to_jsonb(v_payment)
  );
end $$;

-- Many customers' purchases in one commit, each whole or undone by itself. `refused` is the SQLSTATE of one
-- that could not be made: LP001; 23505 for an order code that is taken; 55P03 or 40P01 where somebody holds a
-- row of its for longer than p_lock_wait, which the others are not to wait for. One for which no amount is
-- free is undone and answered so. In the order of their products, so that two callers never wait for each
-- other crosswise.
create or replace function place_orders(
  p_owner integer,
  p_serves text[],
  p_inbox_ids bigint[],
  p_product_codes text[],
  p_quantities integer[],
  p_methods text[],
  p_order_codes text[],
  p_qris_provider text,
  p_pay_tokens text[],
  p_hold_seconds integer,
  p_lock_wait text
) returns table (place integer, placed jsonb, refused text)
language plpgsql as $$
declare
  v_place integer;
begin
  perform set_config('lock_timeout', p_lock_wait, true);
  for v_place in
    select number
      from generate_subscripts(p_inbox_ids, 1) as number
     order by p_product_codes[number], number
  loop
    place := v_place;
    refused := null;
    begin
      placed := place_order(
        p_inbox_ids[place], p_owner, p_serves, p_product_codes[place], p_quantities[place], p_methods[place],
        p_order_codes[place], p_qris_provider, p_pay_tokens[place], p_hold_seconds
      );
    exception
      when sqlstate 'LP002' then
        placed := jsonb_build_object('kind', 'no_free_amount');
      when sqlstate 'LP001' or unique_violation or lock_not_available or deadlock_detected then
        placed := null;
        refused := sqlstate;
    end;
    return next;
  end loop;
end $$;

-- Opens a top-up by QRIS for the customer of an inbound message. One of the same amount that is still open is
-- answered with instead; one of another amount or provider, or about to end, is cancelled. Errors: LP001, the
-- message is no longer the caller's; LP002, see take_static_amount.
create or replace function open_deposit(
  p_inbox_id bigint,
  p_owner integer,
  p_amount bigint,
  p_reference text,
  p_provider text,
  p_pay_token text,
  p_hold_seconds integer
) returns jsonb
language plpgsql as $$
declare
  v_inbox inbox%rowtype;
  v_payment payments%rowtype;
  v_amount bigint := p_amount;
begin
  select * into v_inbox
    from inbox
   where id = p_inbox_id
     and state = 'working'
     and claimed_by = p_owner;
  if not found then
    raise exception 'message % is no longer held by process %', p_inbox_id, p_owner
      using errcode = 'LP001';
  end if;
  perform from users where id = v_inbox.user_id for no key update;

  select * into v_payment from payments where placed_by_message = p_inbox_id;
  if not found then
    update payments
       set state = 'cancelled',
           asked_at = null
     where user_id = v_inbox.user_id
       and purpose = 'deposit'
       and state in ('requested', 'pending')
       and (
         amount - unique_extra <> p_amount
         or provider <> p_provider
         or expires_at < now() + interval '2 minutes'
       );
    select * into v_payment
      from payments
     where user_id = v_inbox.user_id
       and purpose = 'deposit'
       and state in ('requested', 'pending');
  end if;
  if v_payment.id is null then
    if p_provider = 'static_qris' then
      v_amount := take_static_amount(p_amount, v_inbox.user_id, p_reference);
    end if;
    insert into payments (reference, provider, purpose, user_id, amount, unique_extra, pay_token, channel,
                          placed_by_message, expires_at)
    values (p_reference, p_provider, 'deposit', v_inbox.user_id, v_amount, v_amount - p_amount, p_pay_token,
            v_inbox.channel, p_inbox_id, now() + make_interval(secs => p_hold_seconds))
    returning * into v_payment;
  end if;
  return to_jsonb(v_payment);
end $$;

-- Which signed requests were seen, for as long as they could be replayed.
create table listener_nonces (
  nonce text primary key check (length(nonce) between 1 and 128),
  fingerprint text not null,
  seen_at timestamptz not null default now()
);

create index listener_nonces_by_age on listener_nonces (seen_at);

-- Each notification that was forwarded, once, and what it was taken for.
create table listener_notifications (
  event_id bigint primary key references payment_events,
  -- Of the app, the words and the moment: the very same notification has it, however often it is sent.
  fingerprint text not null unique,
  -- Of the app and the words alone, where the forwarder does not say when: signed anew, the very same
  -- notification has another moment.
  timeless_fingerprint text,
  package text not null,
  posted_at timestamptz not null,
  outcome text not null check (outcome in ('ignored', 'matched', 'review')),
  -- The payment it pays, and with how much; a payment is matched once.
  payment_id bigint unique references payments,
  amount bigint check (amount > 0),
  check ((outcome = 'matched') = (payment_id is not null)),
  check ((outcome = 'matched') = (amount is not null))
);

create index listener_notifications_timeless
  on listener_notifications (timeless_fingerprint) where timeless_fingerprint is not null;

create trigger listener_notifications_are_append_only
  before update or delete or truncate on listener_notifications
  for each statement execute function refuse_change();

-- The one payment that a notification of this amount can pay, locked; else why there is none. p_posted_at is
-- by the phone's clock, hence a little slack on both sides of the payment's time.
create function match_static_payment(
  p_amount bigint,
  p_posted_at timestamptz,
  p_amount_max bigint,
  out payment payments,
  out why text
)
language plpgsql as $$
declare
  v_slack constant interval := '2 minutes';
  v_living bigint[];
  v_owner payments%rowtype;
begin
  select array_agg(id) into v_living
    from payments
   where provider = 'static_qris'
     and amount = p_amount
     and state in ('requested', 'pending');
  if cardinality(v_living) > 1 then
    why := 'several_payments';
    return;
  elsif v_living is null then
    select payments.* into v_owner from static_amounts join payments using (reference)
     where static_amounts.amount = p_amount;
    why := case
      when v_owner.id is null then 'no_such_amount'
      when v_owner.state = 'paid' then 'paid_before'
      else 'late'
    end;
    return;
  end if;
  select * into v_owner from payments where id = v_living[1];
  perform from users where id = v_owner.user_id for no key update;
  perform from orders where id = v_owner.order_id for update;
  select * into v_owner from payments where id = v_owner.id for update;
  why := case
    when v_owner.state = 'paid'
      or exists (select from listener_notifications where payment_id = v_owner.id) then 'paid_before'
    when v_owner.state not in ('requested', 'pending') then 'late'
    when p_posted_at < v_owner.created_at - v_slack then 'too_early'
    when p_posted_at > v_owner.expires_at + v_slack then 'late'
    when p_amount > p_amount_max then 'above_maximum'
  end;
  if why is null then
    payment := v_owner;
  end if;
end $$;

-- Whether one of these amounts is somebody's, or was within the last day.
create function is_static_amount(p_amounts bigint[]) returns boolean
language sql stable as $$
  select exists (
    select
      from static_amounts
     where amount = any (p_amounts)
       and (free_at is null or free_at >= now())
  )
$$;

-- Whether the same words of the same app, without a time of their own, paid a moment ago.
create function paid_by_same_words(p_timeless_fingerprint text, p_posted_at timestamptz) returns boolean
language sql stable as $$
  select exists (
    select
      from listener_notifications
     where timeless_fingerprint = p_timeless_fingerprint
       and outcome = 'matched'
       and posted_at between p_posted_at - interval '10 minutes' and p_posted_at + interval '10 minutes'
  )
$$;

-- Stores a forwarded notification with what it is taken for: the payment of exactly this amount, or
-- something for a person to decide, or nothing. p_reading: 'ignored'; 'clear', with one amount of money that
-- came in; else why that is in doubt. What does not even say that money came (p_is_incoming), and names
-- nobody's amount, is the seller's own business: ignored, and its words are not kept. p_timeless_fingerprint:
-- where the forwarder does not say when. Outcomes: 'duplicate' (of the request, or of the notification),
-- 'nonce_used' (for another notification), with nothing changed; 'ignored', 'matched', 'review'.
create function record_listener_notification(
  p_nonce text,
  p_fingerprint text,
  p_timeless_fingerprint text,
  p_package text,
  p_raw_body text,
  p_posted_at timestamptz,
  p_reading text,
  p_is_incoming boolean,
  p_amounts bigint[],
  p_amount_max bigint
) returns jsonb
language plpgsql as $$
declare
  v_known text;
  v_match record;
  v_payment payments%rowtype;
  v_why text;
  v_outcome text;
  v_event_id bigint;
  v_constraint text;
begin
  insert into listener_nonces (nonce, fingerprint)
  values (p_nonce, p_fingerprint)
  on conflict (nonce) do nothing;
  if not found then
    select fingerprint into v_known from listener_nonces where nonce = p_nonce;
    return jsonb_build_object('kind', case v_known when p_fingerprint then 'duplicate' else 'nonce_used' end);
  end if;
  if exists (select from listener_notifications where fingerprint = p_fingerprint) then
    return jsonb_build_object('kind', 'duplicate');
  end if;

  v_outcome := 'ignored';
  if p_reading = 'clear' then
    v_match := match_static_payment(p_amounts[1], p_posted_at, p_amount_max);
    v_payment := v_match.payment;
    v_why := v_match.why;
    -- Looked at with the payment locked: both may come at the same moment.
    if v_why is not null and paid_by_same_words(p_timeless_fingerprint, p_posted_at) then
      return jsonb_build_object('kind', 'duplicate');
    end if;
    v_outcome := case when v_why is null then 'matched' else 'review' end;
  elsif p_reading <> 'ignored' and (p_is_incoming or is_static_amount(p_amounts)) then
    v_why := p_reading;
    v_outcome := 'review';
  end if;
  begin
    insert into payment_events (provider, reference, claimed_state, raw_body)
    values ('static_qris', coalesce(v_payment.reference, 'unmatched'),
            case v_outcome when 'matched' then 'paid' else v_outcome end,
            case v_outcome
              when 'ignored' then
                jsonb_build_object('packageName', p_package, 'postedAt', p_posted_at)::text
              else p_raw_body
            end)
    returning id into v_event_id;
    insert into listener_notifications (event_id, fingerprint, timeless_fingerprint, package, posted_at,
                                        outcome, payment_id, amount)
    values (v_event_id, p_fingerprint, p_timeless_fingerprint, p_package, p_posted_at, v_outcome,
            v_payment.id, case v_outcome when 'matched' then p_amounts[1] end);
  exception when unique_violation then
    get stacked diagnostics v_constraint = constraint_name;
    if v_constraint <> 'listener_notifications_fingerprint_key' then
      raise;
    end if;
    return jsonb_build_object('kind', 'duplicate');
  end;
  if v_outcome <> 'matched' then
    insert into payment_event_outcomes (event_id, outcome) values (v_event_id, v_outcome);
  end if;
  if v_outcome = 'review' then
    perform review_notification(v_event_id, v_why, p_package, p_posted_at, p_amounts);
  end if;
  return jsonb_build_object(
    'kind', v_outcome, 'eventId', v_event_id, 'reference', v_payment.reference, 'why', v_why
  );
end $$;

-- Puts a notification on the review list with the payments it may be meant for: those that were given one of
-- its amounts last. Its own amount is the only one it tells, else the only one that is somebody's.
create function review_notification(
  p_event_id bigint,
  p_why text,
  p_package text,
  p_posted_at timestamptz,
  p_amounts bigint[]
) returns void
language plpgsql as $$
declare
  v_candidates payments[];
  v_payment payments%rowtype;
  v_names text;
begin
  select array_agg(payments), string_agg(coalesce(orders.code, payments.reference), ', ' order by payments.id)
    into v_candidates, v_names
    from static_amounts
    join payments using (reference)
    left join orders on orders.id = payments.order_id
   where static_amounts.amount = any (p_amounts);
  if cardinality(v_candidates) = 1 then
    v_payment := v_candidates[1];
  end if;
  perform raise_review(
    'listener:' || p_event_id, 'unmatched_payment', 'static_qris', v_payment.id, v_payment.order_id,
    v_payment.user_id, case cardinality(p_amounts) when 1 then p_amounts[1] else v_payment.amount end,
    jsonb_strip_nulls(jsonb_build_object(
      'why', p_why, 'package', p_package, 'postedAt', p_posted_at, 'eventId', p_event_id,
      'amounts', nullif(array_to_string(p_amounts, ', '), ''), 'candidates', v_names
    ))
  );
end $$;
