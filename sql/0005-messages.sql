-- What came in and what must go out. A row is claimed by one process at a time; a process that holds its
-- advisory lock is alive, and the claims of one that does not are given back.

create sequence process_ids as integer;

create table inbox (
  id bigint generated always as identity primary key,
  channel text not null check (length(channel) between 1 and 64),
  message_id text not null check (length(message_id) between 1 and 128),
  user_id bigint not null references users,
  text text not null,
  state text not null check (state in ('waiting', 'working', 'done', 'refused')),
  claimed_by integer,
  attempts integer not null default 0,
  received_at timestamptz not null default now(),
  unique (channel, message_id),
  check ((state = 'working') = (claimed_by is not null))
);

-- Strictly one message at a time per customer, however many processes share the shop.
create unique index inbox_one_working_per_user on inbox (user_id) where state = 'working';
create index inbox_unfinished on inbox (user_id, id) where state in ('waiting', 'working');
create index inbox_by_age on inbox (received_at) where state in ('done', 'refused');

create table outbox (
  id bigint generated always as identity primary key,
  -- The id the channel sees; the same at every attempt.
  message_id text not null unique default gen_random_uuid()::text,
  channel text not null,
  user_id bigint not null references users,
  -- 'text' carries its words; every other kind is written out when it is sent.
  kind text not null check (kind in (
    'text', 'goods', 'payment_request', 'order_paid', 'deposit_paid', 'order_expired', 'late_balance', 'busy'
  )),
  text text check ((kind = 'text') = (text is not null)),
  data jsonb not null default '{}',
  order_id bigint references orders,
  in_reply_to text,
  state text not null check (state in ('waiting', 'sending', 'sent', 'given_up')),
  claimed_by integer,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  failure text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  check ((state = 'sending') = (claimed_by is not null)),
  check (kind <> 'goods' or order_id is not null)
);

-- In order per customer: one of a customer's messages on a channel is under way at a time.
create unique index outbox_one_sending_per_user on outbox (channel, user_id) where state = 'sending';
create index outbox_unsent on outbox (channel, user_id, id) where state in ('waiting', 'sending');
create index outbox_given_up on outbox (id) where state = 'given_up';
create index outbox_by_user on outbox (user_id, id);

create table conversations (
  user_id bigint primary key references users,
  step text not null,
  data jsonb not null default '{}',
  updated_at timestamptz not null default now()
);

create table events (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  step text not null check (step in ('greeting', 'catalogue', 'checkout', 'paid', 'delivered')),
  -- Figures, not books: these point without being held.
  user_id bigint not null,
  order_id bigint
);

create index events_by_time on events (at, step);

create trigger events_are_append_only
  before update or delete or truncate on events
  for each statement execute function refuse_change();
