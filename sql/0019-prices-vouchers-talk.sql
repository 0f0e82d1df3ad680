-- What a customer pays (their own price, less the discount of a voucher), where goods are sent, and what a
-- customer is in the middle of saying.

-- Prices below the product's own: for a role, or from a quantity on.
create table product_prices (
  product_id bigint not null references products,
  role text not null default '' check (role in ('', 'reseller')),
  min_quantity integer not null default 1 check (min_quantity between 1 and 100),
  price bigint not null check (price > 0 and price <= 1000000000),
  primary key (product_id, role, min_quantity),
  check (role <> '' or min_quantity > 1)
);

-- The lowest price that fits; src/shop/prices.ts reckons the same for what is shown.
create function price_of(p_product_id bigint, p_role text, p_quantity integer) returns bigint
language sql stable as $$
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
$$;

create function special_prices(p_product_id bigint) returns jsonb
language sql stable as $$
  select coalesce(
           jsonb_agg(
             jsonb_build_object('role', role, 'minQuantity', min_quantity, 'price', price)
             order by role, min_quantity
           ),
           '[]'
         )
    from product_prices
   where product_id = p_product_id
$$;

create table vouchers (
  id bigint generated always as identity primary key,
  code text not null unique check (code ~ '^[A-Z0-9][A-Z0-9._-]{1,31}$'),
  percent integer check (percent between 1 and 99),
  amount bigint check (amount > 0 and amount <= 1000000000),
  -- The most a percentage gives.
  max_discount bigint check (max_discount > 0),
  -- The least an order must come to.
  min_total bigint not null default 0 check (min_total >= 0),
  uses_max integer check (uses_max > 0),
  uses_per_customer integer check (uses_per_customer > 0),
  starts_at timestamptz not null default now(),
  -- The first instant at which it is over.
  ends_at timestamptz,
  -- Null: for every product, of every category, for every role.
  product_codes text[] check (cardinality(product_codes) between 1 and 100),
  category text,
  role text check (role in ('reseller')),
  -- Held and used; never more than allowed, whoever counts.
  uses integer not null default 0 check (uses >= 0),
  created_by text not null,
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  check ((percent is null) <> (amount is null)),
  check (max_discount is null or percent is not null),
  check (ends_at is null or ends_at > starts_at),
  constraint vouchers_uses_within_limit check (uses <= uses_max)
);

-- One order's use: held while it is unpaid, used once it is paid, released when it ends unpaid.
create table voucher_uses (
  order_id bigint primary key references orders,
  voucher_id bigint not null references vouchers,
  state text not null check (state in ('held', 'used', 'released')),
  created_at timestamptz not null default now()
);

create index voucher_uses_by_voucher on voucher_uses (voucher_id, order_id);

-- What a customer's next purchase is to use.
create table voucher_choices (
  user_id bigint primary key references users,
  voucher_id bigint not null references vouchers,
  chosen_at timestamptz not null default now(),
  -- The message that was told that it gives nothing any more: it stays only for that one.
  dropped_by bigint,
  -- The message that was told that it gives nothing for a product: kept for another purchase.
  passed_over_by bigint,
  passed_over_for bigint references products,
  check ((passed_over_by is null) = (passed_over_for is null))
);

-- Each table that knows a customer moves its own rows when two turn out to be one.
create function move_voucher_choice() returns trigger
language plpgsql as $$
begin
  insert into voucher_choices (user_id, voucher_id, chosen_at, dropped_by, passed_over_by, passed_over_for)
  select new.united_into, voucher_id, chosen_at, dropped_by, passed_over_by, passed_over_for
    from voucher_choices
   where user_id = new.id
  on conflict (user_id) do nothing;
  delete from voucher_choices where user_id = new.id;
  return null;
end $$;

create trigger users_unite_voucher_choices
  after update of united_into on users
  for each row when (old.united_into is null and new.united_into is not null)
  execute function move_voucher_choice();

alter table orders
  add column discount bigint not null default 0 check (discount >= 0);

