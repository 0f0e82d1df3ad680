-- What the migrations make. Written by `npm run schema`.

set check_function_bodies = off;

create domain events_step as text
  constraint events_step_check CHECK (VALUE = ANY (ARRAY['greeting'::text, 'catalogue'::text, 'checkout'::text, 'paid'::text, 'delivered'::text, 'refunded'::text]));

create domain inbox_channel as text
  constraint inbox_channel_check CHECK (length(VALUE) >= 1 AND length(VALUE) <= 64);

create domain inbox_message_id as text
  constraint inbox_message_id_check CHECK (length(VALUE) >= 1 AND length(VALUE) <= 128);

create domain inbox_state as text
  constraint inbox_state_check CHECK (VALUE = ANY (ARRAY['waiting'::text, 'working'::text, 'done'::text, 'refused'::text]));

create domain ledger_entries_account as text
  constraint ledger_entries_account_check CHECK (VALUE ~ '^(customer|revenue|opening|adjustment|losses|refunds_due|clearing:(midtrans|demo|static_qris))$'::text);

create domain ledger_entries_amount as bigint
  constraint ledger_entries_amount_check CHECK (VALUE <> 0);

create domain ledger_transactions_kind as text
  constraint ledger_transactions_kind_check CHECK (VALUE = ANY (ARRAY['sale'::text, 'deposit'::text, 'late_payment'::text, 'refund'::text, 'opening'::text, 'adjustment'::text, 'union'::text, 'reversal'::text, 'found_payment'::text]));

create domain ledger_transactions_reason as text
  constraint ledger_transactions_reason_check CHECK (length(VALUE) <= 200);

create domain order_lines_quantity as integer
  constraint order_lines_quantity_check CHECK (VALUE >= 1 AND VALUE <= 100);

create domain order_lines_unit_price as bigint
  constraint order_lines_unit_price_check CHECK (VALUE > 0);

create domain orders_code as text
  constraint orders_code_check CHECK (VALUE ~ '^[A-Z0-9-]{4,24}$'::text);

create domain orders_kind as text
  constraint orders_kind_check CHECK (VALUE = ANY (ARRAY['digital'::text, 'physical'::text]));

create domain orders_method as text
  constraint orders_method_check CHECK (VALUE = ANY (ARRAY['saldo'::text, 'qris'::text]));

create domain orders_total as bigint
  constraint orders_total_check CHECK (VALUE > 0);

create domain outbox_kind as text
  constraint outbox_kind_check CHECK (VALUE = ANY (ARRAY['text'::text, 'goods'::text, 'payment_request'::text, 'order_paid'::text, 'deposit_paid'::text, 'order_expired'::text, 'late_balance'::text, 'busy'::text, 'payment_review'::text, 'broadcast'::text, 'payment_reversed'::text, 'order_refunded'::text, 'refund_requested'::text, 'refund_failed'::text, 'review_raised'::text, 'review_credited'::text, 'warranty_replaced'::text, 'warranty_refused'::text, 'order_packing'::text, 'order_shipped'::text, 'order_completed'::text, 'address_wanted'::text, 'order_to_pack'::text, 'person_wanted'::text, 'balance_adjusted'::text, 'bot_answers'::text, 'broadcast_report'::text, 'operator_alerts'::text, 'daily_summary'::text, 'back_in_stock'::text, 'conversation_ended'::text]));

create domain outbox_state as text
  constraint outbox_state_check CHECK (VALUE = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'given_up'::text]));

create domain stock_units_state as text
  constraint stock_units_state_check CHECK (VALUE = ANY (ARRAY['available'::text, 'held'::text, 'sold'::text]));

create domain users_language as text
  constraint users_language_check CHECK (VALUE = ANY (ARRAY['id'::text, 'en'::text]));

create domain users_name as text
  constraint users_name_check CHECK (length(VALUE) <= 100);

create domain users_number as text
  constraint users_number_check CHECK (VALUE ~ '^[1-9][0-9]{6,14}$'::text);

create domain users_role as text
  constraint users_role_check CHECK (VALUE = ANY (ARRAY['customer'::text, 'reseller'::text, 'admin'::text, 'owner'::text]));

create type claimed_message as (
  inbox_id bigint,
  channel text,
  message_id text,
  text text,
  attempts integer,
  user_id bigint,
  number text,
  name text,
  language text,
  role text,
  blocked boolean,
  balance bigint,
  address text,
  quiet boolean,
  conversation jsonb,
  house_version bigint
);

create sequence house_versions as bigint;

create sequence process_ids as integer;

create table alerts (
  key text not null,
  kind text not null,
  data jsonb default '{}'::jsonb not null,
  raised_at timestamp with time zone not null,
  told_at timestamp with time zone,
  over_at timestamp with time zone,
  constraint alerts_pkey PRIMARY KEY (key),
  constraint alerts_key_check CHECK (length(key) >= 1 AND length(key) <= 100),
  constraint alerts_kind_check CHECK (kind = ANY (ARRAY['low_stock'::text, 'large_order'::text, 'review'::text, 'new_address'::text, 'messages_given_up'::text, 'messages_stuck'::text, 'messages_unanswered'::text, 'messages_failing'::text, 'redis_away'::text, 'person_wanted'::text]))
);

create table audit_log (
  id bigint generated always as identity not null,
  at timestamp with time zone default now() not null,
  actor text not null,
  action text not null,
  subject text not null,
  details jsonb default '{}'::jsonb not null,
  constraint audit_log_pkey PRIMARY KEY (id)
);

create table broadcast_recipients (
  id bigint generated always as identity not null,
  broadcast_id bigint not null,
  user_id bigint not null,
  channel text not null,
  state text default 'waiting'::text not null,
  message_id text default ((to_hex(((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric))::bigint) || '-'::text) || gen_random_uuid()) not null,
  outbox_id bigint,
  promised_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint broadcast_recipients_pkey PRIMARY KEY (id),
  constraint broadcast_recipients_broadcast_id_user_id_key UNIQUE (broadcast_id, user_id),
  constraint broadcast_recipients_check CHECK ((state = ANY (ARRAY['promised'::text, 'sent'::text, 'failed'::text])) = (promised_at IS NOT NULL)),
  constraint broadcast_recipients_message_id_key UNIQUE (message_id),
  constraint broadcast_recipients_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'promised'::text, 'sent'::text, 'failed'::text, 'left_out'::text, 'withdrawn'::text]))
);

create table broadcasts (
  id bigint generated always as identity not null,
  text text not null,
  state text default 'running'::text not null,
  paused_for text,
  started_by bigint not null,
  request text not null,
  started_at timestamp with time zone not null,
  running_since timestamp with time zone not null,
  next_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  quarters_told integer default 0 not null,
  constraint broadcasts_pkey PRIMARY KEY (id),
  constraint broadcasts_check CHECK ((state = 'paused'::text) = (paused_for IS NOT NULL)),
  constraint broadcasts_check1 CHECK ((state = ANY (ARRAY['stopped'::text, 'finished'::text])) = (ended_at IS NOT NULL)),
  constraint broadcasts_paused_for_check CHECK (paused_for = ANY (ARRAY['operator'::text, 'warning'::text, 'failures'::text])),
  constraint broadcasts_request_key UNIQUE (request),
  constraint broadcasts_state_check CHECK (state = ANY (ARRAY['running'::text, 'paused'::text, 'stopped'::text, 'finished'::text])),
  constraint broadcasts_text_check CHECK (length(text) >= 1 AND length(text) <= 3000)
);

create table changed_texts (
  language text not null,
  key text not null,
  template text not null,
  changed_at timestamp with time zone default now() not null,
  constraint changed_texts_pkey PRIMARY KEY (language, key),
  constraint changed_texts_key_check CHECK (key ~ '^[A-Za-z]+(\.[a-z_]+)?$'::text AND length(key) <= 80),
  constraint changed_texts_language_check CHECK (language = ANY (ARRAY['id'::text, 'en'::text])),
  constraint changed_texts_template_check CHECK (length(template) >= 1 AND length(template) <= 2000)
);

create table conversations (
  user_id bigint not null,
  step text not null,
  data jsonb default '{}'::jsonb not null,
  updated_at timestamp with time zone default now() not null,
  channel text,
  constraint conversations_pkey PRIMARY KEY (user_id)
);

create table countings (
  counted text not null,
  counted_to bigint default 0 not null,
  marked_to bigint not null,
  marked_in xid8 not null,
  constraint countings_pkey PRIMARY KEY (counted),
  constraint countings_counted_check CHECK (counted = ANY (ARRAY['events'::text, 'inbox'::text]))
);

create table daily_summaries (
  day date not null,
  until timestamp with time zone not null,
  written_at timestamp with time zone not null,
  constraint daily_summaries_pkey PRIMARY KEY (day)
);

create table demo_payments (
  reference text not null,
  paid_at timestamp with time zone default now() not null,
  constraint demo_payments_pkey PRIMARY KEY (reference)
);

create table errors (
  id bigint generated always as identity not null,
  at timestamp with time zone default now() not null,
  reference text not null,
  operation text not null,
  code text not null,
  channel text,
  user_id bigint,
  constraint errors_pkey PRIMARY KEY (id),
  constraint errors_code_check CHECK (code ~ '^[A-Za-z0-9_.-]{1,64}$'::text),
  constraint errors_operation_check CHECK (operation ~ '^[a-z0-9_]{1,64}$'::text),
  constraint errors_reference_check CHECK (length(reference) >= 1 AND length(reference) <= 64)
);

create table events (
  id bigint generated always as identity not null,
  at timestamp with time zone default now() not null,
  step events_step not null,
  user_id bigint not null,
  order_id bigint,
  constraint events_pkey PRIMARY KEY (id)
);

create table inbox (
  id bigint generated always as identity not null,
  channel inbox_channel not null,
  message_id inbox_message_id not null,
  user_id bigint not null,
  text text not null,
  state inbox_state not null,
  claimed_by integer,
  attempts integer default 0 not null,
  received_at timestamp with time zone default now() not null,
  is_confidential boolean default false not null,
  document bytea,
  constraint inbox_pkey PRIMARY KEY (id),
  constraint inbox_channel_message_id_key UNIQUE (channel, message_id),
  constraint inbox_check CHECK ((state::text = 'working'::text) = (claimed_by IS NOT NULL))
);

create table ledger_entries (
  id bigint generated always as identity not null,
  transaction_id bigint not null,
  account ledger_entries_account not null,
  user_id bigint,
  amount ledger_entries_amount not null,
  constraint ledger_entries_pkey PRIMARY KEY (id),
  constraint ledger_entries_check CHECK ((account::text = 'customer'::text) = (user_id IS NOT NULL))
);

create table ledger_transactions (
  id bigint generated always as identity not null,
  key text not null,
  kind ledger_transactions_kind not null,
  reason ledger_transactions_reason default ''::text not null,
  order_id bigint,
  made_in xid8 default pg_current_xact_id() not null,
  created_at timestamp with time zone default now() not null,
  constraint ledger_transactions_pkey PRIMARY KEY (id),
  constraint ledger_transactions_key_key UNIQUE (key)
);

create table lids (
  lid text not null,
  user_id bigint not null,
  seen_at timestamp with time zone default clock_timestamp() not null,
  constraint lids_pkey PRIMARY KEY (lid),
  constraint lids_lid_check CHECK (lid ~ '^[0-9]{5,20}@lid$'::text)
);

create table listener_nonces (
  nonce text not null,
  fingerprint text not null,
  seen_at timestamp with time zone default now() not null,
  constraint listener_nonces_pkey PRIMARY KEY (nonce),
  constraint listener_nonces_nonce_check CHECK (length(nonce) >= 1 AND length(nonce) <= 128)
);

create table listener_notifications (
  event_id bigint not null,
  fingerprint text not null,
  timeless_fingerprint text,
  package text not null,
  posted_at timestamp with time zone not null,
  outcome text not null,
  payment_id bigint,
  amount bigint,
  constraint listener_notifications_pkey PRIMARY KEY (event_id),
  constraint listener_notifications_amount_check CHECK (amount > 0),
  constraint listener_notifications_check CHECK ((outcome = 'matched'::text) = (payment_id IS NOT NULL)),
  constraint listener_notifications_check1 CHECK ((outcome = 'matched'::text) = (amount IS NOT NULL)),
  constraint listener_notifications_fingerprint_key UNIQUE (fingerprint),
  constraint listener_notifications_outcome_check CHECK (outcome = ANY (ARRAY['ignored'::text, 'matched'::text, 'review'::text])),
  constraint listener_notifications_payment_id_key UNIQUE (payment_id)
);

create table message_counts (
  since timestamp with time zone not null,
  messages bigint not null,
  constraint message_counts_pkey PRIMARY KEY (since)
);

create table open_payment_events (
  event_id bigint not null,
  constraint open_payment_events_pkey PRIMARY KEY (event_id)
);

create table order_lines (
  id bigint generated always as identity not null,
  order_id bigint not null,
  product_id bigint not null,
  name text not null,
  quantity order_lines_quantity not null,
  unit_price order_lines_unit_price not null,
  amount bigint not null,
  constraint order_lines_pkey PRIMARY KEY (id),
  constraint order_lines_check CHECK (amount = (unit_price::bigint * quantity::integer)),
  constraint order_lines_order_id_product_id_key UNIQUE (order_id, product_id)
);

create table order_moves (
  from_status text not null,
  to_status text not null,
  constraint order_moves_pkey PRIMARY KEY (from_status, to_status)
);

create table orders (
  id bigint generated always as identity not null,
  code orders_code not null,
  user_id bigint not null,
  kind orders_kind not null,
  status text not null,
  method orders_method not null,
  total orders_total not null,
  expires_at timestamp with time zone,
  placed_by_message bigint,
  channel text not null,
  delivery jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  paid_at timestamp with time zone,
  delivered_at timestamp with time zone,
  ended_at timestamp with time zone,
  discount bigint default 0 not null,
  packed_at timestamp with time zone,
  shipped_at timestamp with time zone,
  completed_at timestamp with time zone,
  to_pack_told_at timestamp with time zone,
  constraint orders_pkey PRIMARY KEY (id),
  constraint orders_check CHECK (status <> 'awaiting_payment'::text OR expires_at IS NOT NULL),
  constraint orders_code_key UNIQUE (code),
  constraint orders_discount_check CHECK (discount >= 0),
  constraint orders_placed_by_message_key UNIQUE (placed_by_message),
  constraint orders_shipped_somewhere CHECK ((status <> ALL (ARRAY['shipped'::text, 'completed'::text])) OR shipped_at IS NOT NULL AND COALESCE(delivery ->> 'recipient'::text, ''::text) <> ''::text AND COALESCE(delivery ->> 'address'::text, ''::text) <> ''::text AND COALESCE(length(delivery ->> 'courier'::text), 0) >= 1 AND COALESCE(length(delivery ->> 'courier'::text), 0) <= 40 AND COALESCE(length(delivery ->> 'tracking'::text), 0) >= 1 AND COALESCE(length(delivery ->> 'tracking'::text), 0) <= 60)
);

create table outbox (
  id bigint generated always as identity not null,
  message_id text default ((to_hex(((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric))::bigint) || '-'::text) || gen_random_uuid()) not null,
  channel text not null,
  user_id bigint not null,
  kind outbox_kind not null,
  text text,
  data jsonb default '{}'::jsonb not null,
  order_id bigint,
  in_reply_to text,
  state outbox_state not null,
  claimed_by integer,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone default now() not null,
  failure text,
  created_at timestamp with time zone default now() not null,
  sent_at timestamp with time zone,
  language text,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_check CHECK ((state::text = 'sending'::text) = (claimed_by IS NOT NULL) AND (kind::text = ANY (ARRAY['text'::text, 'broadcast'::text])) = (text IS NOT NULL) AND (kind::text <> 'goods'::text OR order_id IS NOT NULL)),
  constraint outbox_message_id_key UNIQUE (message_id)
);

create table payment_event_outcomes (
  event_id bigint not null,
  outcome text not null,
  worked_at timestamp with time zone default now() not null,
  constraint payment_event_outcomes_pkey PRIMARY KEY (event_id)
);

create table payment_events (
  id bigint generated always as identity not null,
  provider text not null,
  reference text not null,
  claimed_state text not null,
  raw_body text not null,
  received_at timestamp with time zone default now() not null,
  transaction_id text,
  constraint payment_events_pkey PRIMARY KEY (id),
  constraint payment_events_transaction_id_check CHECK (transaction_id ~ '^[A-Za-z0-9-]{1,64}$'::text)
);

create table payment_transactions (
  payment_id bigint not null,
  transaction_id text not null,
  state text,
  seen_at timestamp with time zone default now() not null,
  constraint payment_transactions_pkey PRIMARY KEY (payment_id, transaction_id),
  constraint payment_transactions_transaction_id_check CHECK (transaction_id ~ '^[A-Za-z0-9-]{1,64}$'::text)
);

create table payments (
  id bigint generated always as identity not null,
  reference text not null,
  provider text not null,
  purpose text not null,
  user_id bigint not null,
  order_id bigint,
  amount bigint not null,
  state text default 'requested'::text not null,
  pay_token text not null,
  qr_string text,
  provider_transaction_id text,
  channel text not null,
  placed_by_message bigint,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  paid_at timestamp with time zone,
  asked_at timestamp with time zone,
  closed_at timestamp with time zone,
  resolution text,
  redirect_url text,
  next_ask_at timestamp with time zone,
  asks integer default 0 not null,
  silences integer default 0 not null,
  unique_extra bigint default 0 not null,
  constraint payments_pkey PRIMARY KEY (id),
  constraint payments_amount_check CHECK (amount > 0),
  constraint payments_check CHECK ((purpose = 'order'::text) = (order_id IS NOT NULL)),
  constraint payments_check1 CHECK ((state = 'paid'::text) = (resolution IS NOT NULL)),
  constraint payments_check2 CHECK (unique_extra >= 0 AND unique_extra < amount),
  constraint payments_one_way_to_pay CHECK (qr_string IS NULL OR redirect_url IS NULL),
  constraint payments_pay_token_check CHECK (length(pay_token) >= 22),
  constraint payments_pay_token_key UNIQUE (pay_token),
  constraint payments_placed_by_message_key UNIQUE (placed_by_message),
  constraint payments_provider_check CHECK (provider = ANY (ARRAY['midtrans'::text, 'demo'::text, 'static_qris'::text])),
  constraint payments_purpose_check CHECK (purpose = ANY (ARRAY['order'::text, 'deposit'::text])),
  constraint payments_reference_check CHECK (reference ~ '^[A-Za-z0-9-]{1,50}$'::text),
  constraint payments_reference_key UNIQUE (reference),
  constraint payments_resolution_check CHECK (resolution = ANY (ARRAY['goods'::text, 'late_goods'::text, 'late_balance'::text, 'balance'::text, 'already_paid_balance'::text, 'underpaid_balance'::text])),
  constraint payments_state_check CHECK (state = ANY (ARRAY['requested'::text, 'pending'::text, 'paid'::text, 'failed'::text, 'expired'::text, 'cancelled'::text, 'review'::text]))
);

create table product_figures (
  product_id bigint not null,
  sold bigint not null,
  constraint product_figures_pkey PRIMARY KEY (product_id)
);

create table product_prices (
  product_id bigint not null,
  role text default ''::text not null,
  min_quantity integer default 1 not null,
  price bigint not null,
  constraint product_prices_pkey PRIMARY KEY (product_id, role, min_quantity),
  constraint product_prices_check CHECK (role <> ''::text OR min_quantity > 1),
  constraint product_prices_min_quantity_check CHECK (min_quantity >= 1 AND min_quantity <= 100),
  constraint product_prices_price_check CHECK (price > 0 AND price <= 1000000000),
  constraint product_prices_role_check CHECK (role = ANY (ARRAY[''::text, 'reseller'::text]))
);

create table products (
  id bigint generated always as identity not null,
  code text not null,
  name text not null,
  price bigint not null,
  category text default ''::text not null,
  description text default ''::text not null,
  kind text not null,
  stock integer default 0 not null,
  low_stock_at integer default 3 not null,
  max_quantity integer default 100 not null,
  hidden_at timestamp with time zone,
  data jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  warranty_days integer default 0 not null,
  warranty_policy text default 'replace'::text not null,
  constraint products_pkey PRIMARY KEY (id),
  constraint products_category_check CHECK (length(category) <= 60),
  constraint products_check CHECK (kind = 'physical'::text OR stock = 0),
  constraint products_code_check CHECK (code ~ '^[A-Z0-9][A-Z0-9._-]{0,31}$'::text),
  constraint products_code_key UNIQUE (code),
  constraint products_description_check CHECK (length(description) <= 2000),
  constraint products_kind_check CHECK (kind = ANY (ARRAY['digital'::text, 'physical'::text])),
  constraint products_low_stock_at_check CHECK (low_stock_at >= 0),
  constraint products_max_quantity_check CHECK (max_quantity >= 1 AND max_quantity <= 100),
  constraint products_name_check CHECK (length(name) >= 1 AND length(name) <= 200),
  constraint products_price_check CHECK (price > 0 AND price <= 1000000000),
  constraint products_stock_check CHECK (stock >= 0),
  constraint products_warranty_days_check CHECK (warranty_days >= 0 AND warranty_days <= 3650),
  constraint products_warranty_of_digital_check CHECK (kind = 'digital'::text OR warranty_days = 0),
  constraint products_warranty_policy_check CHECK (warranty_policy = ANY (ARRAY['replace'::text, 'refund'::text]))
);

create table receipts (
  id bigint generated always as identity not null,
  payment_id bigint not null,
  transaction_id text not null,
  amount bigint not null,
  received_at timestamp with time zone default now() not null,
  constraint receipts_pkey PRIMARY KEY (id),
  constraint receipts_amount_check CHECK (amount > 0),
  constraint receipts_payment_id_transaction_id_key UNIQUE (payment_id, transaction_id)
);

create table refunds (
  id bigint generated always as identity not null,
  key text not null,
  order_id bigint not null,
  payment_id bigint,
  amount bigint not null,
  state text not null,
  reason text not null,
  actor text not null,
  failure text,
  asked_at timestamp with time zone,
  asks integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  ask_at timestamp with time zone default (now() + '00:00:20'::interval) not null,
  constraint refunds_pkey PRIMARY KEY (id),
  constraint refunds_amount_check CHECK (amount > 0),
  constraint refunds_check CHECK (state <> 'requested'::text OR payment_id IS NOT NULL),
  constraint refunds_check1 CHECK ((state = 'requested'::text) = (ended_at IS NULL)),
  constraint refunds_check2 CHECK ((state = 'failed'::text) = (failure IS NOT NULL)),
  constraint refunds_key_check CHECK (key ~ '^[A-Za-z0-9-]{1,50}$'::text),
  constraint refunds_key_key UNIQUE (key),
  constraint refunds_reason_check CHECK (length(reason) >= 1 AND length(reason) <= 200),
  constraint refunds_state_check CHECK (state = ANY (ARRAY['requested'::text, 'done'::text, 'failed'::text]))
);

create table restock_alerts (
  id bigint generated always as identity not null,
  user_id bigint not null,
  product_id bigint not null,
  asked_at timestamp with time zone default now() not null,
  message_id text default ((to_hex(((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric))::bigint) || '-'::text) || gen_random_uuid()) not null,
  constraint restock_alerts_pkey PRIMARY KEY (id),
  constraint restock_alerts_user_id_product_id_key UNIQUE (user_id, product_id)
);

create table restocks (
  product_id bigint not null,
  began_at timestamp with time zone default now() not null,
  units integer not null,
  told integer default 0 not null,
  constraint restocks_pkey PRIMARY KEY (product_id)
);

create table reversals (
  id bigint generated always as identity not null,
  receipt_id bigint not null,
  kind text not null,
  from_sale bigint not null,
  from_balance bigint not null,
  lost bigint not null,
  amount bigint not null,
  created_at timestamp with time zone default now() not null,
  constraint reversals_pkey PRIMARY KEY (id),
  constraint reversals_check CHECK (amount > 0 AND amount = (from_sale + from_balance + lost)),
  constraint reversals_from_balance_check CHECK (from_balance >= 0),
  constraint reversals_from_sale_check CHECK (from_sale >= 0),
  constraint reversals_kind_check CHECK (kind = ANY (ARRAY['refund'::text, 'chargeback'::text, 'denial'::text])),
  constraint reversals_lost_check CHECK (lost >= 0)
);

create table reviews (
  id bigint generated always as identity not null,
  key text not null,
  kind text not null,
  provider text,
  payment_id bigint,
  order_id bigint,
  user_id bigint,
  amount bigint,
  evidence jsonb default '{}'::jsonb not null,
  decision text,
  decided_amount bigint,
  decided_by text,
  decided_reason text,
  decided_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  constraint reviews_pkey PRIMARY KEY (id),
  constraint reviews_amount_check CHECK (amount > 0),
  constraint reviews_check CHECK (num_nulls(decision, decided_by, decided_reason, decided_at) = ANY (ARRAY[0, 4])),
  constraint reviews_check1 CHECK (decided_amount IS NULL OR amount IS NULL AND decision IS NOT NULL),
  constraint reviews_decided_amount_check CHECK (decided_amount > 0),
  constraint reviews_decided_reason_check CHECK (length(decided_reason) >= 1 AND length(decided_reason) <= 200),
  constraint reviews_decision_check CHECK (decision = ANY (ARRAY['credited'::text, 'settled'::text, 'taken'::text, 'made'::text, 'not_made'::text, 'dismissed'::text])),
  constraint reviews_key_key UNIQUE (key),
  constraint reviews_kind_check CHECK (kind = ANY (ARRAY['unknown_payment'::text, 'reversal'::text, 'reversal_amount'::text, 'refund_failed'::text, 'unmatched_payment'::text, 'warranty'::text])),
  constraint reviews_provider_check CHECK (provider = ANY (ARRAY['midtrans'::text, 'demo'::text, 'static_qris'::text]))
);

create table schema_migrations (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone default now() not null,
  constraint schema_migrations_pkey PRIMARY KEY (name)
);

create table settings (
  key text not null,
  value jsonb not null,
  updated_at timestamp with time zone default now() not null,
  constraint settings_pkey PRIMARY KEY (key)
);

create table static_amounts (
  amount bigint not null,
  reference text not null,
  free_at timestamp with time zone,
  constraint static_amounts_pkey PRIMARY KEY (amount),
  constraint static_amounts_reference_key UNIQUE (reference)
);

create table stock_units (
  id bigint generated always as identity not null,
  product_id bigint not null,
  payload bytea not null,
  fingerprint bytea not null,
  state stock_units_state default 'available'::text not null,
  order_id bigint,
  batch text default ''::text not null,
  added_at timestamp with time zone default now() not null,
  last_held_by bigint,
  constraint stock_units_pkey PRIMARY KEY (id),
  constraint stock_units_check CHECK ((state::text = 'available'::text) = (order_id IS NULL)),
  constraint stock_units_product_id_fingerprint_key UNIQUE (product_id, fingerprint)
);

