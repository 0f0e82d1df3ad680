-- Charges at a payment provider, and every notification as it came.

create table payments (
  id bigint generated always as identity primary key,
  -- The id the provider knows it by; never used twice, so a second attempt gets another suffix.
  reference text not null unique check (reference ~ '^[A-Za-z0-9-]{1,50}$'),
  provider text not null check (provider in ('midtrans', 'demo', 'static_qris')),
  purpose text not null check (purpose in ('order', 'deposit')),
  user_id bigint not null references users,
  order_id bigint references orders,
  amount bigint not null check (amount > 0),
  state text not null default 'requested'
    check (state in ('requested', 'pending', 'paid', 'failed', 'expired', 'cancelled', 'review')),
  -- Names the payment page; unguessable.
  pay_token text not null unique check (length(pay_token) >= 22),
  qr_string text,
  provider_transaction_id text,
  -- Where its messages go, and the inbound message that asked for it.
  channel text not null,
  placed_by_message bigint unique,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  paid_at timestamptz,
  -- When its state was last asked for, and since when it is certain that it cannot be paid any more.
  asked_at timestamptz,
  closed_at timestamptz,
  resolution text check (resolution in ('goods', 'late_goods', 'late_balance', 'balance', 'already_paid_balance')),
  check ((purpose = 'order') = (order_id is not null)),
  check ((state = 'paid') = (resolution is not null))
);

create unique index payments_one_open_per_order
  on payments (order_id) where state in ('requested', 'pending');
-- Each further payment of an order becomes balance, never a second handing over.
create unique index payments_one_for_goods_per_order
  on payments (order_id) where resolution in ('goods', 'late_goods');
create unique index payments_one_open_deposit_per_user
  on payments (user_id) where purpose = 'deposit' and state in ('requested', 'pending');
create index payments_by_order on payments (order_id);
create index payments_to_expire on payments (expires_at) where state in ('requested', 'pending');
create index payments_to_close on payments (asked_at nulls first)
  where state in ('failed', 'expired', 'cancelled') and closed_at is null;

create function refuse_unpaying() returns trigger
language plpgsql as $$
begin
  if old.state = 'paid' and (new.state, new.resolution, new.paid_at, new.provider_transaction_id)
     is distinct from (old.state, old.resolution, old.paid_at, old.provider_transaction_id) then
    raise exception 'a paid payment stays paid, as it was'
      using errcode = 'check_violation', constraint = 'payments_stay_paid';
  end if;
  return new;
end $$;

create trigger payments_stay_paid
  before update of state, resolution, paid_at, provider_transaction_id on payments
  for each row execute function refuse_unpaying();

create trigger payments_stay_as_agreed
  before update of reference, provider, purpose, user_id, order_id, amount, pay_token, placed_by_message on payments
  for each statement execute function refuse_rewriting();

create trigger payments_are_kept
  before delete or truncate on payments
  for each statement execute function refuse_change();

create table payment_events (
  id bigint generated always as identity primary key,
  provider text not null,
  reference text not null,
  claimed_state text not null,
  raw_body text not null,
  received_at timestamptz not null default now()
);

create trigger payment_events_are_append_only
  before update or delete or truncate on payment_events
  for each statement execute function refuse_change();

-- What became of an event; an event without a row here is still to be worked.
create table payment_event_outcomes (
  event_id bigint primary key references payment_events,
  outcome text not null,
  worked_at timestamptz not null default now()
);

create trigger payment_event_outcomes_are_append_only
  before update or delete or truncate on payment_event_outcomes
  for each statement execute function refuse_change();

-- Payments that were only pretended, in a shop without a gateway.
create table demo_payments (
  reference text primary key references payments (reference),
  paid_at timestamptz not null default now()
);