create trigger orders_keep_their_discount
  before update of discount on orders
  for each statement execute function refuse_rewriting();

create or replace function require_total_of_lines() returns trigger
language plpgsql as $$
begin
  if (select sum(amount) from order_lines where order_id = new.order_id)
     <> (select total + discount from orders where id = new.order_id) then
    raise exception 'the lines of order % do not add up to its total', new.order_id
      using errcode = 'check_violation', constraint = 'order_lines_add_up';
  end if;
  return null;
end $$;

create function voucher_uses_of(p_voucher_id bigint, p_user_id bigint) returns bigint
language sql stable as $$
  select count(*)
    from orders
    join voucher_uses on voucher_uses.order_id = orders.id
   where orders.user_id = p_user_id
     and voucher_uses.voucher_id = p_voucher_id
     and voucher_uses.state <> 'released'
$$;

-- Why a voucher gives this customer nothing, whatever they buy; null when it may give something. Counts for
-- an order only under a lock on the voucher.
create function refuse_voucher(p_voucher vouchers, p_user_id bigint, p_role text) returns text
language sql stable as $$
  select case
    when p_voucher.closed_at is not null then 'closed'
    when p_voucher.starts_at > now() then 'not_begun'
    when p_voucher.ends_at <= now() then 'ended'
    when p_voucher.role is not null and p_voucher.role <> p_role then 'for_others'
    when p_voucher.uses >= p_voucher.uses_max then 'used_up'
    when p_voucher.uses_per_customer <= voucher_uses_of(p_voucher.id, p_user_id) then 'used_before'
  end
$$;

-- What a voucher takes off an order; null when it is not for this product or this much. At least one rupiah
-- is left to pay: an order of nothing has no payment that could be believed.
create function discount_of(p_voucher vouchers, p_product products, p_subtotal bigint) returns bigint
language sql immutable as $$
  select nullif(least(
           coalesce(p_voucher.amount, p_subtotal * p_voucher.percent / 100),
           p_voucher.max_discount,
           p_subtotal - 1
         ), 0)
   where (p_voucher.product_codes is null or p_product.code = any (p_voucher.product_codes))
     and (p_voucher.category is null or lower(p_voucher.category) = lower(p_product.category))
     and p_subtotal >= p_voucher.min_total
$$;

-- An order ended unpaid lets its use go; a paid one keeps it for good, whatever is given back later.
create function settle_voucher_use() returns trigger
language plpgsql as $$
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
    )
    update vouchers set uses = uses - 1 from released where id = released.voucher_id;
  end if;
  return null;
end $$;

create trigger orders_settle_their_voucher
  after update of status on orders
  for each row when (new.discount > 0 and old.status = 'awaiting_payment')
  execute function settle_voucher_use();

-- Takes the use of an order again whose payment came after it had ended. False when others had the last one
-- meanwhile: the price with the discount is then not to be had any more. True for an order without voucher.
create function retake_voucher_use(p_order orders) returns boolean
language plpgsql as $$
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
end $$;

-- Undoes it, when the goods were gone after all.
create function let_voucher_use_go(p_order_id bigint) returns void
language sql as $$
  with released as (
    update voucher_uses
       set state = 'released'
     where order_id = p_order_id
       and state = 'used'
    returning voucher_id
  )
  update vouchers set uses = uses - 1 from released where id = released.voucher_id
$$;

-- A voucher that was given back when its order ended is spent once the order got its goods after all. One
-- that was chosen anew since, or that a message was told of, is left.
create function spend_given_back(p_order orders) returns void
language sql as $$
  delete from voucher_choices
   using voucher_uses
   where voucher_uses.order_id = p_order.id
     and voucher_choices.user_id = p_order.user_id
     and voucher_choices.voucher_id = voucher_uses.voucher_id
     and voucher_choices.chosen_at = p_order.ended_at
     and num_nonnulls(dropped_by, passed_over_by) = 0
$$;

-- What one unit of an order cost its customer, less its part of the discount; the last may get a rupiah less.
create function worth_of_unit(p_order orders, p_line order_lines) returns bigint
language sql immutable as $$
  select (p_order.total + p_line.quantity - 1) / p_line.quantity
