-- Pages of a provider beside QRIS codes, the transactions of a charge, and when its state is asked for again.

alter table payments
  -- The provider's own page; instead of a code, never beside one.
  add column redirect_url text,
  -- When its state is asked for next, null once it is not any more; how often it was answered in its present
  -- state, and how often in a row the provider was silent.
  add column next_ask_at timestamptz,
  add column asks integer not null default 0,
  add column silences integer not null default 0,
  add constraint payments_one_way_to_pay check (qr_string is null or redirect_url is null);

drop index payments_to_close;
create index payments_to_ask on payments (next_ask_at) where next_ask_at is not null;

-- Which transaction of its charge a notification names; not signed, so a hint.
alter table payment_events
  add column transaction_id text check (transaction_id ~ '^[A-Za-z0-9-]{1,64}$');

-- One charge may be paid by several transactions, as after a first attempt was given up, and the provider
-- answers for the charge with the latest alone: the others are asked for by their own ids. Only what the
-- provider itself named is here, with what it said last; null where that was not asked yet.
create table payment_transactions (
  payment_id bigint not null references payments,
  transaction_id text not null check (transaction_id ~ '^[A-Za-z0-9-]{1,64}$'),
  state text,
  seen_at timestamptz not null default now(),
  primary key (payment_id, transaction_id)
);

insert into payment_transactions (payment_id, transaction_id)
select id, provider_transaction_id
  from payments
 where provider = 'midtrans'
   and provider_transaction_id ~ '^[A-Za-z0-9-]{1,64}$';

-- The events that nothing became of yet, so that they are found however many there ever were.
create table open_payment_events (
  event_id bigint primary key references payment_events
);

insert into open_payment_events (event_id)
select id
  from payment_events
 where not exists (select from payment_event_outcomes where event_id = payment_events.id);

create function open_payment_event() returns trigger
language plpgsql as $$
begin
  insert into open_payment_events (event_id) values (new.id);
  return null;
end $$;

create function close_payment_event() returns trigger
language plpgsql as $$
begin
  delete from open_payment_events where event_id = new.event_id;
  return null;
end $$;

create trigger payment_events_are_open
  after insert on payment_events
  for each row execute function open_payment_event();

create trigger payment_event_outcomes_close
  after insert on payment_event_outcomes
  for each row execute function close_payment_event();

-- How long a charge is left alone after its state was answered so many times; null: for ever. An open one
-- may have lost its webhook. An ended one is closed at the provider at once, and looked at for four days,
-- because money comes late. A paid one may be taken back: by a bank within minutes, by a refund or a
-- chargeback later.
create function pause_before_asking(p_state text, p_asks integer) returns interval
language sql immutable as $$
  select case
    when p_state in ('requested', 'pending') then
      least(interval '30 seconds' * power(1.5, least(p_asks, 10)), interval '5 minutes')
    when p_state in ('failed', 'expired', 'cancelled') then
      (
        '{0,5 minutes,15 minutes,45 minutes,2 hours,6 hours,16 hours,24 hours,48 hours}'::interval[]
      )[p_asks + 1]
    else
      ('{5 minutes,25 minutes,330 minutes,18 hours,6 days}'::interval[])[p_asks + 1]
  end
$$;

-- From 0 up to 1, another one for each payment and step: what became due together drifts apart.
create function spread_of(p_payment_id bigint, p_step integer) returns double precision
language sql immutable as $$
  select (hashint8extended(p_payment_id, p_step) & 1023) / 1024.0::double precision
$$;

-- A new state has its own schedule, whoever gives it.
create function schedule_asking() returns trigger
language plpgsql as $$
begin
  if tg_op = 'INSERT' or new.state <> old.state then
    new.asks := 0;
    new.silences := 0;
    new.next_ask_at := now() + pause_before_asking(new.state, 0) * (1 + spread_of(new.id, 0) / 10);
  end if;
  return new;
end $$;

create trigger payments_are_asked_for
  before insert or update of state on payments
  for each row execute function schedule_asking();