create table stock_watch (
  product_id bigint not null,
  unsold integer not null,
  constraint stock_watch_pkey PRIMARY KEY (product_id)
);

create table users (
  id bigint generated always as identity not null,
  number users_number,
  name users_name default ''::text not null,
  language users_language default 'id'::text not null,
  role users_role default 'customer'::text not null,
  balance bigint default 0 not null,
  blocked_at timestamp with time zone,
  preferences jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  united_into bigint,
  quiet_until timestamp with time zone,
  last_channel text,
  waits_for_person_since timestamp with time zone,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_balance_check CHECK (balance >= 0),
  constraint users_number_key UNIQUE (number)
) with (fillfactor=70);

create table voucher_choices (
  user_id bigint not null,
  voucher_id bigint not null,
  chosen_at timestamp with time zone default now() not null,
  dropped_by bigint,
  passed_over_by bigint,
  passed_over_for bigint,
  constraint voucher_choices_pkey PRIMARY KEY (user_id),
  constraint voucher_choices_check CHECK ((passed_over_by IS NULL) = (passed_over_for IS NULL))
);

create table voucher_guesses (
  user_id bigint not null,
  misses integer default 0 not null,
  counted_since timestamp with time zone default now() not null,
  pauses integer default 0 not null,
  paused_until timestamp with time zone,
  constraint voucher_guesses_pkey PRIMARY KEY (user_id)
);

create table voucher_uses (
  order_id bigint not null,
  voucher_id bigint not null,
  state text not null,
  created_at timestamp with time zone default now() not null,
  constraint voucher_uses_pkey PRIMARY KEY (order_id),
  constraint voucher_uses_state_check CHECK (state = ANY (ARRAY['held'::text, 'used'::text, 'released'::text]))
);

create table vouchers (
  id bigint generated always as identity not null,
  code text not null,
  percent integer,
  amount bigint,
  max_discount bigint,
  min_total bigint default 0 not null,
  uses_max integer,
  uses_per_customer integer,
  starts_at timestamp with time zone default now() not null,
  ends_at timestamp with time zone,
  product_codes text[],
  category text,
  role text,
  uses integer default 0 not null,
  created_by text not null,
  created_at timestamp with time zone default now() not null,
  closed_at timestamp with time zone,
  constraint vouchers_pkey PRIMARY KEY (id),
  constraint vouchers_amount_check CHECK (amount > 0 AND amount <= 1000000000),
  constraint vouchers_check CHECK ((percent IS NULL) <> (amount IS NULL)),
  constraint vouchers_check1 CHECK (max_discount IS NULL OR percent IS NOT NULL),
  constraint vouchers_check2 CHECK (ends_at IS NULL OR ends_at > starts_at),
  constraint vouchers_code_check CHECK (code ~ '^[A-Z0-9][A-Z0-9._-]{1,31}$'::text),
  constraint vouchers_code_key UNIQUE (code),
  constraint vouchers_max_discount_check CHECK (max_discount > 0),
  constraint vouchers_min_total_check CHECK (min_total >= 0),
  constraint vouchers_percent_check CHECK (percent >= 1 AND percent <= 99),
  constraint vouchers_product_codes_check CHECK (cardinality(product_codes) >= 1 AND cardinality(product_codes) <= 100),
  constraint vouchers_role_check CHECK (role = 'reseller'::text),
  constraint vouchers_uses_check CHECK (uses >= 0),
  constraint vouchers_uses_max_check CHECK (uses_max > 0),
  constraint vouchers_uses_per_customer_check CHECK (uses_per_customer > 0),
  constraint vouchers_uses_within_limit CHECK (uses <= uses_max)
);

create table warranty_claims (
  id bigint generated always as identity not null,
  order_id bigint not null,
  unit_id bigint not null,
  replacement_id bigint,
  refunded bigint,
  inbox_id bigint not null,
  created_at timestamp with time zone default now() not null,
  constraint warranty_claims_pkey PRIMARY KEY (id),
  constraint warranty_claims_check CHECK (num_nonnulls(replacement_id, refunded) = 1),
  constraint warranty_claims_inbox_id_key UNIQUE (inbox_id),
  constraint warranty_claims_refunded_check CHECK (refunded > 0),
  constraint warranty_claims_replacement_id_key UNIQUE (replacement_id),
  constraint warranty_claims_unit_id_key UNIQUE (unit_id)
);

create table whatsapp_account (
  id integer default 1 not null,
  holder text,
  held_until timestamp with time zone,
  epoch bigint default 0 not null,
  state text default 'connecting'::text not null,
  creds bytea,
  phone text,
  qr bytea,
  pairing_code bytea,
  pairing_wanted_at timestamp with time zone,
  pairing_phone text,
  pairing_asked integer default 0 not null,
  paused_until timestamp with time zone,
  pause_reason text,
  problem text,
  changed_at timestamp with time zone default now() not null,
  constraint whatsapp_account_pkey PRIMARY KEY (id),
  constraint whatsapp_account_check CHECK ((holder IS NULL) = (held_until IS NULL)),
  constraint whatsapp_account_holder_check CHECK (length(holder) >= 1 AND length(holder) <= 128),
  constraint whatsapp_account_id_check CHECK (id = 1),
  constraint whatsapp_account_state_check CHECK (state = ANY (ARRAY['pairing'::text, 'connecting'::text, 'open'::text, 'logged_out'::text, 'replaced'::text, 'stopped'::text]))
);

create table whatsapp_keys (
  type text not null,
  id text not null,
  value bytea not null,
  constraint whatsapp_keys_pkey PRIMARY KEY (type, id),
  constraint whatsapp_keys_id_check CHECK (length(id) >= 1 AND length(id) <= 256),
  constraint whatsapp_keys_type_check CHECK (length(type) >= 1 AND length(type) <= 64)
);

create table whatsapp_retries (
  id text not null,
  count integer not null,
  at timestamp with time zone default now() not null,
  constraint whatsapp_retries_pkey PRIMARY KEY (id),
  constraint whatsapp_retries_count_check CHECK (count >= 0),
  constraint whatsapp_retries_id_check CHECK (length(id) >= 1 AND length(id) <= 256)
);

create table whatsapp_sent (
  id text not null,
  message bytea not null,
  created_at timestamp with time zone default now() not null,
  constraint whatsapp_sent_pkey PRIMARY KEY (id),
  constraint whatsapp_sent_id_check CHECK (length(id) >= 1 AND length(id) <= 128)
);

alter table broadcast_recipients
  add constraint broadcast_recipients_broadcast_id_fkey FOREIGN KEY (broadcast_id) REFERENCES broadcasts(id);

alter table broadcast_recipients
  add constraint broadcast_recipients_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table broadcasts
  add constraint broadcasts_started_by_fkey FOREIGN KEY (started_by) REFERENCES users(id);

alter table conversations
  add constraint conversations_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table demo_payments
  add constraint demo_payments_reference_fkey FOREIGN KEY (reference) REFERENCES payments(reference);

alter table inbox
  add constraint inbox_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table ledger_entries
  add constraint ledger_entries_transaction_id_fkey FOREIGN KEY (transaction_id) REFERENCES ledger_transactions(id);

alter table ledger_entries
  add constraint ledger_entries_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table ledger_transactions
  add constraint ledger_transactions_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

alter table lids
  add constraint lids_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table listener_notifications
  add constraint listener_notifications_event_id_fkey FOREIGN KEY (event_id) REFERENCES payment_events(id);

alter table listener_notifications
  add constraint listener_notifications_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id);

alter table open_payment_events
  add constraint open_payment_events_event_id_fkey FOREIGN KEY (event_id) REFERENCES payment_events(id);

alter table order_lines
  add constraint order_lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

alter table order_lines
  add constraint order_lines_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id);

alter table orders
  add constraint orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table outbox
  add constraint outbox_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

alter table outbox
  add constraint outbox_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table payment_event_outcomes
  add constraint payment_event_outcomes_event_id_fkey FOREIGN KEY (event_id) REFERENCES payment_events(id);

alter table payment_transactions
  add constraint payment_transactions_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id);

alter table payments
  add constraint payments_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

alter table payments
  add constraint payments_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table product_figures
  add constraint product_figures_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id);

alter table product_prices
  add constraint product_prices_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id);

alter table receipts
  add constraint receipts_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id);

alter table refunds
  add constraint refunds_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

alter table refunds
  add constraint refunds_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id);

alter table restock_alerts
  add constraint restock_alerts_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id);

alter table restock_alerts
  add constraint restock_alerts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table restocks
  add constraint restocks_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id);

alter table reversals
  add constraint reversals_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES receipts(id);

alter table reviews
  add constraint reviews_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

alter table reviews
  add constraint reviews_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id);

alter table reviews
  add constraint reviews_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table static_amounts
  add constraint static_amounts_reference_fkey FOREIGN KEY (reference) REFERENCES payments(reference) DEFERRABLE INITIALLY DEFERRED;

alter table stock_units
  add constraint stock_units_last_held_by_fkey FOREIGN KEY (last_held_by) REFERENCES orders(id);

alter table stock_units
  add constraint stock_units_order_id_product_id_fkey FOREIGN KEY (order_id, product_id) REFERENCES order_lines(order_id, product_id);

alter table stock_units
  add constraint stock_units_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id);

alter table stock_watch
  add constraint stock_watch_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id);

alter table users
  add constraint users_united_into_fkey FOREIGN KEY (united_into) REFERENCES users(id);

alter table voucher_choices
  add constraint voucher_choices_passed_over_for_fkey FOREIGN KEY (passed_over_for) REFERENCES products(id);

alter table voucher_choices
  add constraint voucher_choices_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table voucher_choices
  add constraint voucher_choices_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES vouchers(id);

alter table voucher_guesses
  add constraint voucher_guesses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table voucher_uses
  add constraint voucher_uses_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

alter table voucher_uses
  add constraint voucher_uses_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES vouchers(id);

alter table warranty_claims
  add constraint warranty_claims_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

alter table warranty_claims
  add constraint warranty_claims_replacement_id_fkey FOREIGN KEY (replacement_id) REFERENCES stock_units(id);

alter table warranty_claims
  add constraint warranty_claims_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES stock_units(id);

CREATE INDEX alerts_to_tell ON alerts USING btree (raised_at) WHERE told_at IS NULL AND over_at IS NULL;

CREATE INDEX broadcast_recipients_by_user ON broadcast_recipients USING btree (user_id, promised_at DESC);

CREATE INDEX broadcast_recipients_ended ON broadcast_recipients USING btree (broadcast_id, ended_at DESC) WHERE state = ANY (ARRAY['sent'::text, 'failed'::text]);

CREATE INDEX broadcast_recipients_promised ON broadcast_recipients USING btree (outbox_id) WHERE state = 'promised'::text;

CREATE INDEX broadcast_recipients_unsent ON broadcast_recipients USING btree (broadcast_id, id) WHERE state = 'waiting'::text;

CREATE UNIQUE INDEX broadcasts_one_at_a_time ON broadcasts USING btree ((true)) WHERE state = ANY (ARRAY['running'::text, 'paused'::text]);

CREATE INDEX conversations_by_age ON conversations USING btree (updated_at);

CREATE INDEX errors_by_time ON errors USING btree (at);

CREATE INDEX events_by_time ON events USING brin (at);

CREATE UNIQUE INDEX events_once_per_order ON events USING btree (order_id, step) WHERE order_id IS NOT NULL;

CREATE UNIQUE INDEX inbox_one_working_per_user ON inbox USING btree (user_id) WHERE state::text = 'working'::text;

CREATE INDEX inbox_unfinished ON inbox USING btree (user_id, id) WHERE state::text = ANY (ARRAY['waiting'::text, 'working'::text]);

CREATE INDEX ledger_entries_by_transaction ON ledger_entries USING btree (transaction_id);

CREATE INDEX ledger_entries_by_user ON ledger_entries USING btree (user_id, id DESC) WHERE user_id IS NOT NULL;

CREATE INDEX ledger_transactions_by_time ON ledger_transactions USING brin (created_at);

CREATE UNIQUE INDEX ledger_transactions_one_sale_per_order ON ledger_transactions USING btree (order_id) WHERE kind::text = 'sale'::text;

CREATE INDEX lids_by_user ON lids USING btree (user_id, seen_at DESC);

CREATE INDEX listener_nonces_by_age ON listener_nonces USING btree (seen_at);

CREATE INDEX listener_notifications_timeless ON listener_notifications USING btree (timeless_fingerprint) WHERE timeless_fingerprint IS NOT NULL;

CREATE INDEX orders_by_payment ON orders USING btree (paid_at) WHERE paid_at IS NOT NULL;

CREATE INDEX orders_by_user ON orders USING btree (user_id, id DESC);

CREATE INDEX orders_ended_unpaid ON orders USING btree (ended_at) WHERE status = ANY (ARRAY['expired'::text, 'cancelled'::text]);

CREATE UNIQUE INDEX orders_one_unpaid_per_user ON orders USING btree (user_id) WHERE status = 'awaiting_payment'::text;

CREATE INDEX orders_to_complete ON orders USING btree (shipped_at) WHERE status = 'shipped'::text;

CREATE INDEX orders_to_expire ON orders USING btree (expires_at) WHERE status = 'awaiting_payment'::text;

CREATE INDEX orders_to_pack ON orders USING btree (paid_at, id) WHERE kind::text = 'physical'::text AND (status = ANY (ARRAY['paid'::text, 'packing'::text]));

CREATE INDEX outbox_by_user ON outbox USING btree (user_id, id);

CREATE INDEX outbox_given_up ON outbox USING btree (id) WHERE state::text = 'given_up'::text;

CREATE UNIQUE INDEX outbox_one_sending_per_user ON outbox USING btree (channel, user_id) WHERE state::text = 'sending'::text;

CREATE INDEX outbox_unsent ON outbox USING btree (channel, user_id, id) WHERE state::text = ANY (ARRAY['waiting'::text, 'sending'::text]);

CREATE INDEX payments_by_order ON payments USING btree (order_id);

CREATE INDEX payments_by_user ON payments USING btree (user_id);

CREATE UNIQUE INDEX payments_one_for_goods_per_order ON payments USING btree (order_id) WHERE resolution = ANY (ARRAY['goods'::text, 'late_goods'::text]);

CREATE UNIQUE INDEX payments_one_open_deposit_per_user ON payments USING btree (user_id) WHERE purpose = 'deposit'::text AND (state = ANY (ARRAY['requested'::text, 'pending'::text]));

CREATE UNIQUE INDEX payments_one_open_per_order ON payments USING btree (order_id) WHERE state = ANY (ARRAY['requested'::text, 'pending'::text]);

CREATE INDEX payments_static_by_amount ON payments USING btree (amount) WHERE provider = 'static_qris'::text;

CREATE INDEX payments_static_by_user ON payments USING btree (user_id) WHERE provider = 'static_qris'::text;

CREATE INDEX payments_to_ask ON payments USING btree (next_ask_at) WHERE next_ask_at IS NOT NULL;

CREATE INDEX payments_to_expire ON payments USING btree (expires_at) WHERE state = ANY (ARRAY['requested'::text, 'pending'::text]);

CREATE INDEX products_by_category ON products USING btree (category, code) WHERE hidden_at IS NULL;

CREATE INDEX refunds_by_order ON refunds USING btree (order_id);

CREATE INDEX refunds_by_payment ON refunds USING btree (payment_id) WHERE payment_id IS NOT NULL;

CREATE INDEX refunds_to_ask ON refunds USING btree (ask_at) WHERE state = 'requested'::text;

CREATE INDEX restock_alerts_by_product ON restock_alerts USING btree (product_id, asked_at, id);

CREATE INDEX reversals_by_receipt ON reversals USING btree (receipt_id);

CREATE INDEX reviews_by_reference ON reviews USING btree ((evidence ->> 'reference'::text)) WHERE kind = 'unknown_payment'::text;

CREATE INDEX reviews_open ON reviews USING btree (id) WHERE decision IS NULL;

CREATE INDEX stock_units_available ON stock_units USING btree (product_id, id) WHERE state::text = 'available'::text;

CREATE INDEX stock_units_by_order ON stock_units USING btree (order_id) WHERE order_id IS NOT NULL;

CREATE INDEX users_by_union ON users USING btree (united_into) WHERE united_into IS NOT NULL;

CREATE INDEX users_operators ON users USING btree (id) WHERE role::text = ANY (ARRAY['admin'::text, 'owner'::text]);

CREATE INDEX voucher_uses_by_voucher ON voucher_uses USING btree (voucher_id, order_id);

CREATE INDEX warranty_claims_by_order ON warranty_claims USING btree (order_id);

CREATE INDEX warranty_claims_by_time ON warranty_claims USING btree (created_at);

CREATE INDEX whatsapp_retries_by_time ON whatsapp_retries USING btree (at);

CREATE INDEX whatsapp_sent_by_time ON whatsapp_sent USING btree (created_at);

CREATE OR REPLACE FUNCTION accept_messages(p_owner integer, p_serves text[], p_channels text[], p_message_ids text[], p_numbers text[], p_lids text[], p_names text[], p_texts text[], p_waiting_limit integer, p_documents text[])
 RETURNS TABLE(place integer, outcome text, accepted_user_id bigint, united boolean, message claimed_message)
 LANGUAGE plpgsql