$$;

-- Conversations.

alter table conversations
  -- Where it is held; what has to be said by itself goes there.
  add column channel text;

create index conversations_by_age on conversations (updated_at);

-- Whoever is silent for so long is no longer in the middle of anything.
create function conversation_idle_after() returns interval
language sql immutable as $$
  select interval '30 minutes'
$$;

create function conversation_of(p_user_id bigint) returns jsonb
language sql stable as $$
  select jsonb_build_object('step', step, 'data', data, 'updatedAt', updated_at)
    from conversations
   where user_id = p_user_id
     and updated_at > now() - conversation_idle_after()
$$;

-- What a customer is in the middle of from now on; {"step": null} ends it.
create function keep_conversation(p_user_id bigint, p_channel text, p_conversation jsonb) returns void
language plpgsql as $$
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
end $$;

-- With the order that was talked about the conversation ends. Goods to send need to know whereto: that is
-- asked next, and `.buy` has bought all the same.
create function conclude_conversation(p_order_id bigint) returns void
language sql as $$
  select keep_conversation(user_id, channel, case
           when kind = 'physical' and delivery = '{}'
             then jsonb_build_object('step', 'recipient', 'data', jsonb_build_object('orderCode', code))
           else '{"step": null}'
         end)
    from orders
   where id = p_order_id
$$;

-- Counts what the operator changes about how the shop speaks and behaves, so that a snapshot of it knows when
-- it is old.
create sequence house_versions;

create function note_house_change() returns trigger
language plpgsql as $$
begin
  perform nextval('house_versions');
  return null;
end $$;

create trigger settings_change_the_house
  after insert or update or delete on settings
  for each statement execute function note_house_change();

alter type claimed_message
  add attribute conversation jsonb,
  add attribute house_version bigint;

-- Whether the shop is silent in this chat, as a person answers there. Never to those who run it: what is
-- typed to them at the shop's own phone must not take the shop out of their hands.
create function is_quiet(p_user users) returns boolean
language sql stable as $$
  select coalesce(p_user.quiet_until > now(), false) and p_user.role not in ('admin', 'owner')
$$;

create or replace function describe_claimed(p_inbox_id bigint) returns claimed_message
language sql stable as $$
  select row(
    inbox.id, inbox.channel, inbox.message_id, inbox.text, inbox.attempts,
    users.id, users.number, users.name, users.language, users.role,
    users.blocked_at is not null, users.balance,
    case when inbox.channel = 'whatsapp' or users.number is null
      then coalesce(lid_of(users.id), users.number)
      else users.number
    end,
    is_quiet(users),
    conversation_of(users.id),
    (select last_value from house_versions)
  )::claimed_message
  from inbox
  join users on users.id = inbox.user_id
  where inbox.id = p_inbox_id
$$;

-- As before (see 0013), and with what the customer is in the middle of. Long texts are kept of operators
-- alone.
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
  v_text text;
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

    -- Only operators paste what is long; of others the refusal needs no more than this.
    v_text := p_texts[place];
    if v_user.role not in ('admin', 'owner') then
      v_text := left(v_text, 2000);
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
      values (p_channels[place], v_message_id, v_user.id, v_text, 'working', p_owner, 1)
      on conflict do nothing
      returning id into v_inbox_id;
      outcome := 'working';
    end if;
    if v_inbox_id is null and not v_is_known then
      outcome := case when v_unfinished >= p_waiting_limit then 'refused' else 'waiting' end;
      insert into inbox (channel, message_id, user_id, text, state)
      values (p_channels[place], v_message_id, v_user.id, v_text, outcome)
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
        conversation_of(v_user.id),
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
end $$;


-- Keeps a message, and its customer from being united with another, until this transaction ends. Errors:
-- LP001, the message is no longer the caller's.
create function hold_message(p_inbox_id bigint, p_owner integer) returns void
language plpgsql as $$
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
end $$;