update payments
   set next_ask_at = case
     when state in ('requested', 'pending') then now()
     when state in ('failed', 'expired', 'cancelled') and created_at > now() - interval '4 days' then now()
     when state = 'paid' and paid_at > now() - interval '7 days' then
       now() + spread_of(id, 0) * interval '1 hour'
   end,
   asks = case when state = 'paid' then 3 else 0 end;

-- The state of a charge was answered. `p_is_closed`: it can certainly not be paid any more. Nothing happens
-- when the payment got another state meanwhile, which has a schedule of its own.
create function note_asked(p_reference text, p_state text, p_is_closed boolean) returns void
language sql as $$
  update payments
     set asks = asks + 1,
         silences = 0,
         asked_at = now(),
         next_ask_at = now() + pause_before_asking(state, asks + 1) * (1 + spread_of(id, asks + 1) / 10),
         closed_at = case when p_is_closed then coalesce(closed_at, now()) end
   where reference = p_reference
     and state = p_state
$$;

-- The provider was silent: the same question later, after 10 to 20 seconds at first and after 3 to 6 minutes
-- in the end, for a month.
create function note_silence(p_reference text, p_state text) returns void
language sql as $$
  update payments
     set silences = silences + 1,
         next_ask_at = case
           when created_at > now() - interval '30 days' then
             now() + least(interval '20 seconds' * power(2, least(silences, 10)), interval '6 minutes')
                     * (1 - spread_of(id, silences) / 2)
         end
   where reference = p_reference
     and state = p_state
$$;

-- An order as messages speak of it. Its method is `online` when it is paid on a page of the provider: which
-- of the methods there it was, only the provider knows.
create or replace function describe_order(p_order_id bigint) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'orderCode', orders.code,
    'total', orders.total,
    'method', case
      when orders.method = 'qris'
        and exists (select from payments where order_id = orders.id and redirect_url is not null)
      then 'online'
      else orders.method
    end,
    'kind', orders.kind,
    'lines', (
      select jsonb_agg(jsonb_build_object('name', name, 'quantity', quantity, 'amount', amount) order by id)
        from order_lines
       where order_id = orders.id
    )
  )
  from orders
  where id = p_order_id
$$;

drop function record_charge(bigint, bigint, integer, text[], text, text, timestamptz, jsonb);

-- The provider made the charge: stores how it is paid (a code, or a page), promises that to the customer and
-- finishes the message. 'gone' (with nothing changed) when the payment ended meanwhile. Errors: LP001.
create function record_charge(
  p_payment_id bigint,
  p_inbox_id bigint,
  p_owner integer,
  p_serves text[],
  p_qr_string text,
  p_redirect_url text,
  p_transaction_id text,
  p_expires_at timestamptz,
  p_words jsonb
) returns jsonb
language plpgsql as $$
declare
  v_payment payments%rowtype;
  v_inbox inbox%rowtype;
  v_promise jsonb;
begin
  update payments
     set state = 'pending',
         qr_string = p_qr_string,
         redirect_url = p_redirect_url,
         provider_transaction_id = p_transaction_id,
         expires_at = least(expires_at, p_expires_at)
   where id = p_payment_id
     and state in ('requested', 'pending')
  returning * into v_payment;
  if not found then
    return jsonb_build_object('kind', 'gone');
  end if;
  if p_transaction_id is not null then
    insert into payment_transactions (payment_id, transaction_id)
    values (p_payment_id, p_transaction_id)
    on conflict do nothing;
  end if;
  perform finish_message(p_inbox_id, p_owner);
  select * into v_inbox from inbox where id = p_inbox_id;
  v_promise := promise_message(
    p_owner, p_serves, v_payment.channel, v_payment.user_id, 'payment_request', null,
    p_words || jsonb_strip_nulls(jsonb_build_object(
      'purpose', v_payment.purpose, 'amount', v_payment.amount, 'expiresAt', v_payment.expires_at,
      'payToken', v_payment.pay_token, 'qrString', p_qr_string, 'redirectUrl', p_redirect_url,
      'provider', v_payment.provider
    )),
    v_payment.order_id, v_inbox.message_id
  );
  return jsonb_build_object(
    'kind', 'recorded',
    'promise', v_promise,
    'next', to_jsonb(claim_next_of_user(p_owner, v_payment.user_id))
  );
end $$;