AS $function$
declare
  v_user users%rowtype;
  v_found record;
  v_unfinished integer;
  v_inbox_id bigint;
  v_message_id text;
  v_text text;
  v_document bytea;
  v_is_operator boolean;
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

    -- Only operators paste what is long, and send lists; of others the refusal needs no more than this.
    v_is_operator := v_user.role in ('admin', 'owner');
    v_text := case when v_is_operator then p_texts[place] else left(p_texts[place], 2000) end;
    v_document := case when v_is_operator then decode(p_documents[place], 'base64') end;
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
      insert into inbox (
        channel, message_id, user_id, text, state, claimed_by, attempts, is_confidential, document
      )
      values (
        p_channels[place], v_message_id, v_user.id, v_text, 'working', p_owner, 1, v_is_operator, v_document
      )
      on conflict do nothing
      returning id into v_inbox_id;
      outcome := 'working';
    end if;
    if v_inbox_id is null and not v_is_known then
      outcome := case when v_unfinished >= p_waiting_limit then 'refused' else 'waiting' end;
      insert into inbox (channel, message_id, user_id, text, state, is_confidential, document)
      values (
        p_channels[place], v_message_id, v_user.id, v_text, outcome, v_is_operator, v_document
      )
      on conflict (channel, message_id) do nothing
      returning id into v_inbox_id;
    end if;

    if v_inbox_id is null then
      outcome := 'duplicate';
    elsif outcome = 'working' then
      message := row(
        v_inbox_id, p_channels[place], v_message_id, v_text, 1,
        v_user.id, v_user.number, v_user.name, v_user.language, v_user.role,
        v_user.blocked_at is not null, v_user.balance,
        case
          when p_lids[place] is not null then p_lids[place]
          when p_channels[place] = 'whatsapp' then coalesce(lid_of(v_user.id), v_user.number)
          else v_user.number
        end,
        is_quiet(v_user),
        case when exists (select from conversations where user_id = v_user.id)
          then conversation_of(v_user.id)
        end,
        (select last_value from house_versions)
      );
    elsif outcome = 'refused' and not is_quiet(v_user) and not exists (
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
end $function$;

CREATE OR REPLACE FUNCTION add_customer_by_lid(p_lid text, p_name text)
 RETURNS users
 LANGUAGE plpgsql
AS $function$
declare
  v_user users%rowtype;
begin
  insert into users (number, name) values (null, p_name) returning * into v_user;
  insert into lids (lid, user_id) values (p_lid, v_user.id);
  return v_user;
exception when unique_violation then
  return null;
end $function$;

CREATE OR REPLACE FUNCTION addressee_of(p_user_id bigint, p_channel text)
 RETURNS TABLE(address text, language text)
 LANGUAGE sql
AS $function$
  select case
           when p_channel = 'whatsapp' or users.number is null then coalesce(lid_of(users.id), users.number)
           else users.number
         end,
         users.language
    from users
   where users.id = p_user_id
$function$;

CREATE OR REPLACE FUNCTION answer_message(p_inbox_id bigint, p_owner integer, p_serves text[], p_reply text, p_step text, p_conversation jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_inbox inbox%rowtype;
  v_promise jsonb;
begin
  v_inbox := finish_message(p_inbox_id, p_owner);
  v_promise := promise_message(
    p_owner, p_serves, v_inbox.channel, v_inbox.user_id, 'text', p_reply, '{}', null, v_inbox.message_id
  );
  if p_step is not null then
    insert into events (step, user_id) values (p_step, v_inbox.user_id);
  end if;
  if jsonb_typeof(p_conversation) = 'object' then
    perform keep_conversation(v_inbox.user_id, v_inbox.channel, p_conversation);
  end if;
  return jsonb_build_object(
    'promise', v_promise,
    'next', to_jsonb(claim_next_of_user(p_owner, v_inbox.user_id))
  );
end $function$;

CREATE OR REPLACE FUNCTION answer_messages(p_owner integer, p_serves text[], p_inbox_ids bigint[], p_replies text[], p_steps text[], p_conversations jsonb, p_lock_wait text)
 RETURNS TABLE(place integer, answered jsonb, refused text)
 LANGUAGE plpgsql
AS $function$
begin
  perform set_config('lock_timeout', p_lock_wait, true);
  for v_place in 1 .. cardinality(p_inbox_ids) loop
    place := v_place;
    refused := null;
    begin
      answered := answer_message(
        p_inbox_ids[place], p_owner, p_serves, p_replies[place], p_steps[place],
        nullif(p_conversations -> (place - 1), 'null')
      );
    exception when sqlstate 'LP001' or lock_not_available or deadlock_detected then
      answered := null;
      refused := sqlstate;
    end;
    return next;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION apply_choice(p_inbox_id bigint, p_user_id bigint, p_role text, p_product_id bigint, p_subtotal bigint, OUT discount bigint, OUT voucher_id bigint, OUT refusal jsonb)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  v_choice voucher_choices%rowtype;
  v_voucher vouchers%rowtype;
  v_reason text;
begin
  discount := 0;
  select * into v_choice from voucher_choices where user_id = p_user_id;
  if not found then
    return;
  elsif v_choice.dropped_by <> p_inbox_id then
    delete from voucher_choices where user_id = p_user_id;
    return;
  end if;
  select * into v_voucher from vouchers where id = v_choice.voucher_id for no key update;
  v_reason := refuse_voucher(v_voucher, p_user_id, p_role);
  if v_reason is null then
    select coalesce(discount_of(v_voucher, products, p_subtotal), 0) into discount
      from products
     where id = p_product_id;
    if discount > 0 then
      voucher_id := v_voucher.id;
      return;
    elsif v_choice.passed_over_for = p_product_id and v_choice.passed_over_by <> p_inbox_id then
      update voucher_choices set passed_over_by = null, passed_over_for = null where user_id = p_user_id;
      return;
    end if;
    v_reason := case when p_subtotal < v_voucher.min_total then 'below_minimum' else 'not_for_product' end;
    update voucher_choices
       set dropped_by = null,
           passed_over_by = p_inbox_id,
           passed_over_for = p_product_id
     where user_id = p_user_id;
  else
    update voucher_choices set dropped_by = p_inbox_id where user_id = p_user_id;
  end if;
  refusal := jsonb_build_object(
    'kind', 'voucher_refused', 'reason', v_reason, 'voucherCode', v_voucher.code, 'total', p_subtotal,
    'minTotal', v_voucher.min_total
  );
end $function$;

CREATE OR REPLACE FUNCTION ask_for_restock(p_user_id bigint, p_code text, p_open_max integer)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_product products%rowtype;
begin
  select * into v_product from products where code = p_code and hidden_at is null;
  if v_product.id is null then
    return jsonb_build_object('kind', 'unknown_product');
  end if;
  perform from restock_alerts where user_id = p_user_id and product_id = v_product.id;
  if found then
    return jsonb_build_object('kind', 'noted_before', 'code', v_product.code, 'name', v_product.name);
  end if;
  if is_in_stock(v_product) then
    return jsonb_build_object('kind', 'in_stock', 'code', v_product.code, 'name', v_product.name,
                              'left', free_stock(v_product.id));
  end if;
  if (select count(*) from restock_alerts where user_id = p_user_id) >= p_open_max then
    return jsonb_build_object('kind', 'too_many', 'max', p_open_max);
  end if;
  insert into restock_alerts (user_id, product_id)
  values (p_user_id, v_product.id)
  on conflict (user_id, product_id) do nothing;
  return jsonb_build_object('kind', 'noted', 'code', v_product.code, 'name', v_product.name);
end $function$;

CREATE OR REPLACE FUNCTION await_payment(p_order orders, p_name text, p_quantity integer, p_balance bigint, p_qris_provider text, p_pay_token text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION block_customer(p_user_id bigint, p_by_owner boolean)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_user users%rowtype;
  v_code text;
  v_cancelled jsonb;
begin
  select * into v_user from users where id = p_user_id for no key update;
  if v_user.role = 'owner' or (v_user.role = 'admin' and not p_by_owner) then
    return jsonb_build_object('kind', 'protected', 'role', v_user.role);
  elsif v_user.blocked_at is not null then
    return jsonb_build_object('kind', 'blocked_before');
  end if;
  update users
     set blocked_at = now(),
         waits_for_person_since = null
   where id = p_user_id;
  select code into v_code
    from orders
   where user_id = p_user_id
     and status = 'awaiting_payment';
  if v_code is not null then
    v_cancelled := cancel_order(p_user_id, v_code);
  end if;
  return jsonb_build_object(
    'kind', 'blocked',
    'orderCode', case when v_cancelled ->> 'kind' = 'cancelled' then v_code end,
    'goods', coalesce(v_cancelled -> 'goods', '[]')
  );
end $function$;

CREATE OR REPLACE FUNCTION book(p_key text, p_kind text, p_reason text, p_order_id bigint, p_debit_account text, p_debit_user_id bigint, p_credit_account text, p_credit_user_id bigint, p_amount bigint)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION book_entries(p_key text, p_kind text, p_reason text, p_order_id bigint, p_entries jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION book_entry()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION break_off_broadcast(p_id bigint, p_why text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  update broadcasts set state = 'paused', paused_for = p_why where id = p_id and state = 'running';
  select take_back_broadcast(p_id, p_at);
  select tell_of_broadcast(p_id, 'paused');
$function$;

CREATE OR REPLACE FUNCTION broadcast_audience(p_days integer, p_channels text[], p_at timestamp with time zone)
 RETURNS TABLE(user_id bigint, channel text, reason text)
 LANGUAGE sql
 STABLE
AS $function$
  with latest as (
    select distinct on (coalesce(writer.united_into, writer.id))
           coalesce(writer.united_into, writer.id) as user_id, inbox.channel::text as channel, inbox.id
      from inbox
      join users as writer on writer.id = inbox.user_id
     where inbox.received_at > p_at - make_interval(days => p_days)
       and inbox.channel not in ('console', 'try')
     order by coalesce(writer.united_into, writer.id), inbox.id desc
  )
  select latest.user_id, latest.channel, why_no_broadcast(latest.user_id, p_at)
    from latest
   where latest.channel = any (p_channels)
   order by latest.id desc
$function$;

CREATE OR REPLACE FUNCTION busiest_hours_since(p_since timestamp with time zone)
 RETURNS TABLE(weekday integer, hour integer, messages bigint, paid_orders bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select extract(isodow from at)::integer,
         extract(hour from at)::integer,
         sum(messages)::bigint,
         sum(paid_orders)::bigint
    from (
      select since at time zone (select shop_zone()) as at, messages, 0 as paid_orders
        from messages_since(p_since)
      union all
      select at at time zone (select shop_zone()), 0, 1
        from events
       where at >= p_since
         and step = 'paid'
    ) as busy
   group by 1, 2
$function$;

CREATE OR REPLACE FUNCTION cancel_order(p_user_id bigint, p_order_code text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_order orders%rowtype;
  v_deposit_id bigint;
begin
  perform from users where id = p_user_id for no key update;
  select * into v_order
    from orders
   where user_id = p_user_id
     and (code = p_order_code or (p_order_code is null and status = 'awaiting_payment'))
   for update;
  if p_order_code is null then
    update payments
       set state = 'cancelled',
           asked_at = null
     where user_id = p_user_id
       and purpose = 'deposit'
       and state in ('requested', 'pending')
       and (v_order.id is null or created_at > v_order.created_at)
    returning id into v_deposit_id;
    if v_deposit_id is not null then
      return jsonb_build_object('kind', 'deposit_cancelled');
    elsif v_order.id is null then
      return jsonb_build_object('kind', 'nothing_to_cancel');
    end if;
  end if;
  if v_order.id is null then
    return jsonb_build_object('kind', 'not_found');
  end if;
  if not end_unpaid_order(v_order.id, 'cancelled', 'cancelled') then
    return jsonb_build_object('kind', 'not_cancellable', 'orderCode', v_order.code, 'status', v_order.status);
  end if;
  return jsonb_build_object('kind', 'cancelled', 'orderCode', v_order.code, 'goods', goods_of(v_order.id));
end $function$;

CREATE OR REPLACE FUNCTION change_role(p_user_id bigint, p_role text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_before text;
begin
  select role into v_before from users where id = p_user_id for no key update;
  if v_before = 'owner' then
    return jsonb_build_object('kind', 'owner');
  elsif v_before = p_role then
    return jsonb_build_object('kind', 'same');
  end if;
  update users set role = p_role where id = p_user_id;
  return jsonb_build_object('kind', 'changed', 'before', v_before);
end $function$;

CREATE OR REPLACE FUNCTION change_voucher(p_code text, p_rules jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_voucher vouchers%rowtype;
  v_refusal jsonb;
begin
  select * into v_voucher from vouchers where code = p_code for no key update;
  if not found then
    return jsonb_build_object('kind', 'not_found');
  elsif v_voucher.closed_at is not null then
    return jsonb_build_object('kind', 'closed_before', 'voucher', describe_voucher(v_voucher));
  end if;
  v_voucher := voucher_with(v_voucher, p_rules);
  v_refusal := refuse_voucher_rules(v_voucher);
  if v_refusal is not null then
    return v_refusal;
  end if;
  update vouchers
     set max_discount = v_voucher.max_discount,
         min_total = v_voucher.min_total,
         uses_max = v_voucher.uses_max,
         uses_per_customer = v_voucher.uses_per_customer,
         starts_at = v_voucher.starts_at,
         ends_at = v_voucher.ends_at,
         product_codes = v_voucher.product_codes,
         category = v_voucher.category,
         role = v_voucher.role
   where id = v_voucher.id;
  return jsonb_build_object('kind', 'changed', 'voucher', describe_voucher(v_voucher));
end $function$;

CREATE OR REPLACE FUNCTION choose_method(p_method text, p_balance bigint, p_total bigint, p_qris_provider text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when p_method = 'saldo' or (p_method = 'auto' and p_balance >= p_total) then 'saldo'
    when p_qris_provider is not null then 'qris'
    when p_method = 'qris' then 'none'
    else 'saldo'
  end
$function$;

CREATE OR REPLACE FUNCTION choose_voucher(p_user_id bigint, p_code text, p_misses_max integer, p_window_seconds integer, p_first_pause_seconds integer)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_voucher vouchers%rowtype;
  v_paused_until timestamptz;
  v_reason text;
begin
  select paused_until into v_paused_until
    from voucher_guesses
   where user_id = p_user_id
     and paused_until > now();
  if v_paused_until is not null then
    return jsonb_build_object('kind', 'paused', 'until', v_paused_until);
  end if;
  select * into v_voucher from vouchers where code = p_code;
  if v_voucher.id is null then
    return jsonb_build_object('kind', 'unknown', 'pausedUntil',
      note_voucher_miss(p_user_id, p_misses_max, p_window_seconds, p_first_pause_seconds));
  end if;
  v_reason := refuse_voucher(v_voucher, p_user_id, (select role from users where id = p_user_id));
  if v_reason is not null then
    return jsonb_build_object('kind', 'refused', 'reason', v_reason, 'voucher', describe_voucher(v_voucher));
  end if;
  insert into voucher_choices (user_id, voucher_id)
  values (p_user_id, v_voucher.id)
  on conflict (user_id) do update
     set voucher_id = excluded.voucher_id,
         dropped_by = null,
         passed_over_by = null,
         passed_over_for = null,
         chosen_at = now();
  return jsonb_build_object('kind', 'chosen', 'voucher', describe_voucher(v_voucher));
end $function$;

CREATE OR REPLACE FUNCTION claim_messages(p_owner integer, p_number text, p_limit integer)
 RETURNS SETOF claimed_message
 LANGUAGE plpgsql
AS $function$
declare
  v_user_id bigint;
  v_message claimed_message;
begin
  for v_user_id in
    select user_id
      from inbox
     where state in ('waiting', 'working')
       and (p_number is null or user_id = (select id from users where number = p_number))
     group by user_id
    having bool_and(state = 'waiting')
     order by min(id)
     limit p_limit
  loop
    v_message := claim_next_of_user(p_owner, v_user_id);
    if v_message.inbox_id is not null then
      return next v_message;
    end if;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION claim_next_of_user(p_owner integer, p_user_id bigint)
 RETURNS claimed_message
 LANGUAGE plpgsql
AS $function$
declare
  v_oldest_id bigint;
  v_inbox_id bigint;
begin
  select min(id) into v_oldest_id
    from inbox
   where user_id = p_user_id
     and state in ('waiting', 'working')
  having bool_and(state = 'waiting');
  if v_oldest_id is null then
    return null;
  end if;
  begin
    -- Never the next one in its place: when another process is about to take the oldest, the others wait.
    update inbox
       set state = 'working',
           claimed_by = p_owner,
           attempts = attempts + 1
     where id = (
       select id
         from inbox
        where id = v_oldest_id
          and state = 'waiting'
          for update skip locked
     )
    returning id into v_inbox_id;
  exception when unique_violation then
    -- Another process was quicker with this customer.
    null;
  end;
  if v_inbox_id is null then
    return null;
  end if;
  return describe_claimed(v_inbox_id);
end $function$;

CREATE OR REPLACE FUNCTION claim_outbox(p_owner integer, p_channels text[], p_number text, p_limit integer, p_broadcasts_max integer)
 RETURNS TABLE(message outbox, is_broadcast boolean)
 LANGUAGE plpgsql
AS $function$
declare
  v_head record;
begin
  for v_head in
    select channel, user_id, min(id) as id, bool_and(is_unhurried(kind)) as only_broadcasts
      from outbox
     where state in ('waiting', 'sending')
       and channel = any (p_channels)
       and (p_number is null or user_id = (select id from users where number = p_number))
     group by channel, user_id
    having bool_and(state = 'waiting')
     order by only_broadcasts, min(id)
  loop
    exit when v_head.only_broadcasts and p_broadcasts_max <= 0;
    message := null;
    begin
      update outbox
         set state = 'sending',
             claimed_by = p_owner,
             attempts = attempts + 1
       where id = (
         select id
           from outbox
          where id = v_head.id
            and state = 'waiting'
            and next_attempt_at <= now()
          for update skip locked
       )
      returning * into message;
    exception when unique_violation then
      -- Another process was quicker with this customer.
      null;
    end;
    if message.id is not null then
      is_broadcast := v_head.only_broadcasts;
      return next;
      if is_broadcast then
        p_broadcasts_max := p_broadcasts_max - 1;
      end if;
      p_limit := p_limit - 1;
      exit when p_limit <= 0;
    end if;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION claim_warranty(p_inbox_id bigint, p_owner integer, p_serves text[], p_order_code text, p_place integer)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_asked record;
  v_order orders%rowtype;
  v_line order_lines%rowtype;
  v_product products%rowtype;
  v_claimed record;
  v_unit stock_units%rowtype;
  v_refusal jsonb;
  v_words jsonb;
begin
  -- The lock: one claim of a customer at a time, whoever makes it.
  select inbox.channel, inbox.message_id, users.id as user_id
    into v_asked
    from inbox
    join users on users.id = inbox.user_id
   where inbox.id = p_inbox_id
     and inbox.claimed_by = p_owner
     for no key update of users;
  if not found then
    raise exception 'message % is no longer held by process %', p_inbox_id, p_owner
      using errcode = 'LP001';
  end if;
  select * into v_order from orders where code = p_order_code and user_id = v_asked.user_id for update;
  select * into v_line from order_lines where order_id = v_order.id;
  select * into v_product from products where id = v_line.product_id;
  v_refusal := refuse_warranty(v_order, v_product);
  if v_refusal is not null then
    return v_refusal;
  end if;
  if p_place is null and v_line.quantity > 1 then
    return jsonb_build_object('kind', 'which', 'units', (
      select jsonb_agg(
               jsonb_build_object('name', v_line.name, 'isClaimed', claim_id is not null) order by place
             )
        from delivered_units(v_order.id)
    ));
  end if;
  select * into v_claimed from delivered_units(v_order.id) where place = coalesce(p_place, 1);
  if not found then
    return jsonb_build_object('kind', 'no_such_unit', 'count', v_line.quantity);
  elsif v_claimed.claim_id is not null then
    return jsonb_build_object(
      'kind', 'claimed_before', 'wasReplaced', v_claimed.replacement_id is not null,
      'place', v_claimed.place, 'count', v_line.quantity
    );
  end if;
  select * into v_unit from stock_units where id = v_claimed.unit_id;
  v_refusal := refuse_claim(v_order, v_line, v_product.code, v_claimed.place, v_unit);
  if v_refusal is not null then
    return v_refusal;
  end if;

  v_words := jsonb_build_object(
    'orderCode', v_order.code, 'name', v_line.name, 'place', v_claimed.place, 'count', v_line.quantity
  ) || make_good(v_order, v_line, v_product.warranty_policy, v_unit.id, p_inbox_id);
  perform finish_message(p_inbox_id, p_owner);
  return jsonb_build_object(
    'kind', 'made_good',
    'productCode', v_product.code,
    'words', v_words,
    'units', units_of_message('warranty_replaced', v_order.id, v_words),
    'promise', promise_message(
      p_owner, p_serves, v_asked.channel, v_asked.user_id, 'warranty_replaced', null,
      v_words, v_order.id, v_asked.message_id
    ),
    'next', to_jsonb(claim_next_of_user(p_owner, v_asked.user_id))
  );
end $function$;

CREATE OR REPLACE FUNCTION close_payment_event()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from open_payment_events where event_id = new.event_id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION close_voucher(p_code text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_voucher vouchers%rowtype;
begin
  update vouchers
     set closed_at = now()
   where code = p_code
     and closed_at is null
  returning * into v_voucher;
  if found then
    return jsonb_build_object('kind', 'closed', 'voucher', describe_voucher(v_voucher));
  end if;
  select * into v_voucher from vouchers where code = p_code;
  if not found then
    return jsonb_build_object('kind', 'not_found');
  end if;
  return jsonb_build_object('kind', 'closed_before', 'voucher', describe_voucher(v_voucher));
end $function$;

CREATE OR REPLACE FUNCTION complete_old_shipments(p_days integer, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  v_order_id bigint;
  v_count integer := 0;
begin
  for v_order_id in
    select orders.id
      from orders
      join users on users.id = orders.user_id
     where orders.status = 'shipped'
       and orders.shipped_at < now() - make_interval(days => p_days)
     order by orders.shipped_at
     limit p_limit
       for key share of users skip locked
       for update of orders skip locked
  loop
    perform end_shipped_order(v_order_id, 'lapak', true);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $function$;

CREATE OR REPLACE FUNCTION complete_order(p_order_code text, p_actor text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_order orders := lock_order(p_order_code);
  v_refusal jsonb;
begin
  if v_order.status = 'completed' then
    return jsonb_build_object(
      'kind', 'moved_before', 'at', v_order.completed_at, 'delivery', v_order.delivery
    );
  end if;
  v_refusal := refuse_step(v_order, 'shipped');
  if v_refusal is not null then
    return v_refusal;
  end if;
  perform end_shipped_order(v_order.id, p_actor, true);
  return jsonb_build_object('kind', 'moved', 'at', now(), 'delivery', v_order.delivery);
end $function$;

CREATE OR REPLACE FUNCTION conclude_conversation(p_order_id bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  select keep_conversation(user_id, channel, case
           when kind = 'physical' and delivery = '{}'
             then jsonb_build_object('step', 'recipient', 'data', jsonb_build_object('orderCode', code))
           else '{"step": null}'
         end)
    from orders
   where id = p_order_id
$function$;

CREATE OR REPLACE FUNCTION conclude_refund(p_owner integer, p_refund_id bigint, p_failure text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_goods jsonb;
begin
  v_goods := end_refund(p_owner, p_refund_id, p_failure);
  if v_goods is not null and p_failure is not null then
    perform raise_refund_review(p_refund_id, 'refund_failed', p_failure);
  end if;
  return v_goods;
end $function$;

CREATE OR REPLACE FUNCTION conclude_sale(p_owner integer, p_serves text[], p_order orders, p_name text, p_quantity integer, p_balance bigint, p_message_id text, p_units jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_words jsonb := describe_new_order(p_order, p_name, p_quantity)
    || jsonb_build_object('balanceAfter', p_balance - p_order.total);
  v_promise jsonb;
begin
  perform book('order:' || p_order.id || ':sale', 'sale', '', p_order.id,
               'customer', p_order.user_id, 'revenue', null, p_order.total);
  insert into events (step, user_id, order_id)
  values ('checkout', p_order.user_id, p_order.id), ('paid', p_order.user_id, p_order.id);
  perform finish_message(p_order.placed_by_message, p_owner);
  if p_order.kind = 'physical' then
    perform conclude_conversation(p_order.id);
  else
    delete from conversations where user_id = p_order.user_id;
  end if;
  v_promise := promise_message(
    p_owner, p_serves, p_order.channel, p_order.user_id,
    case p_order.kind when 'digital' then 'goods' else 'order_paid' end, null,
    v_words, p_order.id, p_message_id
  );
  return jsonb_build_object(
    'kind', 'paid',
    'order', v_words,
    'units', p_units,
    'promise', v_promise,
    'next', to_jsonb(claim_next_of_user(p_owner, p_order.user_id))
  );
end $function$;

CREATE OR REPLACE FUNCTION conversation_idle_after()
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select interval '30 minutes'
$function$;

CREATE OR REPLACE FUNCTION conversation_of(p_user_id bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object('step', step, 'data', data, 'updatedAt', updated_at)
    from conversations
   where user_id = p_user_id
     and updated_at > now() - conversation_idle_after()
$function$;

CREATE OR REPLACE FUNCTION conversion_since(p_since timestamp with time zone)
 RETURNS TABLE(day date, greeted bigint, saw_catalogue bigint, checked_out bigint, paid bigint, delivered bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select day,
         count(*) filter (where step = 'greeting'),
         count(*) filter (where step = 'catalogue'),
         count(*) filter (where step = 'checkout'),
         count(*) filter (where step = 'paid'),
         count(*) filter (where step = 'delivered')
    from (
      select distinct (at at time zone (select shop_zone()))::date as day, step, person
        from steps_since(p_since)
       where step <> 'refunded'
    ) as taken
   group by day
$function$;

CREATE OR REPLACE FUNCTION count_marked(p_limit integer)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  v_events record := take_countable('events', p_limit);
  v_inbox record := take_countable('inbox', p_limit);
begin
  insert into product_figures (product_id, sold)
  select order_lines.product_id,
         sum(case events.step when 'paid' then order_lines.quantity else -order_lines.quantity end)
    from events
    join order_lines on order_lines.order_id = events.order_id
   where events.id > v_events.from_id
     and events.id <= v_events.to_id
     and events.step in ('paid', 'refunded')
   group by order_lines.product_id
  on conflict (product_id) do update set sold = product_figures.sold + excluded.sold;
  insert into message_counts (since, messages)
  select date_bin('15 minutes', received_at, '2000-01-01 00:00:00+00'), count(*)
    from inbox
   where id > v_inbox.from_id
     and id <= v_inbox.to_id
   group by 1
  on conflict (since) do update set messages = message_counts.messages + excluded.messages;
  return coalesce(v_events.to_id - v_events.from_id, 0) + coalesce(v_inbox.to_id - v_inbox.from_id, 0);
end $function$;

CREATE OR REPLACE FUNCTION create_voucher(p_code text, p_percent integer, p_amount bigint, p_rules jsonb, p_created_by text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_voucher vouchers%rowtype;
  v_refusal jsonb;
begin
  select * into v_voucher from vouchers where code = p_code;
  if found then
    return jsonb_build_object('kind', 'exists', 'voucher', describe_voucher(v_voucher));
  end if;
  v_voucher.percent := p_percent;
  v_voucher.amount := p_amount;
  v_voucher.min_total := 0;
  v_voucher.uses := 0;
  v_voucher.starts_at := now();
  v_voucher := voucher_with(v_voucher, p_rules);
  v_refusal := refuse_voucher_rules(v_voucher);
  if v_refusal is not null then
    return v_refusal;
  end if;
  insert into vouchers (code, percent, amount, max_discount, min_total, uses_max, uses_per_customer,
                        starts_at, ends_at, product_codes, category, role, created_by)
  values (p_code, p_percent, p_amount, v_voucher.max_discount, v_voucher.min_total, v_voucher.uses_max,
          v_voucher.uses_per_customer, v_voucher.starts_at, v_voucher.ends_at, v_voucher.product_codes,
          v_voucher.category, v_voucher.role, p_created_by)
  on conflict (code) do nothing
  returning * into v_voucher;
  if not found then
    select * into v_voucher from vouchers where code = p_code;
    return jsonb_build_object('kind', 'exists', 'voucher', describe_voucher(v_voucher));
  end if;
  return jsonb_build_object('kind', 'created', 'voucher', describe_voucher(v_voucher));
end $function$;

CREATE OR REPLACE FUNCTION customer_at(p_number text, p_lid text, p_name text, OUT customer users, OUT united boolean)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  v_by_number users%rowtype;
  v_by_lid users%rowtype;
  v_had_another boolean;
begin
  united := false;
  -- Whoever meets another in between sees at the next attempt what the other made.
  for v_attempt in 1 .. 20 loop
    customer := null;
    select * into v_by_number from users where number = p_number;
    select users.* into v_by_lid from lids join users on users.id = lids.user_id where lids.lid = p_lid;

    if p_number is null then
      if v_by_lid.id is null then
        customer := add_customer_by_lid(p_lid, p_name);
      else
        -- Kept from being united until this transaction ends.
        select * into customer
          from users
         where id = v_by_lid.id
           and united_into is null
           for key share;
        perform see_lid(p_lid);
      end if;
    elsif v_by_number.id is null and v_by_lid.id is not null then
      if v_by_lid.number is null then
        customer := learn_number(v_by_lid.id, p_number);
      else
        customer := v_by_lid;
        perform see_lid(p_lid);
      end if;
    elsif v_by_number.id is null then
      insert into users (number, name)
      values (p_number, p_name)
      on conflict (number) do nothing
      returning * into customer;
      if p_lid is not null then
        -- With the customer there, the LID is a matter of the next attempt.
        customer := null;
      end if;
    elsif p_lid is null then
      customer := v_by_number;
    elsif v_by_lid.id = v_by_number.id then
      customer := v_by_number;
      perform see_lid(p_lid);
    elsif v_by_lid.id is null then
      v_had_another := lid_of(v_by_number.id) is not null;
      insert into lids (lid, user_id) values (p_lid, v_by_number.id) on conflict (lid) do nothing;
      if found then
        customer := v_by_number;
        if v_had_another then
          perform note_another_lid(customer.id, p_lid);
        end if;
      end if;
    elsif v_by_lid.number is null then
      v_had_another := lid_of(v_by_number.id) is not null;
      united := unite_customers(v_by_lid.id, v_by_number.id);
      select * into customer from users where id = v_by_number.id;
      perform see_lid(p_lid);
      if united and v_had_another then
        perform note_another_lid(customer.id, p_lid);
      end if;
    else
      update lids
         set user_id = v_by_number.id,
             seen_at = clock_timestamp()
       where lid = p_lid
         and user_id = v_by_lid.id;
      customer := v_by_number;
      perform note_another_lid(customer.id, p_lid);
    end if;
    if customer.id is not null then
      return;
    end if;
  end loop;
  raise exception 'a customer is being made and changed at the same time'
    using errcode = 'serialization_failure';
end $function$;

CREATE OR REPLACE FUNCTION day_begins(p_day date)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select p_day::timestamp at time zone coalesce(
    (select value #>> '{}' from settings where key = 'zone'), 'Asia/Jakarta'
  )
$function$;

CREATE OR REPLACE FUNCTION decide_review(p_owner integer, p_serves text[], p_review_id bigint, p_decision text, p_user_id bigint, p_reference text, p_allow_equal boolean, p_actor text, p_reason text, p_amount bigint DEFAULT NULL::bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION delivered_units(p_order_id bigint)
 RETURNS TABLE(place integer, unit_id bigint, claim_id bigint, replacement_id bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select (row_number() over (order by stock_units.id))::integer, stock_units.id,
         claimed.id, claimed.replacement_id
    from stock_units
    left join warranty_claims as claimed on claimed.unit_id = stock_units.id
   where stock_units.order_id = p_order_id
     and stock_units.state = 'sold'
     and not exists (select from warranty_claims as other where other.replacement_id = stock_units.id)
$function$;

CREATE OR REPLACE FUNCTION delivery_of(p_user_id bigint, p_preferences jsonb, p_given jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
begin
  if p_given is null then
    return coalesce(p_preferences -> 'delivery', '{}');
  end if;
  update users
     set preferences = preferences || jsonb_build_object('delivery', p_given)
   where id = p_user_id;
  return p_given;
end $function$;

CREATE OR REPLACE FUNCTION describe_alert(p_alert alerts)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select p_alert.data || jsonb_build_object('kind', p_alert.kind) || case p_alert.kind
    when 'low_stock' then jsonb_build_object('left', (
      select unsold from stock_watch where product_id = (p_alert.data ->> 'productId')::bigint
    ))
    when 'new_address' then (
      select jsonb_build_object('recipient', delivery ->> 'recipient', 'address', delivery ->> 'address')
        from orders
       where code = p_alert.data ->> 'orderCode'
    )
    else '{}'::jsonb
  end
$function$;

CREATE OR REPLACE FUNCTION describe_broadcast(p_id bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object(
    'state', broadcasts.state,
    'pausedFor', broadcasts.paused_for,
    'startedAt', broadcasts.started_at,
    'total', count(*),
    'waiting', count(*) filter (where recipient.state in ('waiting', 'promised')),
    'sent', count(*) filter (where recipient.state = 'sent'),
    'failed', count(*) filter (where recipient.state = 'failed'),
    'leftOut', count(*) filter (where recipient.state = 'left_out'),
    'withdrawn', count(*) filter (where recipient.state = 'withdrawn')
  )
  from broadcasts
  join broadcast_recipients as recipient on recipient.broadcast_id = broadcasts.id
  where broadcasts.id = p_id
  group by broadcasts.id
$function$;

CREATE OR REPLACE FUNCTION describe_claimed(p_inbox_id bigint)
 RETURNS claimed_message
 LANGUAGE sql
 STABLE
AS $function$
  select row(
    inbox.id, inbox.channel, inbox.message_id, inbox.text, inbox.attempts,
    users.id, users.number, users.name, users.language,
    case
      when users.role in ('admin', 'owner') and not inbox.is_confidential then 'customer'
      else users.role
    end,
    users.blocked_at is not null, users.balance,
    case when inbox.channel = 'whatsapp' or users.number is null
      then coalesce(lid_of(users.id), users.number)
      else users.number
    end,
    is_quiet(users),
    case when conversations.user_id is not null then conversation_of(users.id) end,
    (select last_value from house_versions)
  )::claimed_message
  from inbox
  join users on users.id = inbox.user_id
  left join conversations on conversations.user_id = users.id
  where inbox.id = p_inbox_id
$function$;

CREATE OR REPLACE FUNCTION describe_new_order(p_order orders, p_name text, p_quantity integer)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_build_object(
    'orderCode', p_order.code, 'total', p_order.total, 'method', p_order.method, 'kind', p_order.kind,
    'lines', jsonb_build_array(
      jsonb_build_object('name', p_name, 'quantity', p_quantity, 'amount', p_order.total + p_order.discount)
    )
  ) || describe_terms(p_order)
$function$;

CREATE OR REPLACE FUNCTION describe_order(p_order_id bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
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
  ) || describe_terms(orders)
  from orders
  where id = p_order_id
$function$;

CREATE OR REPLACE FUNCTION describe_refund(p_refund_id bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object(
    'id', refunds.id,
    'amount', refunds.amount,
    'state', refunds.state,
    'destination', case when refunds.payment_id is null then 'saldo' else 'provider' end,
    'failure', refunds.failure,
    'at', refunds.created_at,
    'orderCode', orders.code,
    'orderStatus', orders.status,
    'left', left_to_refund(orders.id),
    'userId', orders.user_id,
    'balance', users.balance
  )
  from refunds
  join orders on orders.id = refunds.order_id
  join users on users.id = orders.user_id
  where refunds.id = p_refund_id
$function$;

CREATE OR REPLACE FUNCTION describe_terms(p_order orders)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when p_order.discount > 0
           then jsonb_build_object('discount', p_order.discount) else '{}' end
      || case when p_order.kind = 'physical'
           then jsonb_build_object('delivery', p_order.delivery) else '{}' end
$function$;

CREATE OR REPLACE FUNCTION describe_voucher(p_voucher vouchers)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object(
    'code', p_voucher.code,
    'percent', p_voucher.percent,
    'amount', p_voucher.amount,
    'maxDiscount', p_voucher.max_discount,
    'minTotal', p_voucher.min_total,
    'usesMax', p_voucher.uses_max,
    'usesPerCustomer', p_voucher.uses_per_customer,
    'startsAt', p_voucher.starts_at,
    'endsAt', p_voucher.ends_at,
    'productCodes', p_voucher.product_codes,
    'category', p_voucher.category,
    'role', p_voucher.role,
    'uses', p_voucher.uses,
    'createdAt', p_voucher.created_at,
    'closedAt', p_voucher.closed_at
  )
$function$;

CREATE OR REPLACE FUNCTION discount_of(p_voucher vouchers, p_product products, p_subtotal bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select nullif(least(
           coalesce(p_voucher.amount, p_subtotal * p_voucher.percent / 100),
           p_voucher.max_discount,
           p_subtotal - 1
         ), 0)
   where (p_voucher.product_codes is null or p_product.code = any (p_voucher.product_codes))
     and (p_voucher.category is null or lower(p_voucher.category) = lower(p_product.category))
     and p_subtotal >= p_voucher.min_total
$function$;

CREATE OR REPLACE FUNCTION drop_old_alerts(p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  with dropped as (
    update alerts
       set over_at = p_at
     where told_at is null
       and over_at is null
       and case kind
         when 'review' then exists (
           select from reviews
            where reviews.id = (alerts.data ->> 'reviewId')::bigint
              and reviews.decision is not null
         )
         when 'low_stock' then exists (
           select from products
            where products.id = (alerts.data ->> 'productId')::bigint
              and products.hidden_at is not null
         )
         when 'person_wanted' then not exists (
           select from users
            where users.id = (alerts.data ->> 'customerId')::bigint
              and users.waits_for_person_since is not null
              and users.quiet_until > p_at
         )
         else false
       end
    returning kind, data
  )
  update stock_watch
     set unsold = products.low_stock_at + 1
    from dropped
    join products on products.id = (dropped.data ->> 'productId')::bigint
   where dropped.kind = 'low_stock'
     and stock_watch.product_id = products.id
$function$;

CREATE OR REPLACE FUNCTION end_alert(p_key text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update alerts set over_at = p_at where key = p_key and over_at is null;
  if found then
    delete from outbox
     where state = 'waiting'
       and kind = 'operator_alerts'
       and data ->> 'alert' = p_key;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION end_idle_conversations(p_owner integer, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  v_ended conversations%rowtype;
  v_words jsonb;
  v_count integer := 0;
begin
  for v_ended in
    with idle as (
      select user_id
        from conversations
       where updated_at <= now() - conversation_idle_after()
         and not exists (
           select from inbox
            where inbox.user_id = conversations.user_id
              and state in ('waiting', 'working')
         )
       order by updated_at
       limit p_limit
         for update skip locked
    )
    delete from conversations
     using idle
     where conversations.user_id = idle.user_id
    returning conversations.*
  loop
    v_count := v_count + 1;
    v_words := farewell_of(v_ended);
    if v_words is not null then
      perform promise_message(
        p_owner, '{}', v_ended.channel, v_ended.user_id, 'conversation_ended', null, v_words, null, null
      );
    end if;
  end loop;
  return v_count;
end $function$;

CREATE OR REPLACE FUNCTION end_order_given_back(p_order_id bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_before orders%rowtype;
  v_after orders%rowtype;
begin
  if left_to_refund(p_order_id) > 0 then
    return '[]';
  end if;
  select * into v_before from orders where id = p_order_id;
  perform end_refunded_order(p_order_id);
  select * into v_after from orders where id = p_order_id;
  return case
    when v_before.kind = 'physical'
     and v_before.status in ('paid', 'packing')
     and v_after.status = 'refunded' then goods_of(p_order_id)
    else '[]'::jsonb
  end;
end $function$;

CREATE OR REPLACE FUNCTION end_refund(p_owner integer, p_refund_id bigint, p_failure text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_order orders%rowtype;
  v_payment payments%rowtype;
  v_refund refunds%rowtype;
  v_goods jsonb := '[]';
begin
  select orders.* into v_order
    from refunds
    join orders on orders.id = refunds.order_id
   where refunds.id = p_refund_id;
  perform from users where id = v_order.user_id for no key update;
  select * into v_order from orders where id = v_order.id for update;
  v_payment := lock_payment_of(v_order.id);
  update refunds
     set state = case when p_failure is null then 'done' else 'failed' end,
         failure = p_failure,
         ended_at = now()
   where id = p_refund_id
     and state = 'requested'
  returning * into v_refund;
  if not found then
    return null;
  end if;
  if p_failure is null then
    perform book('refund:' || v_refund.id || ':done', 'refund', '', v_order.id,
                 'refunds_due', null, 'clearing:' || v_payment.provider, null, v_refund.amount);
    v_goods := end_order_given_back(v_order.id);
    perform promise_refund_word(p_owner, v_refund.id, 'order_refunded');
  else
    perform book('refund:' || v_refund.id || ':failed', 'refund', '', v_order.id,
                 'refunds_due', null, 'revenue', null, v_refund.amount);
    perform promise_refund_word(p_owner, v_refund.id, 'refund_failed');
  end if;
  return v_goods;
end $function$;

CREATE OR REPLACE FUNCTION end_refunded_order(p_order_id bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_order orders%rowtype;
begin
  select * into v_order from orders where id = p_order_id for update;
  if v_order.status not in ('paid', 'delivered', 'packing', 'shipped', 'completed') then
    return;
  end if;
  perform from refunds where order_id = p_order_id and state = 'requested';
  if found then
    return;
  end if;
  if v_order.kind = 'physical' and v_order.status in ('paid', 'packing') then
    perform release_goods(p_order_id, 'physical');
  end if;
  -- Whoever sends one at this moment waits with putting it back until the order is refunded.
  perform from outbox
    where order_id = p_order_id
      and kind = 'goods'
      and state = 'sending'
      for update skip locked;
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
end $function$;

CREATE OR REPLACE FUNCTION end_reversed_payment(p_reference text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION end_shipped_order(p_order_id bigint, p_actor text, p_is_told boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update orders set status = 'completed', completed_at = now(), ended_at = now() where id = p_order_id;
  insert into audit_log (actor, action, subject) values (p_actor, 'complete_order', 'order:' || p_order_id);
  if p_is_told then
    perform promise_order_word(p_order_id, 'order_completed', '{}');
  end if;
end $function$;

CREATE OR REPLACE FUNCTION end_unpaid_order(p_order_id bigint, p_status text, p_payment_state text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  v_kind text;
begin
  update orders
     set status = p_status,
         ended_at = now()
   where id = p_order_id
     and status = 'awaiting_payment'
  returning kind into v_kind;
  if not found then
    return false;
  end if;
  perform release_goods(p_order_id, v_kind);
  update payments
     set state = p_payment_state,
         asked_at = null
   where order_id = p_order_id
     and state in ('requested', 'pending');
  return true;
end $function$;

CREATE OR REPLACE FUNCTION error_rate_since(p_since timestamp with time zone)
 RETURNS TABLE(day date, messages bigint, failed bigint, rate numeric)
 LANGUAGE sql
 STABLE
AS $function$
  select day, sum(messages)::bigint, sum(failed)::bigint,
         coalesce(round(sum(failed) / nullif(sum(messages), 0), 6), 0)
    from (
      select (since at time zone (select shop_zone()))::date as day, messages, 0 as failed
        from messages_since(p_since)
      union all
      select (at at time zone (select shop_zone()))::date, 0, 1
        from errors
       where at >= p_since
         and operation = 'handle_message'
    ) as handled
   group by day
$function$;

CREATE OR REPLACE FUNCTION errors_since(p_since timestamp with time zone)
 RETURNS TABLE(operation text, code text, times bigint, latest_reference text, latest_at timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
  select operation, code, count(*), (array_agg(reference order by id desc))[1], max(at)
    from errors
   where at >= p_since
   group by operation, code
$function$;

CREATE OR REPLACE FUNCTION expire_payments(p_owner integer, p_serves text[], p_limit integer)
 RETURNS SETOF jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_order orders%rowtype;
  v_payment_id bigint;
begin
  for v_order in
    select *
      from orders
     where status = 'awaiting_payment'
       and expires_at <= now()
     order by expires_at
     limit p_limit
     for update skip locked
  loop
    perform end_unpaid_order(v_order.id, 'expired', 'expired');
    perform promise_message(
      p_owner, p_serves, v_order.channel, v_order.user_id, 'order_expired', null,
      jsonb_build_object('orderCode', v_order.code), v_order.id, null
    );
    return next goods_of(v_order.id);
  end loop;
  for v_payment_id in
    update payments
       set state = 'expired',
           asked_at = null
     where id in (
       select id
         from payments
        where purpose = 'deposit'
          and state in ('requested', 'pending')
          and expires_at <= now()
        order by expires_at
        limit p_limit
        for update skip locked
     )
    returning id
  loop
    return next '[]'::jsonb;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION fail_charge(p_payment_id bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_payment payments%rowtype;
begin
  select * into v_payment from payments where id = p_payment_id;
  if v_payment.order_id is not null then
    if end_unpaid_order(v_payment.order_id, 'cancelled', 'failed') then
      return goods_of(v_payment.order_id);
    end if;
    return null;
  end if;
  update payments
     set state = 'failed',
         asked_at = null
   where id = p_payment_id
     and state in ('requested', 'pending');
  return case when found then '[]'::jsonb end;
end $function$;

CREATE OR REPLACE FUNCTION farewell_of(p_conversation conversations)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select case
           when p_conversation.data ? 'orderCode'
             then jsonb_build_object('orderCode', p_conversation.data ->> 'orderCode')
           else '{}'
         end
    from users
   where users.id = p_conversation.user_id
     and p_conversation.channel is not null
     and p_conversation.step in (
       'product', 'pick', 'quantity', 'recipient', 'address', 'summary', 'method'
     )
     and users.blocked_at is null
     and not is_quiet(users)
     and (
       not p_conversation.data ? 'orderCode'
       or exists (
         select from orders
          where orders.user_id = users.id
            and orders.code = p_conversation.data ->> 'orderCode'
            and takes_address(orders)
            and not has_address(orders.delivery)
       )
     )
     and coalesce((
       select outbox.created_at < p_conversation.updated_at + conversation_idle_after()
         from outbox
        where outbox.user_id = users.id
        order by outbox.id desc
        limit 1
     ), true)
$function$;

CREATE OR REPLACE FUNCTION feed_broadcast(p_broadcast broadcasts, p_at timestamp with time zone, p_under_way_max integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  v_next record;
  v_outbox_id bigint;
  v_full text[];
begin
  v_full := array(
    select channel
      from broadcast_recipients
     where broadcast_id = p_broadcast.id
       and state = 'promised'
     group by channel
    having count(*) >= p_under_way_max
        or min(promised_at) <= p_at - interval '15 minutes'
  );
  -- Bounded: those who are left out are passed at once, the rest of them at the next call.
  for v_next in
    select recipient.id, recipient.channel, recipient.message_id,
           coalesce(users.united_into, users.id) as user_id
      from broadcast_recipients as recipient
      join users on users.id = recipient.user_id
     where recipient.broadcast_id = p_broadcast.id
       and recipient.state = 'waiting'
       and recipient.channel <> all (v_full)
     order by recipient.id
     limit 100
  loop
    if why_no_broadcast(v_next.user_id, p_at) is null then
      insert into outbox (message_id, channel, user_id, kind, text, state)
      values (v_next.message_id, v_next.channel, v_next.user_id, 'broadcast', p_broadcast.text, 'waiting')
      returning id into v_outbox_id;
      update broadcast_recipients
         set state = 'promised',
             outbox_id = v_outbox_id,
             promised_at = p_at
       where id = v_next.id;
      return true;
    end if;
    update broadcast_recipients set state = 'left_out', ended_at = p_at where id = v_next.id;
  end loop;
  return false;
end $function$;

CREATE OR REPLACE FUNCTION finish_message(p_inbox_id bigint, p_owner integer)
 RETURNS inbox
 LANGUAGE plpgsql
AS $function$
declare
  v_inbox inbox%rowtype;
begin
  update inbox
     set state = 'done',
         claimed_by = null
   where id = p_inbox_id
     and claimed_by = p_owner
  returning * into v_inbox;
  if v_inbox.id is null then
    raise exception 'message % is no longer held by process %', p_inbox_id, p_owner
      using errcode = 'LP001';
  end if;
  return v_inbox;
end $function$;

CREATE OR REPLACE FUNCTION finish_quietly(p_inbox_id bigint, p_owner integer)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_inbox inbox%rowtype;
begin
  v_inbox := finish_message(p_inbox_id, p_owner);
  return to_jsonb(claim_next_of_user(p_owner, v_inbox.user_id));
end $function$;

CREATE OR REPLACE FUNCTION forget_old_notices(p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  delete from broadcast_recipients
   where broadcast_id in (select id from broadcasts where ended_at < p_at - interval '90 days');
  delete from broadcasts where ended_at < p_at - interval '90 days';
  delete from alerts
   where coalesce(over_at, case when kind in ('large_order', 'review', 'new_address') then told_at end)
         < p_at - interval '7 days'
$function$;

CREATE OR REPLACE FUNCTION forget_words()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.text := '';
  new.document := null;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION free_stock(p_product_id bigint)
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select case products.kind
    when 'physical' then products.stock
    else (
      select count(*)::integer
        from stock_units
       where product_id = products.id
         and state = 'available'
    )
  end
  from products
  where id = p_product_id
$function$;

CREATE OR REPLACE FUNCTION given_back_between(p_from timestamp with time zone, p_to timestamp with time zone, OUT times bigint, OUT amount bigint)
 RETURNS record
 LANGUAGE sql
 STABLE
AS $function$
  select count(*) filter (where booked.amount < 0), coalesce(-sum(booked.amount), 0)::bigint
    from revenue_since(p_from) as booked
   where booked.at < p_to
     and not booked.is_sale
$function$;

CREATE OR REPLACE FUNCTION goods_of(p_order_id bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('code', products.code, 'quantity', order_lines.quantity)), '[]')
    from order_lines
    join products on products.id = order_lines.product_id
   where order_lines.order_id = p_order_id
$function$;

CREATE OR REPLACE FUNCTION hand_over_chat(p_user_id bigint, p_hours double precision)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
AS $function$
declare
  v_user users%rowtype;
  v_word jsonb;
begin
  if not exists (select from users where role in ('owner', 'admin') and blocked_at is null) then
    return null;
  end if;
  update users
     set waits_for_person_since = case
           when quiet_until > now() then coalesce(waits_for_person_since, now())
           else now()
         end,
         quiet_until = greatest(quiet_until, now() + p_hours * interval '1 hour')
   where id = p_user_id
  returning * into v_user;
  v_word := jsonb_build_object(
    'customerId', v_user.id, 'customerName', v_user.name, 'number', v_user.number,
    'lid', lid_of(v_user.id), 'since', v_user.waits_for_person_since
  );
  insert into outbox (channel, user_id, kind, data, state)
  select latest.channel, operator.id, 'person_wanted', v_word, 'waiting'
    from users as operator
   cross join lateral (select last_channel_of(operator.id) as channel) as latest
   where operator.role in ('owner', 'admin')
     and operator.id <> v_user.id
     and operator.blocked_at is null
     and latest.channel is not null
     and not exists (
       select from outbox
        where outbox.user_id = operator.id
          and outbox.kind = 'person_wanted'
          and outbox.state = 'waiting'
          and outbox.data -> 'customerId' = to_jsonb(v_user.id)
     )
   order by operator.id;
  if v_user.role not in ('owner', 'admin') and not exists (
    select from users
     where role in ('owner', 'admin')
       and blocked_at is null
       and last_channel_of(id) is not null
  ) then
    perform raise_alert('person:' || v_user.id, 'person_wanted', v_word, now(), interval '0');
  end if;
  return v_user.quiet_until;
end $function$;

CREATE OR REPLACE FUNCTION hand_waiting_over()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update users
     set waits_for_person_since = least(waits_for_person_since, new.waits_for_person_since)
   where id = new.united_into;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION has_address(p_delivery jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(p_delivery ->> 'recipient', '') <> '' and coalesce(p_delivery ->> 'address', '') <> ''
$function$;

CREATE OR REPLACE FUNCTION hears_of(p_role text, p_kind text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p_role = 'owner'
      or p_role = 'admin' and p_kind in ('low_stock', 'large_order', 'new_address', 'person_wanted')
$function$;

CREATE OR REPLACE FUNCTION held_stock(p_product_id bigint)
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select case products.kind
    when 'physical' then (
      select coalesce(sum(order_lines.quantity), 0)::integer
        from order_lines
        join orders on orders.id = order_lines.order_id
       where order_lines.product_id = products.id
         and orders.status = 'awaiting_payment'
    )
    else (
      select count(*)::integer
        from stock_units
       where product_id = products.id
         and state = 'held'
    )
  end
  from products
  where id = p_product_id
$function$;

CREATE OR REPLACE FUNCTION hold_in_vain(p_order orders)
 RETURNS numeric
 LANGUAGE sql
 STABLE
AS $function$
  select least(1, extract(epoch from p_order.ended_at - p_order.created_at) / 300)
   where not exists (
     select from payments
      where order_id = p_order.id
        and (state = 'failed' or exists (select from receipts where payment_id = payments.id))
   )
$function$;

CREATE OR REPLACE FUNCTION hold_message(p_inbox_id bigint, p_owner integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform from inbox
    join users on users.id = inbox.user_id
   where inbox.id = p_inbox_id
     and inbox.claimed_by = p_owner
     for no key update;
  if not found then
    raise exception 'message % is no longer held by process %', p_inbox_id, p_owner
      using errcode = 'LP001';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION hold_whatsapp_account(p_holder text, p_ttl_ms integer)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  insert into whatsapp_account as account (holder, held_until, epoch)
  values (p_holder, clock_timestamp() + p_ttl_ms * interval '1 millisecond', 1)
  on conflict (id) do update
     set holder = p_holder,
         held_until = clock_timestamp() + p_ttl_ms * interval '1 millisecond',
         epoch = case when account.holder = p_holder then account.epoch else account.epoch + 1 end,
         state = case
           when account.holder is distinct from p_holder and account.state in ('pairing', 'open')
           then 'connecting'
           else account.state
         end,
         changed_at = case
           when account.holder is distinct from p_holder and account.state in ('pairing', 'open')
           then clock_timestamp()
           else account.changed_at
         end,
         qr = case when account.holder = p_holder then account.qr end,
         pairing_code = case when account.holder = p_holder then account.pairing_code end
   where account.holder is null
      or account.holder = p_holder
      or account.held_until <= clock_timestamp()
  returning epoch
$function$;

CREATE OR REPLACE FUNCTION holds_paused_until(p_user_id bigint)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  with unpaid as (
    select ended_at, sum(hold_in_vain(orders)) over (order by ended_at, id) as held
      from orders
     where user_id = p_user_id
       and status in ('expired', 'cancelled')
       and ended_at > now() - interval '7 days'
       and id > coalesce((select max(id) from orders where user_id = p_user_id and paid_at is not null), 0)
  ), counted as (
    select floor(max(held)) as count from unpaid
  ), pause as (
    select (select min(ended_at) from unpaid where held >= count)
             + least(interval '15 minutes' * 2 ^ least(count - 3, 7), interval '1 day') as until
      from counted
     where count >= 3
  )
  select until from pause where until > now()
$function$;

CREATE OR REPLACE FUNCTION is_in_stock(p_product products)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select case p_product.kind
    when 'physical' then p_product.stock > 0
    else (
      select id
        from stock_units
       where product_id between p_product.id and p_product.id
         and state = 'available'
       order by product_id, id
       limit 1
    ) is not null
  end
$function$;

CREATE OR REPLACE FUNCTION is_new(p_product products)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select p_product.created_at > now() - interval '14 days' and not p_product.data @> '{"demo": true}'
$function$;

CREATE OR REPLACE FUNCTION is_quiet(p_user users)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(p_user.quiet_until > now(), false) and p_user.role not in ('admin', 'owner')
$function$;

CREATE OR REPLACE FUNCTION is_retired_demo(p_product products)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p_product.data @> '{"demo": true}'
     and p_product.hidden_at is not null
     and starts_with(p_product.code, 'DEMO-' || p_product.id || '-')
$function$;

CREATE OR REPLACE FUNCTION is_static_amount(p_amounts bigint[])
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (
    select
      from static_amounts
     where amount = any (p_amounts)
       and (free_at is null or free_at >= now())
  )
$function$;

CREATE OR REPLACE FUNCTION is_stored_for_former(p_message_id text, p_user_id bigint, p_lid text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  v_stored_ids text[] := array(
    select message_id_of(p_message_id, former.id)
      from (
        select id from users where united_into = p_user_id
        union all
        select user_id from lids where lid = p_lid and user_id <> p_user_id
      ) as former (id)
  );
begin
  return cardinality(v_stored_ids) > 0 and exists (
    select from inbox
     where channel = 'whatsapp'
       and message_id = any (v_stored_ids)
  );
end $function$;

CREATE OR REPLACE FUNCTION is_trouble(p_kind text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p_kind not in ('low_stock', 'large_order', 'review', 'new_address')
$function$;

CREATE OR REPLACE FUNCTION is_unhurried(p_kind text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p_kind in ('broadcast', 'back_in_stock')
$function$;

CREATE OR REPLACE FUNCTION keep_conversation(p_user_id bigint, p_channel text, p_conversation jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if p_conversation ->> 'step' is null then
    delete from conversations where user_id = p_user_id;
    return;
  end if;
  insert into conversations (user_id, step, data, channel)
  values (p_user_id, p_conversation ->> 'step', coalesce(p_conversation -> 'data', '{}'), p_channel)
  on conflict (user_id) do update
     set step = excluded.step,
         data = excluded.data,
         channel = excluded.channel,
         updated_at = now();
end $function$;

CREATE OR REPLACE FUNCTION keep_delivery(p_user_id bigint, p_order_code text, p_delivery jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_order orders%rowtype;
begin
  select * into v_order
    from orders
   where user_id = p_user_id
     and code = p_order_code
     for no key update;
  if not found then
    return jsonb_build_object('kind', 'not_found');
  elsif not takes_address(v_order) then
    return jsonb_build_object(
      'kind', 'refused', 'status', v_order.status, 'isDigital', v_order.kind = 'digital'
    );
  end if;
  update orders set delivery = delivery || p_delivery where id = v_order.id;
  update users
     set preferences = preferences || jsonb_build_object('delivery', p_delivery)
   where id = p_user_id;
  perform tell_new_address(v_order, p_delivery);
  return jsonb_build_object('kind', 'kept');
end $function$;

CREATE OR REPLACE FUNCTION keep_language()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  select language into new.language from users where id = new.user_id;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION keep_whatsapp_epoch(p_epoch bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform from whatsapp_account
    where epoch = p_epoch
      and holder is not null
      for share;
  if not found then
    raise exception 'the WhatsApp account is no longer held under epoch %', p_epoch
      using errcode = 'LP002';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION last_channel_of(p_user_id bigint)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select last_channel
    from users
   where (id = p_user_id or united_into = p_user_id)
     and last_channel is not null
   order by id = p_user_id desc, id desc
   limit 1
$function$;

CREATE OR REPLACE FUNCTION learn_number(p_user_id bigint, p_number text)
 RETURNS users
 LANGUAGE plpgsql
AS $function$
declare
  v_user users%rowtype;
begin
  update users
     set number = p_number
   where id = p_user_id
     and number is null
     and united_into is null
  returning * into v_user;
  return v_user;
exception when unique_violation then
  return null;
end $function$;

CREATE OR REPLACE FUNCTION leave_out_of_broadcasts(p_user_id bigint, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  with taken as (
    delete from outbox
     where user_id = p_user_id
       and kind = 'broadcast'
       and state = 'waiting'
    returning id
  )
  update broadcast_recipients
     set state = 'left_out',
         outbox_id = null,
         promised_at = null,
         ended_at = p_at
   where state = 'promised'
     and outbox_id in (select id from taken)
$function$;

CREATE OR REPLACE FUNCTION leave_user_out()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if why_not_broadcast_to(new.id, clock_timestamp()) is not null then
    perform leave_out_of_broadcasts(new.id, clock_timestamp());
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION left_at_provider(p_payment_id bigint)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select receipts.amount
       - coalesce((select sum(amount) from reversals where receipt_id = receipts.id), 0)
       - coalesce((select sum(amount) from refunds where payment_id = payments.id and state <> 'failed'), 0)
    from payments
    join receipts
      on receipts.payment_id = payments.id
     and receipts.transaction_id = coalesce(payments.provider_transaction_id, payments.reference)
   where payments.id = p_payment_id
$function$;

CREATE OR REPLACE FUNCTION left_to_refund(p_order_id bigint)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select orders.total
       - coalesce((select sum(amount) from refunds where order_id = orders.id and state <> 'failed'), 0)
       - coalesce((select sum(refunded) from warranty_claims where order_id = orders.id), 0)
       - coalesce((
           select sum(reversals.from_sale)
             from reversals
             join receipts on receipts.id = reversals.receipt_id
             join payments on payments.id = receipts.payment_id
            where payments.order_id = orders.id
         ), 0)
    from orders
   where id = p_order_id
$function$;

CREATE OR REPLACE FUNCTION let_amount_cool()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update static_amounts
     set free_at = now() + interval '24 hours'
   where reference = new.reference;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION let_go_of_message(p_inbox_id bigint, p_owner integer, p_attempts_max integer)
 RETURNS void
 LANGUAGE sql
AS $function$
  update inbox
     set state = case when attempts < p_attempts_max then 'waiting' else 'refused' end,
         claimed_by = null
   where id = p_inbox_id
     and state = 'working'
     and claimed_by = p_owner
$function$;

CREATE OR REPLACE FUNCTION let_voucher_use_go(p_order_id bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  with released as (
    update voucher_uses
       set state = 'released'
     where order_id = p_order_id
       and state = 'used'
    returning voucher_id
  )
  update vouchers set uses = uses - 1 from released where id = released.voucher_id
$function$;

CREATE OR REPLACE FUNCTION lid_of(p_user_id bigint)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select lid from lids where user_id = p_user_id order by seen_at desc limit 1
$function$;

CREATE OR REPLACE FUNCTION listening_operators()
 RETURNS TABLE(user_id bigint, role text, channel text)
 LANGUAGE sql
 STABLE
AS $function$
  select users.id, users.role, latest.channel
    from users
   cross join lateral (select last_channel_of(users.id) as channel) as latest
   where users.role in ('admin', 'owner')
     and users.blocked_at is null
     and latest.channel is not null
     and (
       select count(*)
         from outbox
        where outbox.user_id = users.id
          and outbox.channel = latest.channel
          and outbox.kind in ('review_raised', 'operator_alerts')
          and outbox.state = 'waiting'
     ) < 5
$function$;

CREATE OR REPLACE FUNCTION lock_order(p_order_code text)
 RETURNS orders
 LANGUAGE plpgsql
AS $function$
declare
  v_user_id bigint;
  v_order orders%rowtype;
begin
  loop
    select user_id into v_user_id from orders where code = p_order_code;
    if not found then
      return null;
    end if;
    perform from users where id = v_user_id for key share;
    select * into v_order from orders where code = p_order_code and user_id = v_user_id for update;
    exit when found;
  end loop;
  return v_order;
end $function$;

CREATE OR REPLACE FUNCTION lock_payment(p_reference text)
 RETURNS payments
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION lock_payment_of(p_order_id bigint)
 RETURNS payments
 LANGUAGE sql
AS $function$
  select *
    from payments
   where order_id = p_order_id
     and resolution in ('goods', 'late_goods')
   for update
$function$;

CREATE OR REPLACE FUNCTION look_up_purchase(p_user_id bigint, p_product_code text, p_quantity integer, p_order_code text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object(
    'balance', users.balance,
    -- Of an order that exists, where it goes now; else where the customer's last goods went.
    'remembered', coalesce(
      (
        select recipient_of(delivery)
          from orders
         where orders.user_id = users.id
           and code = p_order_code
      ),
      recipient_of(users.preferences -> 'delivery')
    ),
    'product', (
      select jsonb_build_object(
               'maxQuantity', products.max_quantity,
               'price', priced.price,
               'discount', coalesce(chosen.discount, 0),
               'voucherCode', chosen.code,
               'total', priced.price * p_quantity - coalesce(chosen.discount, 0)
             )
        from products
       cross join lateral (
         select price_of(products.id, users.role, p_quantity) as price
       ) as priced
        left join lateral (
          select vouchers.code, discount_of(vouchers, products, priced.price * p_quantity) as discount
            from voucher_choices
            join vouchers on vouchers.id = voucher_choices.voucher_id
           where voucher_choices.user_id = users.id
             and voucher_choices.dropped_by is null
             and refuse_voucher(vouchers, users.id, users.role) is null
        ) as chosen on chosen.discount is not null
       where products.code = p_product_code
         and products.hidden_at is null
    )
  )
  from users
  where users.id = p_user_id
$function$;

CREATE OR REPLACE FUNCTION low_products(p_limit integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('code', code, 'left', unsold) order by unsold, code), '[]')
    from (
      select code, unsold
        from unsold_stock()
       where unsold <= low_stock_at
       order by unsold, code
       limit p_limit
    ) as low
$function$;

CREATE OR REPLACE FUNCTION make_good(p_order orders, p_line order_lines, p_policy text, p_unit_id bigint, p_inbox_id bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_unit_ids bigint[];
  v_amount bigint;
  v_claim_id bigint;
begin
  if p_policy = 'replace' then
    v_unit_ids := reserve_goods(p_line.product_id, 'digital', 1);
  end if;
  if v_unit_ids is not null then
    update stock_units set state = 'sold', order_id = p_order.id where id = v_unit_ids[1];
  else
    v_amount := least(worth_of_unit(p_order, p_line), left_to_refund(p_order.id));
  end if;
  insert into warranty_claims (order_id, unit_id, replacement_id, refunded, inbox_id)
  values (p_order.id, p_unit_id, v_unit_ids[1], v_amount, p_inbox_id)
  returning id into v_claim_id;
  if v_amount is null then
    return jsonb_build_object('outcome', 'replaced', 'claimId', v_claim_id);
  end if;
  perform book('warranty:' || v_claim_id, 'refund', '', p_order.id,
               'revenue', null, 'customer', p_order.user_id, v_amount);
  if left_to_refund(p_order.id) = 0 then
    perform end_refunded_order(p_order.id);
  end if;
  return jsonb_build_object(
    'outcome', 'refunded', 'claimId', v_claim_id, 'amount', v_amount,
    'isSoldOut', p_policy = 'replace',
    'balance', (select balance from users where id = p_order.user_id)
  );
end $function$;

CREATE OR REPLACE FUNCTION mark_countable()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_events bigint;
  v_inbox bigint;
begin
  -- Read while this transaction has no number yet: whoever wrote these rows has a lower one.
  select coalesce(max(id), 0) into v_events from events;
  select coalesce(max(id), 0) into v_inbox from inbox;
  insert into countings (counted, marked_to, marked_in)
  select newest.counted, newest.id, pg_current_xact_id()
    from (values ('events', v_events), ('inbox', v_inbox)) as newest (counted, id)
    left join countings using (counted)
   where countings.counted is null
      or (countings.counted_to = countings.marked_to and countings.marked_to < newest.id)
  on conflict (counted) do update
     set marked_to = excluded.marked_to,
         marked_in = excluded.marked_in
   where countings.counted_to = countings.marked_to
     and countings.marked_to < excluded.marked_to;
end $function$;

CREATE OR REPLACE FUNCTION mark_sent(p_owner integer, p_ids bigint[])
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  perform set_config('synchronous_commit', 'off', true);
  with sent as (
    update outbox
       set state = 'sent',
           claimed_by = null,
           sent_at = now(),
           failure = null
     where id = any (p_ids)
       and claimed_by = p_owner
    returning kind, order_id, user_id
  ), delivered as (
    update orders
       set status = 'delivered',
           delivered_at = now(),
           ended_at = now()
     where status = 'paid'
       and kind = 'digital'
       and id in (select order_id from sent where kind = 'goods')
    returning id, user_id
  )
  insert into events (step, user_id, order_id)
  select 'delivered', user_id, id from delivered
  on conflict do nothing;
  return exists (
    select from outbox as marked
      join outbox as other
        on other.channel = marked.channel
       and other.user_id = marked.user_id
       and other.state = 'waiting'
     where marked.id = any (p_ids)
  );
end $function$;

CREATE OR REPLACE FUNCTION match_static_payment(p_amount bigint, p_posted_at timestamp with time zone, p_amount_max bigint, OUT payment payments, OUT why text)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION message_id_of(p_message_id text, p_user_id bigint)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when length(p_message_id || '/' || p_user_id::text) <= 128 then p_message_id || '/' || p_user_id::text
    else encode(sha256(convert_to(p_message_id, 'UTF8')), 'hex') || '/' || p_user_id::text
  end
$function$;

CREATE OR REPLACE FUNCTION messages_since(p_since timestamp with time zone)
 RETURNS TABLE(since timestamp with time zone, messages bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select since, messages
    from message_counts
   where since >= p_since
  union all
  select date_bin('15 minutes', received_at, '2000-01-01 00:00:00+00'), count(*)
    from inbox
   where id > coalesce((select counted_to from countings where counted = 'inbox'), 0)
     and received_at >= p_since
   group by 1
$function$;

CREATE OR REPLACE FUNCTION move_restock_alerts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into restock_alerts (user_id, product_id, asked_at, message_id)
  select new.united_into, product_id, asked_at, message_id
    from restock_alerts
   where user_id = new.id
  on conflict (user_id, product_id) do nothing;
  delete from restock_alerts where user_id = new.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION move_voucher_choice()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into voucher_choices (user_id, voucher_id, chosen_at, dropped_by, passed_over_by, passed_over_for)
  select new.united_into, voucher_id, chosen_at, dropped_by, passed_over_by, passed_over_for
    from voucher_choices
   where user_id = new.id
  on conflict (user_id) do nothing;
  delete from voucher_choices where user_id = new.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION move_voucher_guesses()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into voucher_guesses (user_id, misses, counted_since, pauses, paused_until)
  select new.united_into, misses, counted_since, pauses, paused_until
    from voucher_guesses
   where user_id = new.id
  on conflict (user_id) do update
     set misses = voucher_guesses.misses + excluded.misses,
         counted_since = greatest(voucher_guesses.counted_since, excluded.counted_since),
         pauses = greatest(voucher_guesses.pauses, excluded.pauses),
         paused_until = greatest(voucher_guesses.paused_until, excluded.paused_until);
  delete from voucher_guesses where user_id = new.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION note_another_lid(p_user_id bigint, p_lid text)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into audit_log (actor, action, subject, details)
  select 'lapak', 'number_with_another_lid', 'user:' || p_user_id, jsonb_build_object('lid', p_lid)
   where not exists (
     select from audit_log
      where action = 'number_with_another_lid'
        and subject = 'user:' || p_user_id
        and details ->> 'lid' = p_lid
   )
$function$;

CREATE OR REPLACE FUNCTION note_asked(p_reference text, p_state text, p_is_closed boolean)
 RETURNS void
 LANGUAGE sql
AS $function$
  update payments
     set asks = asks + 1,
         silences = 0,
         asked_at = now(),
         next_ask_at = now() + pause_before_asking(state, asks + 1) * (1 + spread_of(id, asks + 1) / 10),
         closed_at = case when p_is_closed then coalesce(closed_at, now()) end
   where reference = p_reference
     and state = p_state
$function$;

CREATE OR REPLACE FUNCTION note_delivered(p_order_id bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into events (step, user_id, order_id)
  select 'delivered', user_id, id
    from orders
   where id = p_order_id
  on conflict do nothing
$function$;

CREATE OR REPLACE FUNCTION note_house_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform nextval('house_versions');
  return null;
end $function$;

CREATE OR REPLACE FUNCTION note_refunded()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into events (step, user_id, order_id)
  values ('refunded', new.user_id, new.id)
  on conflict do nothing;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION note_silence(p_reference text, p_state text)
 RETURNS void
 LANGUAGE sql
AS $function$
  update payments
     set silences = silences + 1,
         next_ask_at = case
           when created_at > now() - interval '30 days' then
             now() + least(interval '20 seconds' * power(2, least(silences, 10)), interval '6 minutes')
                     * (1 - spread_of(id, silences) / 2)
         end
   where reference = p_reference
     and state = p_state
$function$;

CREATE OR REPLACE FUNCTION note_trouble(p_kind text, p_holds boolean, p_data jsonb, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if p_holds then
    perform raise_alert('trouble:' || p_kind, p_kind, p_data, p_at, interval '1 hour');
  else
    perform end_alert('trouble:' || p_kind, p_at);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION note_voucher_miss(p_user_id bigint, p_misses_max integer, p_window_seconds integer, p_first_pause_seconds integer)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
AS $function$
declare
  v_guesses voucher_guesses%rowtype;
begin
  insert into voucher_guesses (user_id)
  values (p_user_id)
  on conflict (user_id) do nothing;
  select * into v_guesses from voucher_guesses where user_id = p_user_id for update;
  if v_guesses.counted_since <= now() - make_interval(secs => p_window_seconds) then
    v_guesses.misses := 0;
    v_guesses.counted_since := now();
  end if;
  if v_guesses.paused_until <= now() - interval '1 day' then
    v_guesses.pauses := 0;
  end if;
  v_guesses.misses := v_guesses.misses + 1;
  if v_guesses.misses >= p_misses_max then
    v_guesses.misses := 0;
    v_guesses.paused_until := now() + least(
      make_interval(secs => p_first_pause_seconds * 2 ^ least(v_guesses.pauses, 16)), interval '1 day'
    );
    v_guesses.pauses := v_guesses.pauses + 1;
  end if;
  update voucher_guesses
     set misses = v_guesses.misses,
         counted_since = v_guesses.counted_since,
         pauses = v_guesses.pauses,
         paused_until = v_guesses.paused_until
   where user_id = p_user_id;
  return case when v_guesses.paused_until > now() then v_guesses.paused_until end;
end $function$;

CREATE OR REPLACE FUNCTION open_deposit(p_inbox_id bigint, p_owner integer, p_amount bigint, p_reference text, p_provider text, p_pay_token text, p_hold_seconds integer)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION open_payment_event()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into open_payment_events (event_id) values (new.id);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION order_in_the_way(p_inbox_id bigint, p_user_id bigint, p_balance bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION pack_order(p_order_code text, p_actor text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_order orders := lock_order(p_order_code);
  v_refusal jsonb;
begin
  if v_order.status = 'packing' then
    return jsonb_build_object(
      'kind', 'moved_before', 'at', v_order.packed_at, 'delivery', v_order.delivery
    );
  end if;
  v_refusal := refuse_step(v_order, 'paid');
  if v_refusal is not null then
    return v_refusal;
  end if;
  update orders set status = 'packing', packed_at = now() where id = v_order.id;
  insert into audit_log (actor, action, subject) values (p_actor, 'pack_order', 'order:' || v_order.id);
  perform promise_order_word(v_order.id, 'order_packing', '{}');
  return jsonb_build_object('kind', 'moved', 'at', now(), 'delivery', v_order.delivery);
end $function$;

CREATE OR REPLACE FUNCTION paid_by_same_words(p_timeless_fingerprint text, p_posted_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (
    select
      from listener_notifications
     where timeless_fingerprint = p_timeless_fingerprint
       and outcome = 'matched'
       and posted_at between p_posted_at - interval '10 minutes' and p_posted_at + interval '10 minutes'
  )
$function$;

CREATE OR REPLACE FUNCTION pause_before_asking(p_state text, p_asks integer)
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION pause_chat(p_number text, p_lid text, p_hours double precision)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_found record;
begin
  v_found := customer_at(p_number, p_lid, '');
  perform pause_chat_of((v_found.customer).id, p_hours, false);
end $function$;

CREATE OR REPLACE FUNCTION pause_chat_of(p_user_id bigint, p_hours double precision, p_anew boolean)
 RETURNS timestamp with time zone
 LANGUAGE sql
AS $function$
  update users
     set quiet_until = greatest(
           case when not p_anew then quiet_until end, now() + p_hours * interval '1 hour'
         ),
         waits_for_person_since = null
   where id = p_user_id
  returning quiet_until
$function$;

CREATE OR REPLACE FUNCTION people_since(p_since timestamp with time zone)
 RETURNS TABLE(people bigint, greeted bigint, saw_catalogue bigint, checked_out bigint, paid bigint, delivered bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select count(distinct person),
         count(*) filter (where step = 'greeting'),
         count(*) filter (where step = 'catalogue'),
         count(*) filter (where step = 'checkout'),
         count(*) filter (where step = 'paid'),
         count(*) filter (where step = 'delivered')
    from (select distinct step, person from steps_since(p_since) where step <> 'refunded') as taken
$function$;

CREATE OR REPLACE FUNCTION place_order(p_inbox_id bigint, p_owner integer, p_serves text[], p_product_code text, p_quantity integer, p_method text, p_order_code text, p_qris_provider text, p_pay_token text, p_hold_seconds integer, p_expected_total bigint, p_delivery jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_asked record;
  v_price bigint;
  v_choice record;
  v_voucher_id bigint;
  v_refusal jsonb;
  v_method text;
  v_order orders%rowtype;
  v_unit_ids bigint[];
  v_written record;
begin
  -- The lock: one purchase of a customer at a time, whoever makes it.
  select inbox.channel, inbox.message_id, users.id as user_id, users.balance, users.role, users.preferences,
         products.id as product_id, products.name, products.price, products.kind, products.max_quantity,
         exists (select from product_prices where product_id = products.id) as has_prices,
         exists (select from voucher_choices where user_id = users.id) as has_choice
    into v_asked
    from inbox
    join users on users.id = inbox.user_id
    left join products on products.code = p_product_code and products.hidden_at is null
   where inbox.id = p_inbox_id
     and inbox.claimed_by = p_owner
     for no key update of users;
  if not found then
    raise exception 'message % is no longer held by process %', p_inbox_id, p_owner
      using errcode = 'LP001';
  end if;
  v_refusal := order_in_the_way(p_inbox_id, v_asked.user_id, v_asked.balance);
  if v_refusal is not null then
    return v_refusal;
  end if;
  if v_asked.product_id is null then
    return jsonb_build_object('kind', 'unknown_product');
  end if;
  if p_quantity > v_asked.max_quantity then
    return jsonb_build_object('kind', 'quantity_too_large', 'limit', v_asked.max_quantity);
  end if;

  -- Most purchases have neither, and are not to pay for looking closer.
  v_price := v_asked.price;
  if v_asked.has_prices then
    v_price := price_of(v_asked.product_id, v_asked.role, p_quantity);
  end if;
  v_order.discount := 0;
  if v_asked.has_choice then
    v_choice := apply_choice(
      p_inbox_id, v_asked.user_id, v_asked.role, v_asked.product_id, v_price * p_quantity
    );
    if v_choice.refusal is not null then
      return v_choice.refusal;
    end if;
    v_order.discount := v_choice.discount;
    v_voucher_id := v_choice.voucher_id;
  end if;
  v_order.total := v_price * p_quantity - v_order.discount;
  if v_order.total <> p_expected_total then
    return jsonb_build_object(
      'kind', 'price_changed', 'price', v_price, 'discount', v_order.discount, 'total', v_order.total
    );
  end if;
  v_method := choose_method(p_method, v_asked.balance, v_order.total, p_qris_provider);
  v_refusal := case
    when v_method = 'none' then jsonb_build_object('kind', 'qris_not_offered')
    when v_method = 'saldo' and v_asked.balance < v_order.total then jsonb_build_object(
      'kind', 'insufficient_balance', 'balance', v_asked.balance, 'total', v_order.total
    )
    when v_method = 'qris' then
      refuse_hold(v_asked.user_id, v_asked.product_id, v_asked.kind, p_quantity)
  end;
  if v_refusal is not null then
    return v_refusal;
  end if;
  v_unit_ids := reserve_goods(v_asked.product_id, v_asked.kind, p_quantity);
  if v_unit_ids is null then
    -- Units being sold to others at this instant still count as free, but are not to be had.
    return jsonb_build_object(
      'kind', 'sold_out', 'left', least(free_stock(v_asked.product_id), p_quantity - 1)
    );
  end if;

  v_order.method := v_method;
  v_order.code := p_order_code;
  v_order.user_id := v_asked.user_id;
  v_order.kind := v_asked.kind;
  v_order.placed_by_message := p_inbox_id;
  v_order.channel := v_asked.channel;
  v_order.delivery := '{}';
  if v_asked.kind = 'physical' then
    v_order.delivery := delivery_of(v_asked.user_id, v_asked.preferences, p_delivery);
  end if;
  if v_order.method = 'saldo' then
    v_order.status := 'paid';
    v_order.paid_at := now();
  else
    v_order.status := 'awaiting_payment';
    v_order.expires_at := now() + make_interval(secs => p_hold_seconds);
  end if;
  v_written := write_order(v_order, v_asked.product_id, v_asked.name, p_quantity, v_price, v_unit_ids);
  v_order.id := v_written.order_id;
  if v_voucher_id is not null then
    perform use_voucher(v_order, v_voucher_id);
  end if;
  if v_order.method = 'saldo' then
    return conclude_sale(p_owner, p_serves, v_order, v_asked.name, p_quantity, v_asked.balance,
                         v_asked.message_id, v_written.units);
  end if;
  return await_payment(v_order, v_asked.name, p_quantity, v_asked.balance, p_qris_provider, p_pay_token);
end $function$;

CREATE OR REPLACE FUNCTION place_orders(p_owner integer, p_serves text[], p_inbox_ids bigint[], p_product_codes text[], p_quantities integer[], p_methods text[], p_order_codes text[], p_qris_provider text, p_pay_tokens text[], p_hold_seconds integer, p_expected_totals bigint[], p_deliveries jsonb, p_lock_wait text)
 RETURNS TABLE(place integer, placed jsonb, refused text)
 LANGUAGE plpgsql
AS $function$
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
        p_order_codes[place], p_qris_provider, p_pay_tokens[place], p_hold_seconds, p_expected_totals[place],
        nullif(p_deliveries -> (place - 1), 'null')
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
end $function$;

CREATE OR REPLACE FUNCTION price_of(p_product_id bigint, p_role text, p_quantity integer)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select least(
           products.price,
           (
             select min(price)
               from product_prices
              where product_id = products.id
                and role in ('', p_role)
                and min_quantity <= p_quantity
           )
         )
    from products
   where id = p_product_id
$function$;

CREATE OR REPLACE FUNCTION process_lock_class()
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select hashtext('lapak process ' || current_schema())
$function$;

CREATE OR REPLACE FUNCTION promise_message(p_owner integer, p_serves text[], p_channel text, p_user_id bigint, p_kind text, p_text text, p_data jsonb, p_order_id bigint, p_in_reply_to text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_row outbox%rowtype;
begin
  insert into outbox (channel, user_id, kind, text, data, order_id, in_reply_to, state, claimed_by, attempts)
  select p_channel, p_user_id, p_kind, p_text, p_data, p_order_id, p_in_reply_to,
         case when free then 'sending' else 'waiting' end,
         case when free then p_owner end,
         case when free then 1 else 0 end
    from (
      select p_channel = any (p_serves) and not exists (
        select from outbox
         where channel = p_channel
           and user_id = p_user_id
           and state in ('waiting', 'sending')
      ) as free
    ) as line
  on conflict do nothing
  returning * into v_row;
  if v_row.id is null then
    -- Another process began to send to this customer at the same moment.
    insert into outbox (channel, user_id, kind, text, data, order_id, in_reply_to, state)
    values (p_channel, p_user_id, p_kind, p_text, p_data, p_order_id, p_in_reply_to, 'waiting')
    returning * into v_row;
  end if;
  return jsonb_build_object('id', v_row.id, 'messageId', v_row.message_id, 'state', v_row.state);
end $function$;

CREATE OR REPLACE FUNCTION promise_order_word(p_order_id bigint, p_kind text, p_words jsonb)
 RETURNS void
 LANGUAGE sql
AS $function$
  select promise_message(
    null, '{}', orders.channel, orders.user_id, p_kind, null,
    describe_order(orders.id) || jsonb_build_object('provider', (
      select provider
        from payments
       where order_id = orders.id
         and resolution in ('goods', 'late_goods')
    )) || p_words,
    orders.id, null
  )
  from orders
  where id = p_order_id
$function$;

CREATE OR REPLACE FUNCTION promise_refund_word(p_owner integer, p_refund_id bigint, p_kind text)
 RETURNS void
 LANGUAGE sql
AS $function$
  select promise_message(
    p_owner, '{}', orders.channel, orders.user_id, p_kind, null,
    describe_refund(refunds.id) - 'userId' - 'failure' || jsonb_build_object(
      'provider', (
        select provider
          from payments
         where order_id = orders.id
           and resolution in ('goods', 'late_goods')
      )
    ),
    orders.id, null
  )
  from refunds
  join orders on orders.id = refunds.order_id
  where refunds.id = p_refund_id
$function$;

CREATE OR REPLACE FUNCTION promise_warranty_refusal(p_owner integer, p_review_id bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  select promise_message(
    p_owner, '{}', orders.channel, orders.user_id, 'warranty_refused', null,
    jsonb_build_object(
      'orderCode', orders.code, 'name', order_lines.name, 'place', reviews.evidence -> 'unit',
      'count', order_lines.quantity
    ),
    orders.id, null
  )
  from reviews
  join orders on orders.id = reviews.order_id
  join order_lines on order_lines.order_id = orders.id
  where reviews.id = p_review_id
    and not exists (
      select from refunds
       where refunds.order_id = orders.id
         and refunds.state <> 'failed'
         and refunds.created_at > reviews.created_at
    )
$function$;

CREATE OR REPLACE FUNCTION raise_alert(p_key text, p_kind text, p_data jsonb, p_at timestamp with time zone, p_again interval)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into alerts (key, kind, data, raised_at)
  values (p_key, p_kind, p_data, p_at)
  on conflict (key) do update
     set data = excluded.data,
         raised_at = excluded.raised_at,
         told_at = null,
         over_at = null
   where alerts.over_at is not null
     and alerts.raised_at <= excluded.raised_at - p_again
$function$;

CREATE OR REPLACE FUNCTION raise_overdue_refunds(p_patience interval)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  select count(raise_refund_review(refunds.id, 'refund_unknown', null))
    from refunds
   where refunds.state = 'requested'
     and refunds.created_at < now() - p_patience
     and not exists (select from reviews where reviews.key = 'refund_unknown:' || refunds.id)
$function$;

CREATE OR REPLACE FUNCTION raise_refund_review(p_refund_id bigint, p_what text, p_failure text)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  select raise_review(
    p_what || ':' || refunds.id, 'refund_failed', payments.provider, payments.id, orders.id, orders.user_id,
    refunds.amount,
    jsonb_build_object('refundKey', refunds.key, 'refund', refunds.state, 'reason', p_failure)
  )
  from refunds
  join orders on orders.id = refunds.order_id
  join payments on payments.id = refunds.payment_id
  where refunds.id = p_refund_id
$function$;

CREATE OR REPLACE FUNCTION raise_review(p_key text, p_kind text, p_provider text, p_payment_id bigint, p_order_id bigint, p_user_id bigint, p_amount bigint, p_evidence jsonb)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  v_review_id bigint;
begin
  insert into reviews (key, kind, provider, payment_id, order_id, user_id, amount, evidence)
  values (p_key, p_kind, p_provider, p_payment_id, p_order_id, p_user_id, p_amount, p_evidence)
  on conflict (key) do nothing
  returning id into v_review_id;
  if v_review_id is not null then
    insert into alerts (key, kind, data, raised_at)
    values (
      'review:' || v_review_id, 'review',
      jsonb_build_object(
        'reviewId', v_review_id, 'reviewKind', p_kind, 'amount', p_amount, 'provider', p_provider,
        'orderCode', (select code from orders where id = p_order_id)
      ),
      now()
    );
  end if;
  return v_review_id;
end $function$;

CREATE OR REPLACE FUNCTION receive_order(p_user_id bigint, p_order_code text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_codes text[];
  v_order orders%rowtype;
begin
  if p_order_code is null then
    select array_agg(code::text order by shipped_at, id) into v_codes
      from orders
     where user_id = p_user_id
       and status = 'shipped';
    if v_codes is null then
      return jsonb_build_object('kind', 'nothing_shipped');
    elsif cardinality(v_codes) > 1 then
      return jsonb_build_object('kind', 'which', 'orderCodes', to_jsonb(v_codes[1:10]));
    end if;
  end if;
  perform from orders where code = coalesce(p_order_code, v_codes[1]) and user_id = p_user_id;
  if not found then
    return jsonb_build_object('kind', 'not_found');
  end if;
  v_order := lock_order(coalesce(p_order_code, v_codes[1]));
  if v_order.status = 'completed' then
    return jsonb_build_object(
      'kind', 'received_before', 'orderCode', v_order.code, 'at', v_order.completed_at
    );
  elsif v_order.status <> 'shipped' then
    return jsonb_build_object(
      'kind', 'not_shipped', 'orderCode', v_order.code, 'status', v_order.status, 'orderKind', v_order.kind
    );
  end if;
  perform end_shipped_order(v_order.id, 'user:' || p_user_id, false);
  return jsonb_build_object('kind', 'received', 'orderCode', v_order.code);
end $function$;

CREATE OR REPLACE FUNCTION recipient_of(p_delivery jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_build_object('recipient', p_delivery ->> 'recipient', 'address', p_delivery ->> 'address')
   where has_address(p_delivery)
$function$;

CREATE OR REPLACE FUNCTION record_charge(p_payment_id bigint, p_inbox_id bigint, p_owner integer, p_serves text[], p_qr_string text, p_redirect_url text, p_transaction_id text, p_expires_at timestamp with time zone, p_words jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
  perform conclude_conversation(v_payment.order_id);
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
end $function$;

CREATE OR REPLACE FUNCTION record_listener_notification(p_nonce text, p_fingerprint text, p_timeless_fingerprint text, p_package text, p_raw_body text, p_posted_at timestamp with time zone, p_reading text, p_is_incoming boolean, p_amounts bigint[], p_amount_max bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION record_reversal(p_owner integer, p_serves text[], p_reference text, p_transaction_id text, p_kind text, p_reversed_total bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION recover_abandoned()
 RETURNS TABLE(inbox_count integer, outbox_count integer)
 LANGUAGE plpgsql
AS $function$
declare
  v_owner integer;
  v_count integer;
begin
  inbox_count := 0;
  outbox_count := 0;
  for v_owner in
    select claimed_by from inbox where state = 'working'
    union
    select claimed_by from outbox where state = 'sending'
  loop
    if pg_try_advisory_xact_lock(process_lock_class(), v_owner) then
      update inbox set state = 'waiting', claimed_by = null where state = 'working' and claimed_by = v_owner;
      get diagnostics v_count = row_count;
      inbox_count := inbox_count + v_count;
      update outbox set state = 'waiting', claimed_by = null where state = 'sending' and claimed_by = v_owner;
      get diagnostics v_count = row_count;
      outbox_count := outbox_count + v_count;
    end if;
  end loop;
  return next;
end $function$;

CREATE OR REPLACE FUNCTION refund_order(p_owner integer, p_providers text[], p_order_code text, p_amount bigint, p_destination text, p_request text, p_again boolean, p_reason text, p_actor text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_user_id bigint;
  v_order orders%rowtype;
  v_payment payments%rowtype;
  v_refund refunds%rowtype;
  v_left bigint;
  v_amount bigint;
  v_goods jsonb := '[]';
begin
  -- Until both are the same customer's: uniting two of them moves the order in between.
  loop
    select user_id into v_user_id from orders where code = p_order_code;
    if not found then
      return jsonb_build_object('kind', 'unknown_order');
    end if;
    perform from users where id = v_user_id for no key update;
    select * into v_order from orders where code = p_order_code and user_id = v_user_id for update;
    exit when found;
  end loop;
  v_payment := lock_payment_of(v_order.id);

  select * into v_refund from refunds where key = v_order.code || '-' || p_request;
  if found then
    return jsonb_build_object('kind', 'refunded', 'refund', describe_refund(v_refund.id), 'freed', v_goods);
  end if;
  if v_order.status in ('awaiting_payment', 'expired', 'cancelled') then
    return jsonb_build_object('kind', 'not_paid', 'status', v_order.status);
  end if;
  v_left := left_to_refund(v_order.id);
  if not p_again then
    select * into v_refund
      from refunds
     where order_id = v_order.id
       and state <> 'failed'
       and (amount = p_amount or (p_amount is null and v_left = 0))
     order by id desc
     limit 1;
    if found then
      return jsonb_build_object('kind', 'refunded_before', 'refund', describe_refund(v_refund.id));
    end if;
  end if;
  v_amount := coalesce(p_amount, v_left);
  if v_left = 0 then
    return jsonb_build_object('kind', 'nothing_left');
  elsif v_amount > v_left then
    return jsonb_build_object('kind', 'more_than_left', 'left', v_left);
  end if;
  if p_destination = 'provider' then
    if v_payment.id is null then
      return jsonb_build_object('kind', 'paid_from_balance');
    elsif v_payment.provider = 'static_qris' then
      return jsonb_build_object('kind', 'provider_cannot');
    elsif v_payment.provider <> all (p_providers) then
      return jsonb_build_object('kind', 'provider_away', 'provider', v_payment.provider);
    elsif v_amount > left_at_provider(v_payment.id) then
      return jsonb_build_object('kind', 'provider_holds_less', 'holds', left_at_provider(v_payment.id));
    end if;
  end if;

  insert into refunds (key, order_id, payment_id, amount, state, reason, actor, ended_at)
  values (
    v_order.code || '-' || p_request, v_order.id,
    case p_destination when 'provider' then v_payment.id end, v_amount,
    case p_destination when 'provider' then 'requested' else 'done' end, p_reason, p_actor,
    case p_destination when 'provider' then null else now() end
  )
  returning * into v_refund;
  insert into audit_log (actor, action, subject, details)
  values (p_actor, 'refund_order', 'order:' || v_order.id, jsonb_build_object(
    'refund', v_refund.id, 'amount', v_amount, 'destination', p_destination, 'reason', p_reason
  ));
  if p_destination = 'provider' then
    perform book('refund:' || v_refund.id, 'refund', p_reason, v_order.id,
                 'revenue', null, 'refunds_due', null, v_amount);
    perform promise_refund_word(p_owner, v_refund.id, 'refund_requested');
  else
    perform book('refund:' || v_refund.id, 'refund', p_reason, v_order.id,
                 'revenue', null, 'customer', v_order.user_id, v_amount);
    v_goods := end_order_given_back(v_order.id);
    perform promise_refund_word(p_owner, v_refund.id, 'order_refunded');
  end if;
  return jsonb_build_object('kind', 'refunded', 'refund', describe_refund(v_refund.id), 'freed', v_goods);
end $function$;

CREATE OR REPLACE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only: rows are neither changed nor removed', tg_table_name
    using errcode = 'integrity_constraint_violation';
end $function$;

CREATE OR REPLACE FUNCTION refuse_claim(p_order orders, p_line order_lines, p_product_code text, p_place integer, p_unit stock_units)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_replaced bigint;
  v_left bigint := left_to_refund(p_order.id);
  v_review record;
  v_claims integer;
begin
  select count(replacement_id) into v_replaced from warranty_claims where order_id = p_order.id;
  if v_left = 0 then
    return jsonb_build_object('kind', 'refunded_before');
  elsif v_left * p_line.quantity <= v_replaced * p_order.total then
    return jsonb_build_object(
      'kind', 'made_good_before', 'returned', p_order.total - v_left, 'replaced', v_replaced
    );
  end if;
  select decision into v_review from reviews where key = 'warranty:' || p_unit.id;
  if found then
    return jsonb_build_object(
      'kind', case when v_review.decision is null then 'in_review' else 'reviewed' end
    );
  end if;
  select orders.code into v_review
    from reviews
    join orders on orders.id = reviews.order_id
   where reviews.kind = 'warranty'
     and reviews.decision is null
     and orders.user_id = p_order.user_id
   limit 1;
  if found then
    return jsonb_build_object('kind', 'other_in_review', 'otherOrderCode', v_review.code);
  end if;
  select count(*) into v_claims
    from warranty_claims
    join orders on orders.id = warranty_claims.order_id
   where warranty_claims.created_at > now() - interval '30 days'
     and orders.user_id = p_order.user_id;
  if v_claims < warranty_claims_max() then
    return null;
  end if;
  perform raise_review(
    'warranty:' || p_unit.id, 'warranty', null, null, p_order.id, p_order.user_id, null,
    jsonb_build_object(
      'product', p_product_code, 'unit', p_place, 'batch', p_unit.batch,
      'claimsIn30Days', v_claims, 'claimsMax', warranty_claims_max()
    )
  );
  return jsonb_build_object('kind', 'in_review');
end $function$;

CREATE OR REPLACE FUNCTION refuse_customer_without_address(p_user_id bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform from users
    where id = p_user_id
      and number is null
      and united_into is null
      and not exists (select from lids where user_id = users.id);
  if found then
    raise exception 'customer % has neither a number nor a LID', p_user_id
      using errcode = 'check_violation', constraint = 'users_have_an_address';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION refuse_decision(p_review reviews, p_decision text, p_amount bigint)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION refuse_hold(p_user_id bigint, p_product_id bigint, p_kind text, p_quantity integer)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_until timestamptz := holds_paused_until(p_user_id);
  v_left integer := unpaid_left(p_product_id, p_kind);
  v_free integer;
begin
  if v_until is null and coalesce(v_left >= p_quantity, true) then
    return null;
  end if;
  v_free := free_stock(p_product_id);
  return case
    when v_free < p_quantity then jsonb_build_object('kind', 'sold_out', 'left', v_free)
    when v_until is not null then jsonb_build_object('kind', 'holds_paused', 'until', v_until)
    else jsonb_build_object('kind', 'share_held', 'left', v_left)
  end;
end $function$;

CREATE OR REPLACE FUNCTION refuse_illegal_order_move()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and new.status = old.status then
    return new;
  end if;
  perform from order_moves
   where from_status = case when tg_op = 'INSERT' then 'new' else old.status end
     and to_status = new.status;
  if not found then
    raise exception 'an order cannot go from % to %',
      case when tg_op = 'INSERT' then 'new' else old.status end, new.status
      using errcode = 'check_violation', constraint = 'orders_legal_moves';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION refuse_illegal_unit_move()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.state = 'sold' then
    raise exception 'a sold unit stays with its order, as it is'
      using errcode = 'check_violation', constraint = 'stock_units_legal_moves';
  end if;
  if tg_op = 'DELETE' then
    if old.state = 'held' then
      raise exception 'a held unit is kept for its order'
        using errcode = 'check_violation', constraint = 'stock_units_legal_moves';
    end if;
    return old;
  end if;
  if old.state = 'held' and new.state <> 'available' and new.order_id is distinct from old.order_id then
    raise exception 'a held unit cannot pass to another order'
      using errcode = 'check_violation', constraint = 'stock_units_legal_moves';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION refuse_other_customer()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform from users where id = old.user_id and united_into = new.user_id;
  if not found then
    raise exception 'what % says once stays as it was agreed', tg_table_name
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION refuse_other_identity()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.number is not null and new.number is distinct from old.number)
     or (old.united_into is not null
         and (new.number is not null or new.united_into is distinct from old.united_into)) then
    raise exception 'who a customer is stays as it is known'
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.united_into is not null then
    perform from users where id = new.united_into and number is not null;
    if not found or new.number is not null or new.balance <> 0 then
      raise exception 'only a customer without number and balance is united, into one with a number'
        using errcode = 'check_violation', constraint = 'users_legal_unions';
    end if;
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION refuse_redeciding()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.decision is not null then
    raise exception 'what was decided stays decided'
      using errcode = 'check_violation', constraint = 'reviews_stay_decided';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION refuse_rewriting()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'what % says once stays as it was agreed', tg_table_name
    using errcode = 'integrity_constraint_violation';
end $function$;

CREATE OR REPLACE FUNCTION refuse_step(p_order orders, p_from text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when p_order.id is null then jsonb_build_object('kind', 'unknown_order')
    when p_order.kind <> 'physical' then jsonb_build_object('kind', 'not_physical', 'status', p_order.status)
    when p_order.status <> p_from then jsonb_build_object('kind', 'wrong_status', 'status', p_order.status)
    when p_from in ('paid', 'packing') and left_to_refund(p_order.id) = 0 then
      jsonb_build_object('kind', 'money_goes_back')
  end
$function$;

CREATE OR REPLACE FUNCTION refuse_unbooked_balance()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (tg_op = 'INSERT' and new.balance <> 0)
     or (tg_op = 'UPDATE' and new.balance <> old.balance and pg_trigger_depth() < 2) then
    raise exception 'a balance moves through the ledger only'
      using errcode = 'check_violation', constraint = 'users_balance_is_booked';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION refuse_unending_refund()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.state <> 'requested' and new.state <> old.state then
    raise exception 'a refund that ended stays as it ended'
      using errcode = 'check_violation', constraint = 'refunds_stay_ended';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION refuse_unpaid_sale()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform from orders
    where id = new.order_id
      and status in ('awaiting_payment', 'expired', 'cancelled');
  if found then
    raise exception 'order % is not paid, so its unit is not sold', new.order_id
      using errcode = 'check_violation', constraint = 'stock_units_sold_when_paid';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION refuse_unpaying()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.state = 'paid' and (new.state, new.resolution, new.paid_at, new.provider_transaction_id)
     is distinct from (old.state, old.resolution, old.paid_at, old.provider_transaction_id) then
    raise exception 'a paid payment stays paid, as it was'
      using errcode = 'check_violation', constraint = 'payments_stay_paid';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION refuse_voucher(p_voucher vouchers, p_user_id bigint, p_role text)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when p_voucher.closed_at is not null then 'closed'
    when p_voucher.starts_at > now() then 'not_begun'
    when p_voucher.ends_at <= now() then 'ended'
    when p_voucher.role is not null and p_voucher.role <> p_role then 'for_others'
    when p_voucher.uses >= p_voucher.uses_max then 'used_up'
    when p_voucher.uses_per_customer <= voucher_uses_of(p_voucher.id, p_user_id) then 'used_before'
  end
$function$;

CREATE OR REPLACE FUNCTION refuse_voucher_rules(p_voucher vouchers)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  v_unknown text[];
begin
  if p_voucher.max_discount is not null and p_voucher.percent is null then
    return jsonb_build_object('kind', 'cap_without_percent');
  elsif p_voucher.ends_at <= p_voucher.starts_at then
    return jsonb_build_object('kind', 'ends_before_it_begins');
  elsif p_voucher.ends_at <= now() then
    return jsonb_build_object('kind', 'over_already');
  elsif p_voucher.uses_max < p_voucher.uses then
    return jsonb_build_object('kind', 'fewer_than_used', 'uses', p_voucher.uses);
  end if;
  v_unknown := array(
    select code from unnest(p_voucher.product_codes) as code where code not in (select code from products)
  );
  if cardinality(v_unknown) > 0 then
    return jsonb_build_object('kind', 'unknown_products', 'codes', v_unknown);
  end if;
  if p_voucher.category is not null
     and not exists (select from products where category = p_voucher.category) then
    return jsonb_build_object('kind', 'unknown_category', 'categories', (
      select coalesce(jsonb_agg(distinct category), '[]') from products where category <> ''
    ));
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION refuse_warranty(p_order orders, p_product products)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  v_ended_at timestamptz;
begin
  if p_order.id is null then
    return jsonb_build_object('kind', 'not_found');
  elsif p_order.kind = 'physical' then
    return jsonb_build_object('kind', 'physical');
  elsif p_order.status = 'refunded' then
    return jsonb_build_object('kind', 'refunded_before');
  elsif p_order.status <> 'delivered' then
    return jsonb_build_object('kind', 'not_delivered');
  elsif p_product.warranty_days = 0 then
    return jsonb_build_object('kind', 'no_warranty');
  end if;
  v_ended_at := coalesce(p_order.delivered_at, p_order.paid_at)
    + make_interval(days => p_product.warranty_days);
  if v_ended_at < now() then
    return jsonb_build_object('kind', 'over', 'endedAt', v_ended_at);
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION release_goods(p_order_id bigint, p_kind text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION remember_channel(p_user_id bigint, p_channel text)
 RETURNS void
 LANGUAGE sql
AS $function$
  update users
     set last_channel = p_channel
   where p_channel not in ('console', 'try')
     and id = (select id from users where id = p_user_id for no key update skip locked)
$function$;

CREATE OR REPLACE FUNCTION repeat_customers_since(p_since timestamp with time zone)
 RETURNS TABLE(customers bigint, repeat_customers bigint, orders bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select count(*),
         count(*) filter (where ever > 1),
         coalesce(sum(recently), 0)::bigint
    from (
      select count(*) as ever, count(*) filter (where paid_at >= p_since) as recently
        from orders
       where paid_at is not null
         and status <> 'refunded'
       group by user_id
    ) as bought
   where recently > 0
$function$;

CREATE OR REPLACE FUNCTION report_broadcast(p_id bigint, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_done integer;
  v_total integer;
  v_quarters integer;
begin
  select count(*) filter (where state not in ('waiting', 'promised')), count(*)
    into v_done, v_total
    from broadcast_recipients
   where broadcast_id = p_id;
  if v_done = v_total then
    update broadcasts set state = 'finished', ended_at = p_at where id = p_id;
    perform tell_of_broadcast(p_id, 'finished');
    return;
  end if;
  -- With fewer than eight people the end is near enough.
  v_quarters := case when v_total < 8 then 0 else 4 * v_done / v_total end;
  update broadcasts set quarters_told = v_quarters where id = p_id and quarters_told < v_quarters;
  if found then
    perform tell_of_broadcast(p_id, 'quarter');
  end if;
end $function$;

CREATE OR REPLACE FUNCTION require_address_of_former()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform refuse_customer_without_address(old.user_id);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION require_address_of_user()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform refuse_customer_without_address(new.id);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION require_refundable()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  v_left bigint;
begin
  v_left := left_to_refund(new.order_id);
  if v_left < 0 then
    raise exception 'order % would give back more than it cost', new.order_id
      using errcode = 'check_violation', constraint = 'refunds_within_total';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION require_total_of_lines()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (select sum(amount) from order_lines where order_id = new.order_id)
     <> (select total + discount from orders where id = new.order_id) then
    raise exception 'the lines of order % do not add up to its total', new.order_id
      using errcode = 'check_violation', constraint = 'order_lines_add_up';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION require_warranted_unit()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  v_unit stock_units%rowtype;
begin
  select * into v_unit from stock_units where id = new.unit_id;
  perform from warranty_claims where replacement_id = new.unit_id;
  if found or v_unit.state <> 'sold' or v_unit.order_id <> new.order_id then
    raise exception 'unit % has no warranty in order %', new.unit_id, new.order_id
      using errcode = 'check_violation', constraint = 'warranty_claims_of_sold_units';
  end if;
  if new.replacement_id is not null then
    perform from stock_units
      where id = new.replacement_id
        and id <> new.unit_id
        and product_id = v_unit.product_id
        and order_id = new.order_id
        and state = 'sold'
        and not exists (select from warranty_claims where unit_id = new.replacement_id);
    if not found then
      raise exception 'unit % does not replace unit %', new.replacement_id, new.unit_id
        using errcode = 'check_violation', constraint = 'warranty_claims_by_equal_units';
    end if;
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION require_zero_sum()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION resend_goods(p_inbox_id bigint, p_owner integer, p_serves text[], p_order_code text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_inbox inbox%rowtype;
  v_order orders%rowtype;
  v_words jsonb;
  v_promise jsonb;
begin
  select * into v_inbox from inbox where id = p_inbox_id;
  select * into v_order
    from orders
   where user_id = v_inbox.user_id
     and code = p_order_code
     and kind = 'digital'
     and status in ('paid', 'delivered');
  if not found then
    return null;
  end if;
  perform finish_message(p_inbox_id, p_owner);
  v_words := describe_order(v_order.id) || '{"resent": true}';
  v_promise := promise_message(
    p_owner, p_serves, v_inbox.channel, v_inbox.user_id, 'goods', null,
    v_words, v_order.id, v_inbox.message_id
  );
  return jsonb_build_object(
    'words', v_words,
    'units', units_of(v_order.id),
    'promise', v_promise,
    'next', to_jsonb(claim_next_of_user(p_owner, v_inbox.user_id))
  );
end $function$;

CREATE OR REPLACE FUNCTION resend_goods_to_customer(p_order_code text, p_actor text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_order orders := lock_order(p_order_code);
begin
  if v_order.id is null then
    return jsonb_build_object('kind', 'unknown_order');
  elsif v_order.kind <> 'digital' or v_order.status not in ('paid', 'delivered') then
    return jsonb_build_object(
      'kind', 'nothing_to_resend', 'status', v_order.status, 'orderKind', v_order.kind
    );
  end if;
  perform from outbox
    where order_id = v_order.id
      and user_id = v_order.user_id
      and kind = 'goods'
      and state in ('waiting', 'sending');
  if found then
    return jsonb_build_object('kind', 'being_sent');
  end if;
  insert into audit_log (actor, action, subject) values (p_actor, 'resend_goods', 'order:' || v_order.id);
  perform promise_order_word(v_order.id, 'goods', '{"resent": true}');
  return jsonb_build_object('kind', 'resent');
end $function$;

CREATE OR REPLACE FUNCTION reserve_goods(p_product_id bigint, p_kind text, p_quantity integer)
 RETURNS bigint[]
 LANGUAGE plpgsql
AS $function$
declare
  v_unit_ids bigint[];
begin
  if p_kind = 'physical' then
    update products
       set stock = stock - p_quantity
     where id = p_product_id
       and stock >= p_quantity;
    return case when found then '{}'::bigint[] end;
  end if;
  select array_agg(id) into v_unit_ids
    from (
      select id
        from stock_units
       where product_id = p_product_id
         and state = 'available'
       order by id
       limit p_quantity
       for update skip locked
    ) as free;
  return case when cardinality(v_unit_ids) = p_quantity then v_unit_ids end;
end $function$;

CREATE OR REPLACE FUNCTION reserve_late_goods(p_order_id bigint, p_product_id bigint, p_kind text, p_quantity integer, p_allow_equal boolean)
 RETURNS bigint[]
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION resume_chat(p_number text, p_lid text)
 RETURNS void
 LANGUAGE sql
AS $function$
  select resume_chat_of(id)
    from users
   where quiet_until is not null
     and (
       number = p_number
       or id = (select user_id from lids where lid = p_lid)
     )
$function$;

CREATE OR REPLACE FUNCTION resume_chat_of(p_user_id bigint)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  v_was_quiet boolean;
begin
  select quiet_until > now() into v_was_quiet from users where id = p_user_id for no key update;
  update users
     set quiet_until = null,
         waits_for_person_since = null
   where id = p_user_id
     and (quiet_until is not null or waits_for_person_since is not null);
  return coalesce(v_was_quiet, false);
end $function$;

CREATE OR REPLACE FUNCTION retake_voucher_use(p_order orders)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  v_voucher vouchers%rowtype;
begin
  if p_order.discount = 0 then
    return true;
  end if;
  select vouchers.* into v_voucher
    from voucher_uses
    join vouchers on vouchers.id = voucher_uses.voucher_id
   where order_id = p_order.id
     for no key update of vouchers;
  if v_voucher.uses >= v_voucher.uses_max
     or v_voucher.uses_per_customer <= voucher_uses_of(v_voucher.id, p_order.user_id) then
    return false;
  end if;
  update vouchers set uses = uses + 1 where id = v_voucher.id;
  update voucher_uses set state = 'used' where order_id = p_order.id;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION revenue_by_day_since(p_since timestamp with time zone)
 RETURNS TABLE(day date, orders bigint, gross bigint, discounts bigint, refunded bigint, net bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select (booked.at at time zone (select shop_zone()))::date,
         count(*) filter (where is_sale),
         coalesce(sum(total + discount) filter (where is_sale), 0)::bigint,
         coalesce(sum(discount) filter (where is_sale), 0)::bigint,
         coalesce(-sum(amount) filter (where not is_sale), 0)::bigint,
         sum(amount)::bigint
    from revenue_since(p_since) as booked
    join orders on orders.id = booked.order_id
   group by 1
$function$;

CREATE OR REPLACE FUNCTION revenue_by_product_since(p_since timestamp with time zone)
 RETURNS TABLE(code text, name text, orders bigint, units bigint, gross bigint, discounts bigint, refunded bigint, net bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select products.code,
         products.name,
         count(*) filter (where is_sale),
         coalesce(sum(quantity) filter (where is_sale), 0),
         coalesce(sum(total + discount) filter (where is_sale), 0)::bigint,
         coalesce(sum(discount) filter (where is_sale), 0)::bigint,
         coalesce(-sum(booked.amount) filter (where not is_sale), 0)::bigint,
         sum(booked.amount)::bigint
    from revenue_since(p_since) as booked
    join orders on orders.id = booked.order_id
    join order_lines on order_lines.order_id = orders.id
    join products on products.id = order_lines.product_id
   group by products.id
$function$;

CREATE OR REPLACE FUNCTION revenue_since(p_since timestamp with time zone)
 RETURNS TABLE(at timestamp with time zone, is_sale boolean, order_id bigint, amount bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select booked.created_at, booked.kind = 'sale', booked.order_id, ledger_entries.amount
    from ledger_transactions as booked
    join ledger_entries on ledger_entries.transaction_id = booked.id
   where booked.created_at >= p_since
     and ledger_entries.account = 'revenue'
$function$;

CREATE OR REPLACE FUNCTION review_notification(p_event_id bigint, p_why text, p_package text, p_posted_at timestamp with time zone, p_amounts bigint[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION sales_between(p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object(
    'orders', (select count(*) from orders where paid_at >= p_from and paid_at < p_to),
    'revenue', (select coalesce(sum(total), 0) from orders where paid_at >= p_from and paid_at < p_to),
    'refunds', given_back.times,
    'refunded', given_back.amount
  )
  from given_back_between(p_from, p_to) as given_back
$function$;

CREATE OR REPLACE FUNCTION save_whatsapp_sent(p_epoch bigint, p_id text, p_message bytea)
 RETURNS bytea
 LANGUAGE plpgsql
AS $function$
begin
  perform keep_whatsapp_epoch(p_epoch);
  insert into whatsapp_sent (id, message)
  values (p_id, p_message)
  on conflict (id) do nothing;
  return (select message from whatsapp_sent where id = p_id);
end $function$;

CREATE OR REPLACE FUNCTION schedule_asking()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' or new.state <> old.state then
    new.asks := 0;
    new.silences := 0;
    new.next_ask_at := now() + pause_before_asking(new.state, 0) * (1 + spread_of(new.id, 0) / 10);
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION see_lid(p_lid text)
 RETURNS void
 LANGUAGE sql
AS $function$
  update lids
     set seen_at = clock_timestamp()
   where lid = p_lid
     and (
       seen_at < clock_timestamp() - interval '1 day'
       or exists (
         select from lids as other
          where other.user_id = lids.user_id
            and other.lid <> lids.lid
            and other.seen_at >= lids.seen_at
       )
     )
$function$;

CREATE OR REPLACE FUNCTION settle_broadcast(p_id bigint, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update broadcast_recipients as recipient
     set state = case when promised.outbox_state = 'given_up' then 'failed' else 'sent' end,
         ended_at = p_at
    from (
      select recipient.id, outbox.state as outbox_state
        from broadcast_recipients as recipient
        left join outbox on outbox.id = recipient.outbox_id
       where recipient.broadcast_id = p_id
         and recipient.state = 'promised'
    ) as promised
   where recipient.id = promised.id
     -- A message that is not there any more was sent, and forgotten.
     and (promised.outbox_state is null or promised.outbox_state in ('sent', 'given_up'));
  with hopeless as (
    delete from outbox
     using broadcast_recipients as recipient
     where recipient.broadcast_id = p_id
       and recipient.state = 'promised'
       and recipient.promised_at <= p_at - interval '15 minutes'
       and outbox.id = recipient.outbox_id
       and outbox.state = 'waiting'
       and outbox.attempts > 0
    returning outbox.id
  )
  update broadcast_recipients
     set state = 'failed',
         ended_at = p_at
   where state = 'promised'
     and outbox_id in (select id from hopeless);
  perform leave_out_of_broadcasts(unwanted.user_id, p_at)
     from (
       select distinct outbox.user_id
         from broadcast_recipients as recipient
         join outbox on outbox.id = recipient.outbox_id
        where recipient.broadcast_id = p_id
          and recipient.state = 'promised'
          and outbox.state = 'waiting'
     ) as unwanted
    where why_not_broadcast_to(unwanted.user_id, p_at) is not null;
  with untried as (
    delete from outbox
     using broadcast_recipients as recipient
     where recipient.broadcast_id = p_id
       and recipient.state = 'promised'
       and recipient.promised_at <= p_at - interval '15 minutes'
       and outbox.id = recipient.outbox_id
       and outbox.state = 'waiting'
       and outbox.attempts = 0
       and exists (
         select from broadcast_recipients as earlier
          where earlier.broadcast_id = p_id
            and earlier.state = 'promised'
            and earlier.channel = recipient.channel
            and earlier.id < recipient.id
       )
    returning outbox.id
  )
  update broadcast_recipients
     set state = 'waiting',
         outbox_id = null,
         promised_at = null
   where state = 'promised'
     and outbox_id in (select id from untried);
end $function$;

CREATE OR REPLACE FUNCTION settle_payment(p_owner integer, p_serves text[], p_reference text, p_amount bigint, p_transaction_id text, p_allow_equal boolean, p_only_balance boolean DEFAULT false)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
    if retake_voucher_use(v_order) then
      v_unit_ids := reserve_late_goods(
        v_order.id, v_line.product_id, v_order.kind, v_line.quantity, p_allow_equal
      );
    end if;
    v_resolution := case when v_unit_ids is null then 'late_balance' else 'late_goods' end;
    if v_order.discount > 0 and v_unit_ids is null then
      perform let_voucher_use_go(v_order.id);
    elsif v_order.discount > 0 then
      perform spend_given_back(v_order);
    end if;
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
      jsonb_build_object(
        'account', 'customer', 'userId', v_payment.user_id, 'amount', p_amount - v_order.total
      )
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
                 case v_resolution when 'balance' then 'deposit' else 'late_payment' end, '',
                 v_payment.order_id,
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
end $function$;

CREATE OR REPLACE FUNCTION settle_voucher_use()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.status = 'paid' then
    update voucher_uses set state = 'used' where order_id = new.id and state = 'held';
  elsif new.status in ('expired', 'cancelled') then
    with released as (
      update voucher_uses
         set state = 'released'
       where order_id = new.id
         and state = 'held'
      returning voucher_id
    ), chosen as (
      insert into voucher_choices (user_id, voucher_id, chosen_at)
      select new.user_id, voucher_id, new.ended_at from released
      on conflict (user_id) do nothing
    )
    update vouchers set uses = uses - 1 from released where id = released.voucher_id;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION ship_order(p_order_code text, p_courier text, p_tracking text, p_actor text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_order orders := lock_order(p_order_code);
  v_parcel constant jsonb := jsonb_build_object('courier', p_courier, 'tracking', p_tracking);
  v_is_correction constant boolean := coalesce(v_order.status = 'shipped', false);
  v_refusal jsonb;
begin
  if v_is_correction and v_order.delivery @> v_parcel then
    return jsonb_build_object(
      'kind', 'moved_before', 'at', v_order.shipped_at, 'delivery', v_order.delivery
    );
  end if;
  v_refusal := refuse_step(v_order, case when v_is_correction then 'shipped' else 'packing' end);
  if v_refusal is not null then
    return v_refusal;
  end if;
  if not has_address(v_order.delivery) then
    return jsonb_build_object('kind', 'no_address', 'isAskedNow', want_address(v_order.id, p_actor));
  end if;
  update orders
     set status = 'shipped',
         shipped_at = coalesce(shipped_at, now()),
         delivery = delivery || v_parcel
   where id = v_order.id;
  insert into audit_log (actor, action, subject, details)
  values (
    p_actor, case when v_is_correction then 'correct_shipment' else 'ship_order' end, 'order:' || v_order.id,
    v_parcel || case
      when v_is_correction then jsonb_build_object(
        'before', jsonb_build_object(
          'courier', v_order.delivery -> 'courier', 'tracking', v_order.delivery -> 'tracking'
        )
      )
      else '{}'
    end
  );
  if not v_is_correction then
    -- The end of the funnel, as sending is for digital goods.
    insert into events (step, user_id, order_id)
    values ('delivered', v_order.user_id, v_order.id)
    on conflict do nothing;
  end if;
  perform promise_order_word(
    v_order.id, 'order_shipped', jsonb_build_object('isCorrected', v_is_correction)
  );
  return jsonb_build_object(
    'kind', case when v_is_correction then 'corrected' else 'moved' end,
    'at', coalesce(v_order.shipped_at, now()), 'delivery', v_order.delivery || v_parcel
  );
end $function$;

CREATE OR REPLACE FUNCTION shop_day_began(p_days_ago integer)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select (date_trunc('day', now() at time zone shop_zone()) - make_interval(days => p_days_ago))
         at time zone shop_zone()
$function$;

CREATE OR REPLACE FUNCTION shop_zone()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(
    (select value #>> '{}' from settings where key = 'zone' and value #>> '{}' ~ '^[A-Za-z]'), 'Asia/Jakarta'
  )
$function$;

CREATE OR REPLACE FUNCTION sold_of(p_product_id bigint)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce((select sold from product_figures where product_id = p_product_id), 0)
$function$;

CREATE OR REPLACE FUNCTION sold_stock(p_product_id bigint)
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select case products.kind
    when 'physical' then (
      select coalesce(sum(order_lines.quantity), 0)::integer
        from order_lines
        join orders on orders.id = order_lines.order_id
       where order_lines.product_id = products.id
         and orders.status in ('paid', 'packing', 'shipped', 'completed')
    )
    else (
      select count(*)::integer
        from stock_units
       where product_id = products.id
         and state = 'sold'
    )
  end
  from products
  where id = p_product_id
$function$;

CREATE OR REPLACE FUNCTION special_prices(p_product_id bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(
           jsonb_agg(
             jsonb_build_object('role', role, 'minQuantity', min_quantity, 'price', price)
             order by role, min_quantity
           ),
           '[]'
         )
    from product_prices
   where product_id = p_product_id
$function$;

CREATE OR REPLACE FUNCTION spend_given_back(p_order orders)
 RETURNS void
 LANGUAGE sql
AS $function$
  delete from voucher_choices
   using voucher_uses
   where voucher_uses.order_id = p_order.id
     and voucher_choices.user_id = p_order.user_id
     and voucher_choices.voucher_id = voucher_uses.voucher_id
     and voucher_choices.chosen_at = p_order.ended_at
     and num_nonnulls(dropped_by, passed_over_by) = 0
$function$;

CREATE OR REPLACE FUNCTION spread_of(p_payment_id bigint, p_step integer)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select (hashint8extended(p_payment_id, p_step) & 1023) / 1024.0::double precision
$function$;

CREATE OR REPLACE FUNCTION start_broadcast(p_user_id bigint, p_request text, p_text text, p_days integer, p_channels text[], p_at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_id bigint;
  v_people integer;
begin
  select id into v_id from broadcasts where request = p_request;
  if v_id is null then
    insert into broadcasts (text, started_by, request, started_at, running_since, next_at)
    values (p_text, p_user_id, p_request, p_at, p_at, p_at)
    on conflict do nothing
    returning id into v_id;
    if v_id is null then
      return jsonb_build_object('kind', 'under_way');
    end if;
    insert into broadcast_recipients (broadcast_id, user_id, channel)
    select v_id, audience.user_id, audience.channel
      from broadcast_audience(p_days, p_channels, p_at) as audience
     where audience.reason is null;
  end if;
  select count(*) into v_people from broadcast_recipients where broadcast_id = v_id;
  if v_people = 0 then
    delete from broadcasts where id = v_id;
    return jsonb_build_object('kind', 'nobody');
  end if;
  return jsonb_build_object('kind', 'started', 'id', v_id, 'people', v_people);
end $function$;

CREATE OR REPLACE FUNCTION steer_broadcast(p_wish text, p_at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_broadcast broadcasts%rowtype;
  v_rests_until timestamptz;
begin
  select * into v_broadcast from broadcasts where state in ('running', 'paused') for update;
  if v_broadcast.id is null then
    return jsonb_build_object('kind', 'none');
  end if;
  perform settle_broadcast(v_broadcast.id, p_at);
  if p_wish = 'resume' then
    select paused_until into v_rests_until from whatsapp_account where paused_until > p_at;
    if v_rests_until is not null and why_break_off(v_broadcast, p_at) = 'warning' then
      return jsonb_build_object('kind', 'rests', 'until', v_rests_until);
    end if;
    update broadcasts
       set state = 'running', paused_for = null, running_since = p_at, next_at = p_at
     where id = v_broadcast.id
       and state = 'paused';
  elsif p_wish = 'pause' then
    update broadcasts set state = 'paused', paused_for = 'operator' where id = v_broadcast.id;
    perform take_back_broadcast(v_broadcast.id, p_at);
  else
    update broadcasts
       set state = 'stopped', paused_for = null, ended_at = p_at
     where id = v_broadcast.id;
    perform take_back_broadcast(v_broadcast.id, p_at);
  end if;
  return jsonb_build_object('kind', 'steered', 'id', v_broadcast.id)
      || jsonb_build_object('broadcast', describe_broadcast(v_broadcast.id));
end $function$;

CREATE OR REPLACE FUNCTION steps_since(p_since timestamp with time zone)
 RETURNS TABLE(at timestamp with time zone, step events_step, person bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select events.at, events.step, coalesce(former.united_into, events.user_id)
    from events
    left join users as former
      on former.id = events.user_id
     and former.united_into is not null
   where events.at >= p_since
$function$;

CREATE OR REPLACE FUNCTION take_back(p_owner integer, p_serves text[], p_evidence jsonb, p_total bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION take_back_broadcast(p_id bigint, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_stopped boolean;
begin
  select state = 'stopped' into v_stopped from broadcasts where id = p_id;
  with taken as (
    delete from outbox
     using broadcast_recipients as recipient
     where recipient.broadcast_id = p_id
       and recipient.state = 'promised'
       and outbox.id = recipient.outbox_id
       and outbox.state = 'waiting'
    returning outbox.id
  )
  update broadcast_recipients
     set state = 'waiting',
         outbox_id = null,
         promised_at = null
   where state = 'promised'
     and outbox_id in (select id from taken);
  if v_stopped then
    update broadcast_recipients
       set state = 'withdrawn',
           ended_at = p_at
     where broadcast_id = p_id
       and state = 'waiting';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION take_back_broadcast_message()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  v_recipient record;
begin
  select broadcasts.id, broadcasts.state into v_recipient
    from broadcasts
   where broadcasts.id = (select broadcast_id from broadcast_recipients where message_id = new.message_id)
     for share;
  if v_recipient.state in ('paused', 'stopped') then
    perform take_back_broadcast(v_recipient.id, clock_timestamp());
    delete from outbox where id = new.id and state = 'waiting';
  elsif why_not_broadcast_to(new.user_id, clock_timestamp()) is not null then
    perform leave_out_of_broadcasts(new.user_id, clock_timestamp());
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION take_back_stale_restock_words()
 RETURNS void
 LANGUAGE sql
AS $function$
  with stale as (
    delete from outbox
     where kind = 'back_in_stock'
       and state = 'waiting'
       and created_at < now() - interval '1 hour'
    returning user_id, message_id, data
  ), waiting as (
    insert into restock_alerts (user_id, product_id, asked_at, message_id)
    select stale.user_id, products.id, coalesce((stale.data ->> 'askedAt')::timestamptz, now()),
           stale.message_id
      from stale
      join products on products.code = stale.data ->> 'code'
    on conflict (user_id, product_id) do nothing
    returning product_id
  )
  update restocks
     set told = greatest(0, told - again.count)
    from (select product_id, count(*)::integer as count from waiting group by product_id) as again
   where restocks.product_id = again.product_id
$function$;

CREATE OR REPLACE FUNCTION take_chat_back(p_user_id bigint)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  update users
     set quiet_until = null,
         waits_for_person_since = null
   where id = p_user_id
     and waits_for_person_since is not null
     and quiet_until > now();
  return found;
end $function$;

CREATE OR REPLACE FUNCTION take_countable(p_counted text, p_limit integer, OUT from_id bigint, OUT to_id bigint)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
begin
  select counted_to, least(marked_to, counted_to + p_limit)
    into from_id, to_id
    from countings
   where counted = p_counted
     and counted_to < marked_to
     and marked_in <= pg_snapshot_xmin(pg_current_snapshot())
     for update skip locked;
  update countings set counted_to = to_id where counted = p_counted and to_id is not null;
end $function$;

CREATE OR REPLACE FUNCTION take_own_static_amount(p_price bigint, p_user_id bigint, p_reference text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION take_static_amount(p_price bigint, p_user_id bigint, p_reference text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION takes_address(p_order orders)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p_order.kind = 'physical' and p_order.status in ('awaiting_payment', 'paid', 'packing')
$function$;

CREATE OR REPLACE FUNCTION tell_alerts(p_at timestamp with time zone, p_calm boolean)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  v_roles text[];
  v_operator record;
  v_keys text[];
  v_heard text[];
  v_told text[] := '{}';
  v_count integer := 0;
begin
  perform drop_old_alerts(p_at);
  perform from alerts where told_at is null and over_at is null and (p_calm or is_trouble(kind)) limit 1;
  if not found then
    return 0;
  end if;
  v_roles := array(select distinct role from listening_operators());
  v_keys := array(
    select key
      from alerts
     where told_at is null
       and over_at is null
       and (p_calm or is_trouble(kind))
       and exists (select from unnest(v_roles) as role where hears_of(role, kind))
     order by raised_at, key
     limit 100
       for update skip locked
  );
  for v_operator in
    select * from listening_operators() order by user_id
  loop
    v_heard := array(select key from alerts where key = any (v_keys) and hears_of(v_operator.role, kind));
    v_count := v_count + tell_operator_alerts(v_operator.user_id, v_operator.channel, v_heard);
    v_told := v_told || v_heard;
  end loop;
  update alerts
     set told_at = p_at,
         over_at = case kind when 'person_wanted' then p_at end
   where key = any (v_told);
  return v_count;
end $function$;

CREATE OR REPLACE FUNCTION tell_new_address(p_before orders, p_delivery jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if p_before.delivery @> p_delivery
     or p_before.status <> 'packing' and p_before.to_pack_told_at is null then
    return;
  end if;
  insert into audit_log (actor, action, subject, details)
  values (
    'user:' || p_before.user_id, 'change_address', 'order:' || p_before.id,
    jsonb_build_object('before', recipient_of(p_before.delivery))
  );
  insert into alerts (key, kind, data, raised_at)
  values (
    'new_address:' || p_before.id, 'new_address',
    jsonb_build_object('orderCode', p_before.code), now()
  )
  on conflict (key) do update
     set raised_at = excluded.raised_at,
         told_at = null,
         over_at = null;
end $function$;

CREATE OR REPLACE FUNCTION tell_of_adjustment(p_user_id bigint, p_amount bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into outbox (channel, user_id, kind, data, state)
  select last_channel_of(id), id, 'balance_adjusted',
         jsonb_build_object('amount', p_amount, 'balance', balance), 'waiting'
    from users
   where id = p_user_id
     and last_channel_of(id) is not null
$function$;

CREATE OR REPLACE FUNCTION tell_of_broadcast(p_id bigint, p_event text)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into outbox (channel, user_id, kind, data, state)
  select latest.channel, users.id, 'broadcast_report',
         describe_broadcast(broadcasts.id) || jsonb_build_object('event', p_event), 'waiting'
    from broadcasts
    join users on users.id = (
           select coalesce(starter.united_into, starter.id) from users as starter
            where starter.id = broadcasts.started_by
         )
         or p_event = 'paused' and users.role = 'owner'
   cross join lateral (select last_channel_of(users.id) as channel) as latest
   where broadcasts.id = p_id
     and users.role in ('admin', 'owner')
     and users.blocked_at is null
     and latest.channel is not null
$function$;

CREATE OR REPLACE FUNCTION tell_of_restock(p_product products, p_channels text[], p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  v_told integer;
  v_restock restocks%rowtype;
begin
  insert into restocks (product_id, units)
  values (p_product.id, free_stock(p_product.id))
  on conflict (product_id) do update
     set units = greatest(restocks.units, units_offered_since(p_product.id, restocks.began_at))
  returning * into v_restock;
  with chosen as (
    select restock_alerts.*, users.role, last_channel_of(users.id) as channel
      from restock_alerts
      join users on users.id = restock_alerts.user_id
     where restock_alerts.product_id = p_product.id
       and users.blocked_at is null
       and not is_quiet(users)
       and last_channel_of(users.id) = any (p_channels)
     order by restock_alerts.asked_at, restock_alerts.id
     limit greatest(0, least(p_limit, 3 * v_restock.units - v_restock.told))
       for update of restock_alerts skip locked
  ), gone as (
    delete from restock_alerts using chosen where restock_alerts.id = chosen.id
  ), promised as (
    insert into outbox (message_id, channel, user_id, kind, data, state)
    select message_id, channel, user_id, 'back_in_stock',
           jsonb_build_object('code', p_product.code, 'name', p_product.name,
                              'price', price_of(p_product.id, role, 1), 'askedAt', asked_at),
           'waiting'
      from chosen
     order by asked_at, id
    returning id
  )
  select count(*) into v_told from promised;
  update restocks set told = told + v_told where product_id = p_product.id;
  return v_told;
end $function$;

CREATE OR REPLACE FUNCTION tell_of_resumption(p_user_id bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into outbox (channel, user_id, kind, data, state)
  select last_channel_of(id), id, 'bot_answers', '{}', 'waiting'
    from users
   where id = p_user_id
     and blocked_at is null
     and last_channel_of(id) is not null
$function$;

CREATE OR REPLACE FUNCTION tell_operator_alerts(p_user_id bigint, p_channel text, p_keys text[])
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  v_count integer;
  v_rest integer;
begin
  insert into outbox (channel, user_id, kind, data, state)
  select p_channel, p_user_id,
         case kind when 'person_wanted' then 'person_wanted' else 'operator_alerts' end,
         case kind
           when 'person_wanted' then data
           else jsonb_build_object('alert', key, 'alerts', jsonb_build_array(describe_alert(alerts)))
         end,
         'waiting'
    from alerts
   where key = any (p_keys)
     and is_trouble(kind)
   order by raised_at, key;
  get diagnostics v_count = row_count;
  insert into outbox (channel, user_id, kind, data, state)
  select p_channel, p_user_id,
         case when count(*) = 1 and min(kind) = 'review' then 'review_raised' else 'operator_alerts' end,
         case
           when count(*) = 1 and min(kind) = 'review' then (jsonb_agg(data) -> 0)
           else jsonb_build_object('alerts', jsonb_agg(describe_alert(alerts) order by raised_at, key))
         end,
         'waiting'
    from alerts
   where key = any (p_keys)
     and not is_trouble(kind)
  having count(*) > 0;
  get diagnostics v_rest = row_count;
  return v_count + v_rest;
end $function$;

CREATE OR REPLACE FUNCTION tell_orders_to_pack(p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  v_orders jsonb;
begin
  -- What nobody can hear of yet waits.
  perform from users
    where role in ('owner', 'admin')
      and blocked_at is null
      and last_channel_of(id) is not null;
  if not found then
    return 0;
  end if;
  with told as (
    update orders
       set to_pack_told_at = now()
     where id in (
       select id
         from orders
        where kind = 'physical'
          and status = 'paid'
          and to_pack_told_at is null
        order by paid_at, id
        limit p_limit
          for update skip locked
     )
    returning id, code, paid_at, delivery
  )
  select jsonb_agg(
           jsonb_build_object(
             'orderCode', code, 'lines', describe_order(id) -> 'lines', 'hasAddress', has_address(delivery)
           ) order by paid_at, id
         )
    into v_orders
    from told;
  if v_orders is null then
    return 0;
  end if;
  insert into outbox (channel, user_id, kind, data, state)
  select latest.channel, users.id, 'order_to_pack',
         jsonb_build_object('notice', 'order_to_pack', 'orders', v_orders), 'waiting'
    from users
   cross join lateral (select last_channel_of(users.id) as channel) as latest
   where users.role in ('owner', 'admin')
     and users.blocked_at is null
     and latest.channel is not null;
  return jsonb_array_length(v_orders);
end $function$;

CREATE OR REPLACE FUNCTION tell_restocked(p_channels text[], p_underway_max integer, p_wave_seconds integer)
 RETURNS TABLE(code text, told integer)
 LANGUAGE plpgsql
AS $function$
declare
  v_product products%rowtype;
  v_room integer;
begin
  if not pg_try_advisory_xact_lock(hashtext(current_schema() || ' tell_restocked')) then
    return;
  end if;
  delete from restocks where began_at < now() - make_interval(secs => p_wave_seconds);
  perform take_back_stale_restock_words();
  v_room := p_underway_max - (
    select count(*)
      from outbox
     where state in ('waiting', 'sending')
       and kind = 'back_in_stock'
       and channel = any (p_channels)
  );
  for v_product in
    select products.*
      from products
      join (select product_id, min(asked_at) as first from restock_alerts group by product_id) as waited
        on waited.product_id = products.id
     where products.hidden_at is null
       and is_in_stock(products)
     order by waited.first, products.id
  loop
    exit when v_room <= 0;
    code := v_product.code;
    told := tell_of_restock(v_product, p_channels, v_room);
    if told > 0 then
      v_room := v_room - told;
      return next;
    end if;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION top_products_between(p_from timestamp with time zone, p_to timestamp with time zone, p_limit integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(jsonb_agg(to_jsonb(best) order by quantity desc, amount desc, name), '[]')
    from (
      select max(order_lines.name) as name, sum(order_lines.quantity) as quantity,
             sum(order_lines.amount) as amount
        from orders
        join order_lines on order_lines.order_id = orders.id
       where orders.paid_at >= p_from
         and orders.paid_at < p_to
       group by order_lines.product_id
       order by sum(order_lines.quantity) desc, sum(order_lines.amount) desc, max(order_lines.name)
       limit p_limit
    ) as best
$function$;

CREATE OR REPLACE FUNCTION unite_customers(p_from bigint, p_into bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SET lock_timeout TO '100ms'
AS $function$
declare
  v_roles constant text[] := array['customer', 'reseller', 'admin', 'owner'];
  v_into users%rowtype;
  v_from users%rowtype;
begin
  select * into v_into from users where id = p_into for no key update;
  -- Whoever is about to write something for this customer waits for this, and is then sent to the other.
  select * into v_from from users where id = p_from for update;
  if v_into.number is null or v_from.number is not null or v_from.united_into is not null then
    return false;
  end if;
  if v_from.balance > 0 then
    perform book('user:' || p_from || ':union', 'union', '', null,
                 'customer', p_from, 'customer', p_into, v_from.balance);
  end if;
  update users set united_into = p_into where id = p_from;
  update users
     set name = case name when '' then v_from.name else name end,
         -- Nobody is asked for the first one, so the other was chosen.
         language = case language when 'id' then v_from.language else language end,
         role = v_roles[greatest(array_position(v_roles, role::text),
                                 array_position(v_roles, v_from.role::text))],
         preferences = v_from.preferences || preferences,
         blocked_at = coalesce(blocked_at, v_from.blocked_at),
         quiet_until = greatest(quiet_until, v_from.quiet_until)
   where id = p_into;
  update orders set user_id = p_into where user_id = p_from;
  update payments set user_id = p_into where user_id = p_from;
  update outbox set user_id = p_into where user_id = p_from;
  update inbox set user_id = p_into where user_id = p_from and state = 'waiting';
  update lids set user_id = p_into where user_id = p_from;
  insert into conversations (user_id, step, data, updated_at, channel)
  select p_into, step, data, updated_at, channel
    from conversations
   where user_id = p_from
  on conflict (user_id) do update
     set step = excluded.step,
         data = excluded.data,
         updated_at = excluded.updated_at,
         channel = excluded.channel
   where conversations.updated_at < excluded.updated_at;
  delete from conversations where user_id = p_from;
  insert into audit_log (actor, action, subject, details)
  values ('lapak', 'unite_customers', 'user:' || p_into,
          jsonb_build_object('from', p_from, 'balance', v_from.balance, 'role', v_from.role));
  -- Asked last: one that was waiting above may have been taken meanwhile.
  perform from inbox where user_id = p_from and state in ('waiting', 'working');
  if found then
    raise exception 'a message of customer % is being handled', p_from using errcode = 'LP003';
  end if;
  return true;
exception when sqlstate 'LP003' or lock_not_available or deadlock_detected or unique_violation then
  return false;
end $function$;

CREATE OR REPLACE FUNCTION units_of(p_order_id bigint)
 RETURNS jsonb
 LANGUAGE sql
AS $function$
  select coalesce(
           jsonb_agg(
             encode(stock_units.payload, 'base64') order by coalesce(made_good.unit_id, stock_units.id)
           ),
           '[]'
         )
    from stock_units
    left join warranty_claims as made_good on made_good.replacement_id = stock_units.id
   where stock_units.order_id = p_order_id
     and stock_units.state = 'sold'
     and not exists (
       select from warranty_claims
        where unit_id = stock_units.id
          and replacement_id is not null
     )
$function$;

CREATE OR REPLACE FUNCTION units_of_message(p_kind text, p_order_id bigint, p_data jsonb)
 RETURNS jsonb
 LANGUAGE sql
AS $function$
  select case p_kind
    when 'goods' then units_of(p_order_id)
    when 'warranty_replaced' then (
      select coalesce(jsonb_agg(encode(stock_units.payload, 'base64')), '[]')
        from warranty_claims
        join stock_units on stock_units.id = warranty_claims.replacement_id
       where warranty_claims.id = (p_data ->> 'claimId')::bigint
         and warranty_claims.order_id = p_order_id
    )
    else '[]'::jsonb
  end
$function$;

CREATE OR REPLACE FUNCTION units_offered_since(p_product_id bigint, p_since timestamp with time zone)
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select free_stock(p_product_id) + coalesce(sum(order_lines.quantity), 0)::integer
    from orders
    join order_lines on order_lines.order_id = orders.id
   where order_lines.product_id = p_product_id
     and orders.paid_at >= p_since
     and orders.created_at >= p_since
     and orders.status <> 'refunded'
$function$;

CREATE OR REPLACE FUNCTION unpaid_left(p_product_id bigint, p_kind text)
 RETURNS integer
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  v_hold numeric;
  v_in_vain numeric := 0;
  v_share integer;
  v_held integer;
begin
  for v_hold in
    select hold_in_vain(orders)
      from orders
      join order_lines on order_lines.order_id = orders.id
     where orders.status in ('expired', 'cancelled')
       and orders.ended_at > now() - interval '1 day'
       and order_lines.product_id = p_product_id
  loop
    v_in_vain := v_in_vain + coalesce(v_hold, 0);
    exit when v_in_vain >= 10;
  end loop;
  if v_in_vain < 10 then
    return null;
  end if;
  select coalesce((select (value #>> '{}')::integer from settings where key = 'hold_share'), 50) into v_share;
  select coalesce(sum(order_lines.quantity), 0) into v_held
    from orders
    join order_lines on order_lines.order_id = orders.id
   where orders.status = 'awaiting_payment'
     and order_lines.product_id = p_product_id;
  return greatest(0, ceil((v_held + free_stock(p_product_id)) * v_share / 100.0)::integer - v_held);
end $function$;

CREATE OR REPLACE FUNCTION unpaid_static_amounts(p_user_id bigint)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select count(*)
    from payments
    join static_amounts using (reference)
   where payments.user_id = p_user_id
     and payments.provider = 'static_qris'
     and payments.state <> 'paid'
     and (static_amounts.free_at is null or static_amounts.free_at >= now())
$function$;

CREATE OR REPLACE FUNCTION unsold_stock()
 RETURNS TABLE(product_id bigint, code text, name text, low_stock_at integer, unsold integer)
 LANGUAGE sql
 STABLE
AS $function$
  with held as (
    select order_lines.product_id, sum(order_lines.quantity)::integer as quantity
      from orders
      join order_lines on order_lines.order_id = orders.id
     where orders.status = 'awaiting_payment'
     group by order_lines.product_id
  )
  select products.id, products.code, products.name, products.low_stock_at,
         least(
           coalesce(held.quantity, 0) + case products.kind
             when 'physical' then products.stock
             else (
               select count(*)::integer
                 from (
                   select stock_units.id
                     from stock_units
                    where stock_units.product_id between products.id and products.id
                      and stock_units.state = 'available'
                    order by stock_units.product_id, stock_units.id
                    limit products.low_stock_at + 1
                 ) as free
             )
           end,
           products.low_stock_at + 1
         )
    from products
    left join held on held.product_id = products.id
   where products.hidden_at is null
$function$;

CREATE OR REPLACE FUNCTION use_voucher(p_order orders, p_voucher_id bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update vouchers set uses = uses + 1 where id = p_voucher_id;
  insert into voucher_uses (order_id, voucher_id, state)
  values (p_order.id, p_voucher_id, case p_order.status when 'paid' then 'used' else 'held' end);
  delete from voucher_choices where user_id = p_order.user_id;
end $function$;

CREATE OR REPLACE FUNCTION voucher_uses_of(p_voucher_id bigint, p_user_id bigint)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select count(*)
    from orders
    join voucher_uses on voucher_uses.order_id = orders.id
   where orders.user_id = p_user_id
     and voucher_uses.voucher_id = p_voucher_id
     and voucher_uses.state <> 'released'
$function$;

CREATE OR REPLACE FUNCTION voucher_with(p_voucher vouchers, p_rules jsonb)
 RETURNS vouchers
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  if p_rules ? 'maxDiscount' then
    p_voucher.max_discount := p_rules ->> 'maxDiscount';
  end if;
  if p_rules ? 'minTotal' then
    p_voucher.min_total := coalesce((p_rules ->> 'minTotal')::bigint, 0);
  end if;
  if p_rules ? 'usesMax' then
    p_voucher.uses_max := p_rules ->> 'usesMax';
  end if;
  if p_rules ? 'usesPerCustomer' then
    p_voucher.uses_per_customer := p_rules ->> 'usesPerCustomer';
  end if;
  if p_rules ? 'startsOn' then
    p_voucher.starts_at := coalesce(day_begins((p_rules ->> 'startsOn')::date), now());
  end if;
  if p_rules ? 'endsOn' then
    p_voucher.ends_at := day_begins((p_rules ->> 'endsOn')::date + 1);
  end if;
  if p_rules ? 'productCodes' then
    p_voucher.product_codes := case jsonb_typeof(p_rules -> 'productCodes')
      when 'array' then array(select jsonb_array_elements_text(p_rules -> 'productCodes'))
    end;
  end if;
  if p_rules ? 'category' then
    -- As the products spell it; an unknown one stays as it is, to be refused.
    p_voucher.category := coalesce(
      (select min(category) from products where lower(category) = lower(p_rules ->> 'category')),
      p_rules ->> 'category'
    );
  end if;
  if p_rules ? 'role' then
    p_voucher.role := p_rules ->> 'role';
  end if;
  return p_voucher;
end $function$;

CREATE OR REPLACE FUNCTION want_address(p_order_id bigint, p_actor text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  perform from outbox
    join orders on orders.user_id = outbox.user_id
    where orders.id = p_order_id
      and outbox.order_id = p_order_id
      and outbox.kind = 'address_wanted'
      and outbox.created_at > now() - interval '1 day';
  if found then
    return false;
  end if;
  insert into audit_log (actor, action, subject) values (p_actor, 'ask_address', 'order:' || p_order_id);
  perform promise_order_word(p_order_id, 'address_wanted', '{}');
  return true;
end $function$;

CREATE OR REPLACE FUNCTION warranty_claims_max()
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce((select value::integer from settings where key = 'warranty_claims_max'), 3)
$function$;

CREATE OR REPLACE FUNCTION watch_messages(p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_given_up integer;
  v_stuck integer;
  v_unanswered integer;
  v_failing integer;
begin
  select count(*) into v_given_up
    from outbox
   where state = 'given_up'
     and failure is distinct from 'refunded'
     and kind <> 'broadcast'
     and next_attempt_at > p_at - interval '1 day';
  perform note_trouble('messages_given_up', v_given_up >= 5, jsonb_build_object('count', v_given_up), p_at);
  select count(distinct user_id) into v_stuck
    from outbox
   where state in ('waiting', 'sending')
     and channel not in ('console', 'try')
     and kind <> 'broadcast'
     and created_at < p_at - interval '10 minutes';
  perform note_trouble('messages_stuck', v_stuck >= 3, jsonb_build_object('count', v_stuck), p_at);
  select count(*) into v_unanswered
    from inbox
   where state in ('waiting', 'working')
     and channel not in ('console', 'try')
     and received_at < p_at - interval '10 minutes';
  perform note_trouble(
    'messages_unanswered', v_unanswered >= 1, jsonb_build_object('count', v_unanswered), p_at
  );
  select count(*) into v_failing
    from errors
   where operation = 'handle_message'
     and at > p_at - interval '10 minutes';
  perform note_trouble('messages_failing', v_failing >= 5, '{}', p_at);
end $function$;

CREATE OR REPLACE FUNCTION watch_orders(p_at timestamp with time zone, p_large bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into alerts (key, kind, data, raised_at)
  select 'large_order:' || id, 'large_order', jsonb_build_object('orderCode', code, 'total', total), p_at
    from orders
   where paid_at > p_at - interval '1 hour'
     and paid_at < p_at + interval '1 hour'
     and total >= p_large
  on conflict (key) do nothing
$function$;

CREATE OR REPLACE FUNCTION watch_stock(p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_product record;
begin
  if not pg_try_advisory_xact_lock(hashtext('lapak watch_stock ' || current_schema())) then
    return;
  end if;
  for v_product in
    select present.*, stock_watch.unsold as before
      from unsold_stock() as present
      left join stock_watch on stock_watch.product_id = present.product_id
     where stock_watch.unsold is distinct from present.unsold
  loop
    if v_product.unsold > least(v_product.before, v_product.low_stock_at) then
      perform end_alert('low_stock:' || v_product.product_id, p_at);
    elsif v_product.unsold < v_product.before then
      perform raise_alert(
        'low_stock:' || v_product.product_id, 'low_stock',
        jsonb_build_object('productId', v_product.product_id, 'code', v_product.code, 'name', v_product.name),
        p_at, interval '0'
      );
    end if;
    insert into stock_watch (product_id, unsold)
    values (v_product.product_id, v_product.unsold)
    on conflict (product_id) do update set unsold = excluded.unsold;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION what_waits(p_at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object(
    'reviews', (select count(*) from reviews where decision is null),
    'toPack', (select count(*) from orders where kind = 'physical' and status in ('paid', 'packing')),
    'customers', (
      select count(*)
        from users
       where waits_for_person_since is not null
         and quiet_until > p_at
         and role not in ('admin', 'owner')
    )
  )
$function$;

CREATE OR REPLACE FUNCTION why_break_off(p_broadcast broadcasts, p_at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when exists (select from whatsapp_account where paused_until > p_at)
     and exists (
       select from broadcast_recipients
        where broadcast_id = p_broadcast.id
          and state in ('waiting', 'promised')
          and channel = 'whatsapp'
     ) then 'warning'
    when (
      select count(*) = 5 and bool_and(latest.state = 'failed')
        from (
          select state
            from broadcast_recipients
           where broadcast_id = p_broadcast.id
             and state in ('sent', 'failed')
             and ended_at > p_broadcast.running_since
           order by ended_at desc, id desc
           limit 5
        ) as latest
    ) then 'failures'
  end
$function$;

CREATE OR REPLACE FUNCTION why_no_broadcast(p_user_id bigint, p_at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(why_not_broadcast_to(p_user_id, p_at), case
    when exists (
      select from broadcast_recipients
       where user_id in (select p_user_id union all select id from users where united_into = p_user_id)
         and promised_at > p_at - interval '24 hours'
    ) then 'had_one'
  end)
$function$;

CREATE OR REPLACE FUNCTION why_not_broadcast_to(p_user_id bigint, p_at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when role not in ('customer', 'reseller') then 'operator'
    when blocked_at is not null then 'blocked'
    when preferences ->> 'broadcasts' = 'off' then 'opted_out'
    when quiet_until > p_at then 'person_answers'
  end
  from users
  where id = p_user_id
$function$;

CREATE OR REPLACE FUNCTION wipe_whatsapp_account(p_epoch bigint, p_state text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  -- Changed before it is kept: two that have kept it would wait for each other to change it.
  update whatsapp_account
     set creds = null,
         phone = null,
         qr = null,
         pairing_code = null,
         changed_at = case when state = p_state then changed_at else clock_timestamp() end,
         state = p_state
   where epoch = p_epoch
     and holder is not null;
  perform keep_whatsapp_epoch(p_epoch);
  delete from whatsapp_keys;
  delete from whatsapp_retries;
end $function$;

CREATE OR REPLACE FUNCTION withdraw_refunded_goods()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform from orders
    where id = new.order_id
      and status = 'refunded';
  if found then
    new.state := 'given_up';
    new.claimed_by := null;
    new.failure := 'refunded';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION work_broadcasts(p_at timestamp with time zone, p_gap_ms integer, p_under_way_max integer, p_calm boolean)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  v_broadcast broadcasts%rowtype;
  v_why text;
  v_promised boolean := false;
begin
  for v_broadcast in
    select *
      from broadcasts
     where state in ('running', 'paused')
        or id in (select broadcast_id from broadcast_recipients where state = 'promised')
     order by id
       for update skip locked
  loop
    perform settle_broadcast(v_broadcast.id, p_at);
    continue when v_broadcast.state <> 'running';
    v_why := why_break_off(v_broadcast, p_at);
    if v_why is not null then
      perform break_off_broadcast(v_broadcast.id, v_why, p_at);
      continue;
    end if;
    if not p_calm then
      perform take_back_broadcast(v_broadcast.id, p_at);
    elsif v_broadcast.next_at <= p_at and feed_broadcast(v_broadcast, p_at, p_under_way_max) then
      update broadcasts
         set next_at = p_at + p_gap_ms * interval '1 millisecond'
       where id = v_broadcast.id;
      v_promised := true;
    end if;
    perform report_broadcast(v_broadcast.id, p_at);
  end loop;
  return v_promised;
end $function$;

CREATE OR REPLACE FUNCTION worth_of_unit(p_order orders, p_line order_lines)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select (p_order.total + p_line.quantity - 1) / p_line.quantity
$function$;

CREATE OR REPLACE FUNCTION write_daily_summary(p_at timestamp with time zone, p_zone text, p_hour integer, p_late_hours integer, p_hold boolean)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  v_day date := (p_at at time zone p_zone)::date;
  v_due timestamptz;
  v_since timestamptz;
  v_sales jsonb;
  v_waits jsonb;
  v_data jsonb;
begin
  v_due := (v_day + make_time(p_hour, 0, 0)) at time zone p_zone;
  if v_due > p_at then
    v_day := v_day - 1;
    v_due := (v_day + make_time(p_hour, 0, 0)) at time zone p_zone;
  end if;
  if p_at >= v_due + make_interval(hours => p_late_hours) then
    return 'missed';
  end if;
  perform from daily_summaries where day = v_day or until >= v_due;
  if found then
    return 'written';
  end if;
  if p_hold or not exists (
    select from users where role = 'owner' and blocked_at is null and last_channel_of(id) is not null
  ) then
    return 'held';
  end if;
  select coalesce(
           greatest(max(until), case when max(until) is not null then v_due - interval '7 days' end),
           (v_day - 1 + make_time(p_hour, 0, 0)) at time zone p_zone
         )
    into v_since
    from daily_summaries;
  insert into daily_summaries (day, until, written_at) values (v_day, v_due, p_at) on conflict do nothing;
  if not found then
    return 'written';
  end if;
  v_sales := sales_between(v_since, v_due);
  v_waits := what_waits(p_at);
  if not jsonb_path_exists(v_sales || v_waits, '$.* ? (@ > 0)') then
    return 'nothing';
  end if;
  v_data := v_sales || jsonb_build_object(
    'since', v_since,
    'until', v_due,
    'waits', v_waits,
    'before', sales_between(v_since - (v_due - v_since), v_since),
    'top', top_products_between(v_since, v_due, 3),
    'low', low_products(5),
    'lowCount', (select count(*) from unsold_stock() where unsold <= low_stock_at)
  );
  insert into outbox (channel, user_id, kind, data, state)
  select latest.channel, users.id, 'daily_summary', v_data, 'waiting'
    from users
   cross join lateral (select last_channel_of(users.id) as channel) as latest
   where users.role = 'owner'
     and users.blocked_at is null
     and latest.channel is not null;
  return 'told';
end $function$;

CREATE OR REPLACE FUNCTION write_order(p_order orders, p_product_id bigint, p_name text, p_quantity integer, p_price bigint, p_unit_ids bigint[], OUT order_id bigint, OUT units jsonb)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
begin
  with made as (
    insert into orders (code, user_id, kind, status, method, total, discount, expires_at,
                        placed_by_message, channel, paid_at, delivery)
    values (p_order.code, p_order.user_id, p_order.kind, p_order.status, p_order.method, p_order.total,
            p_order.discount, p_order.expires_at, p_order.placed_by_message, p_order.channel, p_order.paid_at,
            p_order.delivery)
    returning id
  )
  insert into order_lines (order_id, product_id, name, quantity, unit_price, amount)
  select id, p_product_id, p_name, p_quantity, p_price, p_price * p_quantity from made
  returning order_lines.order_id into write_order.order_id;

  with taken as (
    update stock_units
       set state = case p_order.status when 'paid' then 'sold' else 'held' end,
           order_id = write_order.order_id
     where id = any (p_unit_ids)
    returning id, payload
  )
  select coalesce(jsonb_agg(encode(payload, 'base64') order by id), '[]') into units from taken;
end $function$;

CREATE OR REPLACE FUNCTION write_whatsapp_keys(p_epoch bigint, p_types text[], p_ids text[], p_values text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform keep_whatsapp_epoch(p_epoch);
  delete from whatsapp_keys
   using unnest(p_types, p_ids, p_values) as given (type, id, value)
   where given.value is null
     and whatsapp_keys.type = given.type
     and whatsapp_keys.id = given.id;
  insert into whatsapp_keys (type, id, value)
  select type, id, decode(value, 'base64')
    from (
      select distinct on (type, id) type, id, value
        from unnest(p_types, p_ids, p_values) with ordinality as given (type, id, value, place)
       order by type, id, place desc
    ) as latest
   where value is not null
  on conflict (type, id) do update set value = excluded.value;
end $function$;

create view stats_busiest_hours as
 SELECT weekday,
    hour,
    messages,
    paid_orders
   FROM busiest_hours_since('-infinity'::timestamp with time zone) busiest_hours_since(weekday, hour, messages, paid_orders)
  ORDER BY messages DESC, paid_orders DESC, weekday, hour;

create view stats_conversion as
 SELECT day,
    greeted,
    saw_catalogue,
    checked_out,
    paid,
    delivered
   FROM conversion_since('-infinity'::timestamp with time zone) conversion_since(day, greeted, saw_catalogue, checked_out, paid, delivered)
  ORDER BY day;

create view stats_error_rate as
 SELECT day,
    messages,
    failed,
    rate
   FROM error_rate_since('-infinity'::timestamp with time zone) error_rate_since(day, messages, failed, rate)
  ORDER BY day;

create view stats_repeat_customers as
 SELECT customers,
    repeat_customers,
    orders
   FROM repeat_customers_since('-infinity'::timestamp with time zone) repeat_customers_since(customers, repeat_customers, orders);

create view stats_revenue_by_day as
 SELECT day,
    orders,
    gross,
    discounts,
    refunded,
    net
   FROM revenue_by_day_since('-infinity'::timestamp with time zone) revenue_by_day_since(day, orders, gross, discounts, refunded, net)
  ORDER BY day;

create view stats_revenue_by_product as
 SELECT code,
    name,
    orders,
    units,
    gross,
    discounts,
    refunded,
    net
   FROM revenue_by_product_since('-infinity'::timestamp with time zone) revenue_by_product_since(code, name, orders, units, gross, discounts, refunded, net)
  ORDER BY net DESC, code;

CREATE TRIGGER audit_log_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER changed_texts_change_the_house AFTER INSERT OR DELETE OR UPDATE ON changed_texts FOR EACH STATEMENT EXECUTE FUNCTION note_house_change();

CREATE TRIGGER errors_are_append_only BEFORE UPDATE OR TRUNCATE ON errors FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER events_are_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER inbox_forgets_confidential_words BEFORE INSERT OR UPDATE OF state ON inbox FOR EACH ROW WHEN (new.is_confidential AND (new.state::text = ANY (ARRAY['done'::text, 'refused'::text]))) EXECUTE FUNCTION forget_words();

CREATE TRIGGER ledger_entries_are_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_entries_move_balance AFTER INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION book_entry();

CREATE CONSTRAINT TRIGGER ledger_entries_sum_to_zero AFTER INSERT ON ledger_transactions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_zero_sum();

CREATE TRIGGER ledger_transactions_are_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_transactions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER lids_are_kept BEFORE TRUNCATE ON lids FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE CONSTRAINT TRIGGER lids_leave_an_address AFTER DELETE OR UPDATE OF user_id ON lids DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_address_of_former();

CREATE TRIGGER listener_notifications_are_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON listener_notifications FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE CONSTRAINT TRIGGER order_lines_add_up AFTER INSERT ON order_lines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_total_of_lines();

CREATE TRIGGER order_lines_are_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON order_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER orders_are_kept BEFORE DELETE OR TRUNCATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER orders_keep_their_discount BEFORE UPDATE OF discount ON orders FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

CREATE TRIGGER orders_legal_moves BEFORE INSERT OR UPDATE OF status ON orders FOR EACH ROW EXECUTE FUNCTION refuse_illegal_order_move();

CREATE TRIGGER orders_note_their_refund AFTER UPDATE OF status ON orders FOR EACH ROW WHEN (new.status = 'refunded'::text AND old.status <> 'refunded'::text) EXECUTE FUNCTION note_refunded();

CREATE TRIGGER orders_settle_their_voucher AFTER UPDATE OF status ON orders FOR EACH ROW WHEN (new.discount > 0 AND old.status = 'awaiting_payment'::text) EXECUTE FUNCTION settle_voucher_use();

CREATE TRIGGER orders_stay_as_agreed BEFORE UPDATE OF code, kind, total, placed_by_message ON orders FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

CREATE TRIGGER orders_stay_with_their_customer BEFORE UPDATE OF user_id ON orders FOR EACH ROW EXECUTE FUNCTION refuse_other_customer();

CREATE TRIGGER outbox_keeps_its_language BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION keep_language();

CREATE TRIGGER outbox_takes_back_broadcasts AFTER UPDATE OF state ON outbox FOR EACH ROW WHEN (new.kind::text = 'broadcast'::text AND new.state::text = 'waiting'::text AND old.state::text <> 'waiting'::text) EXECUTE FUNCTION take_back_broadcast_message();

CREATE TRIGGER outbox_withdraws_refunded_goods BEFORE UPDATE OF state ON outbox FOR EACH ROW WHEN (new.kind::text = 'goods'::text AND new.state::text = 'waiting'::text AND old.state::text <> 'waiting'::text) EXECUTE FUNCTION withdraw_refunded_goods();

CREATE TRIGGER payment_event_outcomes_are_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payment_event_outcomes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payment_event_outcomes_close AFTER INSERT ON payment_event_outcomes FOR EACH ROW EXECUTE FUNCTION close_payment_event();

CREATE TRIGGER payment_events_are_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payment_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payment_events_are_open AFTER INSERT ON payment_events FOR EACH ROW EXECUTE FUNCTION open_payment_event();

CREATE TRIGGER payments_are_asked_for BEFORE INSERT OR UPDATE OF state ON payments FOR EACH ROW EXECUTE FUNCTION schedule_asking();

CREATE TRIGGER payments_are_kept BEFORE DELETE OR TRUNCATE ON payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payments_keep_their_extra BEFORE UPDATE OF unique_extra ON payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

CREATE TRIGGER payments_let_their_amount_cool AFTER UPDATE OF state ON payments FOR EACH ROW WHEN (new.provider = 'static_qris'::text AND (old.state = ANY (ARRAY['requested'::text, 'pending'::text])) AND (new.state <> ALL (ARRAY['requested'::text, 'pending'::text]))) EXECUTE FUNCTION let_amount_cool();

CREATE TRIGGER payments_stay_as_agreed BEFORE UPDATE OF reference, provider, purpose, order_id, amount, pay_token, placed_by_message ON payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

CREATE TRIGGER payments_stay_paid BEFORE UPDATE OF state, resolution, paid_at, provider_transaction_id ON payments FOR EACH ROW EXECUTE FUNCTION refuse_unpaying();

CREATE TRIGGER payments_stay_with_their_customer BEFORE UPDATE OF user_id ON payments FOR EACH ROW EXECUTE FUNCTION refuse_other_customer();

CREATE TRIGGER receipts_are_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON receipts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refunds_are_kept BEFORE DELETE OR TRUNCATE ON refunds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER refunds_stay_as_agreed BEFORE UPDATE OF key, order_id, payment_id, amount, reason, actor ON refunds FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

CREATE TRIGGER refunds_stay_ended BEFORE UPDATE OF state ON refunds FOR EACH ROW EXECUTE FUNCTION refuse_unending_refund();

CREATE CONSTRAINT TRIGGER refunds_within_total AFTER INSERT ON refunds NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION require_refundable();

CREATE TRIGGER reversals_are_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON reversals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER reviews_are_kept BEFORE DELETE OR TRUNCATE ON reviews FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER reviews_stay_as_raised BEFORE UPDATE OF key, kind, provider, payment_id, order_id, amount, evidence ON reviews FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

CREATE TRIGGER reviews_stay_decided BEFORE UPDATE OF decision, decided_amount, decided_by, decided_reason, decided_at ON reviews FOR EACH ROW EXECUTE FUNCTION refuse_redeciding();

CREATE TRIGGER settings_change_the_house AFTER INSERT OR DELETE OR UPDATE ON settings FOR EACH STATEMENT EXECUTE FUNCTION note_house_change();

CREATE TRIGGER stock_units_are_kept BEFORE TRUNCATE ON stock_units FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER stock_units_legal_moves BEFORE DELETE OR UPDATE ON stock_units FOR EACH ROW EXECUTE FUNCTION refuse_illegal_unit_move();

CREATE TRIGGER stock_units_sold_when_paid BEFORE INSERT OR UPDATE OF state, order_id ON stock_units FOR EACH ROW WHEN (new.state::text = 'sold'::text) EXECUTE FUNCTION refuse_unpaid_sale();

CREATE TRIGGER users_balance_is_booked BEFORE INSERT OR UPDATE OF balance ON users FOR EACH ROW EXECUTE FUNCTION refuse_unbooked_balance();

CREATE TRIGGER users_hand_waiting_over AFTER UPDATE OF united_into ON users FOR EACH ROW WHEN (new.united_into IS NOT NULL AND new.waits_for_person_since IS NOT NULL) EXECUTE FUNCTION hand_waiting_over();

CREATE CONSTRAINT TRIGGER users_have_an_address AFTER INSERT OR UPDATE OF number, united_into ON users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.number IS NULL) EXECUTE FUNCTION require_address_of_user();

CREATE TRIGGER users_leave_broadcasts AFTER UPDATE OF blocked_at, quiet_until, preferences ON users FOR EACH ROW WHEN (old.blocked_at IS DISTINCT FROM new.blocked_at OR old.quiet_until IS DISTINCT FROM new.quiet_until OR (old.preferences -> 'broadcasts'::text) IS DISTINCT FROM (new.preferences -> 'broadcasts'::text)) EXECUTE FUNCTION leave_user_out();

CREATE TRIGGER users_stay_who_they_are BEFORE UPDATE OF number, united_into ON users FOR EACH ROW EXECUTE FUNCTION refuse_other_identity();

CREATE TRIGGER users_unite_restock_alerts AFTER UPDATE OF united_into ON users FOR EACH ROW WHEN (old.united_into IS NULL AND new.united_into IS NOT NULL) EXECUTE FUNCTION move_restock_alerts();

CREATE TRIGGER users_unite_voucher_choices AFTER UPDATE OF united_into ON users FOR EACH ROW WHEN (old.united_into IS NULL AND new.united_into IS NOT NULL) EXECUTE FUNCTION move_voucher_choice();

CREATE TRIGGER users_unite_voucher_guesses AFTER UPDATE OF united_into ON users FOR EACH ROW WHEN (old.united_into IS NULL AND new.united_into IS NOT NULL) EXECUTE FUNCTION move_voucher_guesses();

CREATE TRIGGER warranty_claims_are_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON warranty_claims FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER warranty_claims_of_sold_units BEFORE INSERT ON warranty_claims FOR EACH ROW EXECUTE FUNCTION require_warranted_unit();

CREATE CONSTRAINT TRIGGER warranty_refunds_within_total AFTER INSERT ON warranty_claims NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (new.refunded IS NOT NULL) EXECUTE FUNCTION require_refundable();