drop function answer_messages(integer, text[], bigint[], text[], text[], text);
drop function answer_message(bigint, integer, text[], text, text);

-- Answers a message, finishes it, and claims the customer's next. p_conversation: null leaves what they are
-- in the middle of; see keep_conversation.
create function answer_message(
  p_inbox_id bigint,
  p_owner integer,
  p_serves text[],
  p_reply text,
  p_step text,
  p_conversation jsonb
) returns jsonb
language plpgsql as $$
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
end $$;

-- The same for many customers in one commit; see place_orders for `refused` and p_lock_wait. p_conversations
-- is an array of as many, null where nothing changes.
create function answer_messages(
  p_owner integer,
  p_serves text[],
  p_inbox_ids bigint[],
  p_replies text[],
  p_steps text[],
  p_conversations jsonb,
  p_lock_wait text
) returns table (place integer, answered jsonb, refused text)
language plpgsql as $$
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
end $$;

-- Holds that are never paid.

create index orders_ended_unpaid on orders (ended_at) where status in ('expired', 'cancelled');

-- How much an order that ended unpaid counts as a hold in vain: fully from five minutes on, less where it was
-- let go of sooner; not at all where money came for it, or no way to pay could be given.
create function hold_in_vain(p_order orders) returns numeric
language sql stable as $$
  select least(1, extract(epoch from p_order.ended_at - p_order.created_at) / 300)
   where not exists (
     select from payments
      where order_id = p_order.id
        and (state = 'failed' or exists (select from receipts where payment_id = payments.id))
   )
$$;

-- Until when a customer pays from the balance alone; null: not at all. What they held in vain within a week
-- counts, since they last paid; with the third hold a pause begins, and with each further one another, twice
-- as long, up to a day.
create function holds_paused_until(p_user_id bigint) returns timestamptz
language sql stable as $$
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
$$;

-- How much of a product may be held unpaid at a time. All of it, until it was held in vain ten times within a
-- day: from then on the share of the setting `hold_share`, in percent. Others' holds of this very instant are
-- not seen: a cap against abuse, not a promise.
create function unpaid_left(p_product_id bigint, p_kind text) returns integer
language plpgsql stable as $$
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
end $$;

-- The sale, with its customer's own price, their voucher and where the goods go. Lock order as in 0007, with
-- the voucher before the product.

drop function write_order(orders, bigint, text, integer, bigint, bigint[]);

create function write_order(
  p_order orders,
  p_product_id bigint,
  p_name text,
  p_quantity integer,
  p_price bigint,
  p_unit_ids bigint[],
  out order_id bigint,
  out units jsonb
)
language plpgsql as $$
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
end $$;

-- What not every order has.
create function describe_terms(p_order orders) returns jsonb
language sql immutable as $$
  select case when p_order.discount > 0
           then jsonb_build_object('discount', p_order.discount) else '{}' end
      || case when p_order.kind = 'physical'
           then jsonb_build_object('delivery', p_order.delivery) else '{}' end
$$;

create or replace function describe_new_order(p_order orders, p_name text, p_quantity integer) returns jsonb
language sql immutable as $$
  select jsonb_build_object(
    'orderCode', p_order.code, 'total', p_order.total, 'method', p_order.method, 'kind', p_order.kind,
    'lines', jsonb_build_array(
      jsonb_build_object('name', p_name, 'quantity', p_quantity, 'amount', p_order.total + p_order.discount)
    )
  ) || describe_terms(p_order)
$$;

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
  ) || describe_terms(orders)
  from orders
  where id = p_order_id
$$;

-- As before (see 0007), and ends the conversation that led to it.
create or replace function conclude_sale(
  p_owner integer,
  p_serves text[],
  p_order orders,
  p_name text,
  p_quantity integer,
  p_balance bigint,
  p_message_id text,
  p_units jsonb
) returns jsonb
language plpgsql as $$
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
end $$;

