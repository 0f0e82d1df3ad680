-- What came in and what must go out. A row is claimed by one process at a time; a process that holds its
-- advisory lock is alive, and the claims of one that does not are given back.

create sequence process_ids as integer;

create domain inbox_channel as text
  constraint inbox_channel_check check (length(value) between 1 and 64);
create domain inbox_message_id as text
  constraint inbox_message_id_check check (length(value) between 1 and 128);
create domain inbox_state as text
  constraint inbox_state_check check (value in ('waiting', 'working', 'done', 'refused'));

create table inbox (
  id bigint generated always as identity primary key,
  channel inbox_channel not null,
  message_id inbox_message_id not null,
  user_id bigint not null references users,
  text text not null,
  state inbox_state not null,
  claimed_by integer,
  attempts integer not null default 0,
  received_at timestamptz not null default now(),
  unique (channel, message_id),
  check ((state = 'working') = (claimed_by is not null))
);

-- Strictly one message at a time per customer, however many processes share the shop.
create unique index inbox_one_working_per_user on inbox (user_id) where state = 'working';
create index inbox_unfinished on inbox (user_id, id) where state in ('waiting', 'working');

create domain outbox_kind as text
  constraint outbox_kind_check check (value in (
    'text', 'goods', 'payment_request', 'order_paid', 'deposit_paid', 'order_expired', 'late_balance', 'busy',
    'payment_review'
  ));
create domain outbox_state as text
  constraint outbox_state_check check (value in ('waiting', 'sending', 'sent', 'given_up'));

create table outbox (
  id bigint generated always as identity primary key,
  -- The id the channel sees; the same at every attempt. It begins with the time, so that new ones stand side
  -- by side in their index, and ends with chance, so that a restored backup gives none out twice.
  message_id text not null unique
    default to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint) || '-' || gen_random_uuid(),
  channel text not null,
  user_id bigint not null references users,
  -- 'text' carries its words; every other kind is written out when it is sent.
  kind outbox_kind not null,
  text text,
  data jsonb not null default '{}',
  order_id bigint references orders,
  in_reply_to text,
  state outbox_state not null,
  claimed_by integer,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  failure text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  check (
    (state = 'sending') = (claimed_by is not null)
    and (kind = 'text') = (text is not null)
    and (kind <> 'goods' or order_id is not null)
  )
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

create domain events_step as text
  constraint events_step_check check (value in ('greeting', 'catalogue', 'checkout', 'paid', 'delivered'));

create table events (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  step events_step not null,
  -- Figures, not books: these point without being held.
  user_id bigint not null,
  order_id bigint
);

-- Written in the order of time, so a coarse index finds a day.
create index events_by_time on events using brin (at);

create trigger events_are_append_only
  before update or delete or truncate on events
  for each statement execute function refuse_change();