-- As before (see 0014), and ends the conversation that led to it.
create or replace function record_charge(
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
end $$;

-- What the voucher a customer chose takes off this purchase, which holds it until the sale is over. Whoever
-- counted on one that gives nothing is told before anything is charged: one that gives nothing any more is
-- dropped, one that is not for what is bought is kept for another purchase. A later message that asks for it
-- again buys without the voucher; the same one, handled again, is refused again.
create function apply_choice(
  p_inbox_id bigint,
  p_user_id bigint,
  p_role text,
  p_product_id bigint,
  p_subtotal bigint,
  out discount bigint,
  out voucher_id bigint,
  out refusal jsonb
)
language plpgsql as $$
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
end $$;

create function use_voucher(p_order orders, p_voucher_id bigint) returns void
language plpgsql as $$
begin
  update vouchers set uses = uses + 1 where id = p_voucher_id;
  insert into voucher_uses (order_id, voucher_id, state)
  values (p_order.id, p_voucher_id, case p_order.status when 'paid' then 'used' else 'held' end);
  delete from voucher_choices where user_id = p_order.user_id;
end $$;

-- Why this much of a product is not to be held unpaid by this customer now; null when it is. Where it is not
-- there at all, that is said: the balance would not help.
create function refuse_hold(p_user_id bigint, p_product_id bigint, p_kind text, p_quantity integer)
returns jsonb
language plpgsql as $$
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
end $$;

-- Where an order's goods go; what is given is remembered for the next order.
create function delivery_of(p_user_id bigint, p_preferences jsonb, p_given jsonb) returns jsonb
language plpgsql as $$
begin
  if p_given is null then
    return coalesce(p_preferences -> 'delivery', '{}');
  end if;
  update users
     set preferences = preferences || jsonb_build_object('delivery', p_given)
   where id = p_user_id;
  return p_given;
end $$;

drop function place_orders(
  integer, text[], bigint[], text[], integer[], text[], text[], text, text[], integer, text
);
drop function place_order(bigint, integer, text[], text, integer, text, text, text, text, integer);

-- Buys p_quantity of one product for the customer of an inbound message. p_method 'auto' takes the balance
-- when it covers the price, else QRIS where that is offered. A paid purchase finishes the message and
-- promises the goods in the same transaction; one to be paid by QRIS leaves the message open until its charge
-- is known (record_charge or fail_charge). Asked again for the same message, it answers with the order that
-- message already made. Where p_expected_total was shown and agreed to, nothing is sold for another. Goods go
-- where p_delivery says, which is remembered; without it, where the last ones went. Errors: LP001, the
-- message is no longer the caller's.
create function place_order(
  p_inbox_id bigint,
  p_owner integer,
  p_serves text[],
  p_product_code text,
  p_quantity integer,
  p_method text,
  p_order_code text,
  p_qris_provider text,
  p_pay_token text,
  p_hold_seconds integer,
  p_expected_total bigint,
  p_delivery jsonb
) returns jsonb
language plpgsql as $$
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
end $$;

-- Many customers' purchases in one commit, each whole or undone by itself. `refused` is the SQLSTATE of one
-- that could not be made: LP001; 23505 for an order code that is taken; 55P03 or 40P01 where somebody holds a
-- row of its for longer than p_lock_wait, which the others are not to wait for. In the order of their
-- products, so that two callers never wait for each other crosswise. p_expected_totals and p_deliveries may
-- hold nulls, the latter as an array of jsonb.
create function place_orders(
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
  p_expected_totals bigint[],
  p_deliveries jsonb,
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
end $$;

-- As before (see 0013). The goods of a late payment come at the price of then only where their use of a
-- voucher is still to be had.
create or replace function settle_payment(
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
end $$;

-- As before (see 0016), by what a unit cost less its part of the discount, to the fraction of a rupiah.
create or replace function refuse_claim(
  p_order orders,
  p_line order_lines,
  p_product_code text,
  p_place integer,
  p_unit stock_units
) returns jsonb
language plpgsql as $$
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
end $$;

create or replace function make_good(
  p_order orders,
  p_line order_lines,
  p_policy text,
  p_unit_id bigint,
  p_inbox_id bigint
) returns jsonb
language plpgsql as $$
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
end $$;
