-- Word to those who wait for a product that is sold out; vouchers as customers choose them, and a bound on
-- guessing their codes.

alter domain outbox_kind drop constraint outbox_kind_check;
alter domain outbox_kind add constraint outbox_kind_check check (value in (
  'text', 'goods', 'payment_request', 'order_paid', 'deposit_paid', 'order_expired', 'late_balance', 'busy',
  'payment_review', 'broadcast', 'payment_reversed', 'review_raised', 'review_credited', 'warranty_replaced',
  'warranty_refused', 'order_refunded', 'refund_requested', 'refund_failed', 'back_in_stock'
));

-- Who waits for what. A row goes in the transaction that promises its word, so that everybody is told once.
create table restock_alerts (
  id bigint generated always as identity primary key,
  user_id bigint not null references users,
  product_id bigint not null references products,
  asked_at timestamptz not null default now(),
  -- Its word's, kept while that is taken back and promised anew: the same message to its phone.
  message_id text not null
    default to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint) || '-' || gen_random_uuid(),
  unique (user_id, product_id)
);

create index restock_alerts_by_product on restock_alerts (product_id, asked_at, id);

-- How many were told of the goods that came. It goes after a while, and others are told of what is still
-- there; not when the goods do: who holds the last one and lets it go again would have everybody told.
create table restocks (
  product_id bigint primary key references products,
  began_at timestamptz not null default now(),
  -- What could be had since then, the most that was seen; see units_offered_since.
  units integer not null,
  told integer not null default 0
);

create function move_restock_alerts() returns trigger
language plpgsql as $$
begin
  insert into restock_alerts (user_id, product_id, asked_at, message_id)
  select new.united_into, product_id, asked_at, message_id
    from restock_alerts
   where user_id = new.id
  on conflict (user_id, product_id) do nothing;
  delete from restock_alerts where user_id = new.id;
  return null;
end $$;

create trigger users_unite_restock_alerts
  after update of united_into on users
  for each row when (old.united_into is null and new.united_into is not null)
  execute function move_restock_alerts();

-- Whether anything of a product is free: cheaper than counting it. Only stock_units_available has the units
-- between two products in this order, so it is what is read, also where the statistics are from before the
-- product sold out, and anything else would look through all that was ever sold.
create function is_in_stock(p_product products) returns boolean
language sql stable as $$
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
$$;

-- Notes that a customer wants to hear when a product is back; kind: noted, noted_before, in_stock,
-- unknown_product, too_many. Asked again, it changes nothing.
create function ask_for_restock(p_user_id bigint, p_code text, p_open_max integer) returns jsonb
language plpgsql as $$
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
end $$;

-- What is free of a product, and what was ordered and paid since then: held and let go, a unit counts once.
create function units_offered_since(p_product_id bigint, p_since timestamptz) returns integer
language sql stable as $$
  select free_stock(p_product_id) + coalesce(sum(order_lines.quantity), 0)::integer
    from orders
    join order_lines on order_lines.order_id = orders.id
   where order_lines.product_id = p_product_id
     and orders.paid_at >= p_since
     and orders.created_at >= p_since
     and orders.status <> 'refunded'
$$;

-- Promises word of one product to those who have waited longest, at most p_limit now and three for each unit
-- in all: more would come for nothing. Whoever is blocked, in a person's hands or on a channel that is not
-- served keeps waiting. Returns how many.
create function tell_of_restock(p_product products, p_channels text[], p_limit integer) returns integer
language plpgsql as $$
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
end $$;

-- Takes back word that waits to be sent for longer than an hour, on whatever channel: it may be true no more.
-- Who was to have it waits again, as long as before.
create function take_back_stale_restock_words() returns void
language sql as $$
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
$$;

-- Tells whoever waits for a product that is there again, on the channels that are served; returns of which
-- product how many were told. At most p_underway_max such words wait there to be sent at a time: what is sold
-- out meanwhile is then not told to many. Nothing where another process is at it.
create function tell_restocked(p_channels text[], p_underway_max integer, p_wave_seconds integer)
returns table (code text, told integer)
language plpgsql as $$
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
end $$;

-- Nobody waits for word of a restock, so it comes after replies, as broadcasts do.
create function is_unhurried(p_kind text) returns boolean
language sql immutable as $$
  select p_kind in ('broadcast', 'back_in_stock')
$$;

-- As before (see 0012), for every kind that nobody waits for.
create or replace function claim_outbox(
  p_owner integer,
  p_channels text[],
  p_number text,
  p_limit integer,
  p_broadcasts_max integer
) returns table (message outbox, is_broadcast boolean)
language plpgsql as $$
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
end $$;

-- Who types codes of vouchers that do not exist, and until when they are not listened to.
create table voucher_guesses (
  user_id bigint primary key references users,
  misses integer not null default 0,
  counted_since timestamptz not null default now(),
  pauses integer not null default 0,
  paused_until timestamptz
);

-- Nobody sheds a pause by turning out to be another customer.
create function move_voucher_guesses() returns trigger
language plpgsql as $$
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
end $$;

create trigger users_unite_voucher_guesses
  after update of united_into on users
  for each row when (old.united_into is null and new.united_into is not null)
  execute function move_voucher_guesses();

-- Counts a code that does not exist. After p_misses_max within p_window_seconds comes a pause, each twice as
-- long as the one before, up to a day; whoever guesses nothing for a day begins anew. Returns the end of the
-- pause that begins with this miss; null when none does.
create function note_voucher_miss(
  p_user_id bigint,
  p_misses_max integer,
  p_window_seconds integer,
  p_first_pause_seconds integer
) returns timestamptz
language plpgsql as $$
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
end $$;

-- What is said of a voucher.
create function describe_voucher(p_voucher vouchers) returns jsonb
language sql stable as $$
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
$$;

-- Remembers a voucher for a customer's next purchase; kind: chosen, unknown, refused (with the reason of
-- refuse_voucher), paused (nothing was looked up).
create function choose_voucher(
  p_user_id bigint,
  p_code text,
  p_misses_max integer,
  p_window_seconds integer,
  p_first_pause_seconds integer
) returns jsonb
language plpgsql as $$
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
end $$;

-- When a day begins where the shop is.
create function day_begins(p_day date) returns timestamptz
language sql stable as $$
  select p_day::timestamp at time zone coalesce(
    (select value #>> '{}' from settings where key = 'zone'), 'Asia/Jakarta'
  )
$$;

-- As before (see 0019), and a voucher whose order ended unpaid is chosen for the next one again: its customer
-- did not let it go.
create or replace function settle_voucher_use() returns trigger
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
    ), chosen as (
      insert into voucher_choices (user_id, voucher_id, chosen_at)
      select new.user_id, voucher_id, new.ended_at from released
      on conflict (user_id) do nothing
    )
    update vouchers set uses = uses - 1 from released where id = released.voucher_id;
  end if;
  return null;
end $$;

-- A voucher with other rules; what is not named stays, and null takes a limit away. Days are the shop's, and
-- the last one is the voucher's to its end.
create function voucher_with(p_voucher vouchers, p_rules jsonb) returns vouchers
language plpgsql stable as $$
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
end $$;

-- Why a voucher can't be as it is wanted; null when it can.
create function refuse_voucher_rules(p_voucher vouchers) returns jsonb
language plpgsql stable as $$
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
end $$;

-- Makes a voucher; kind: created, exists (with the one there is), or why it can't be.
create function create_voucher(
  p_code text,
  p_percent integer,
  p_amount bigint,
  p_rules jsonb,
  p_created_by text
) returns jsonb
language plpgsql as $$
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
end $$;

-- Changes the rules of a voucher for the orders to come; kind: changed, closed_before, not_found, or why not.
create function change_voucher(p_code text, p_rules jsonb) returns jsonb
language plpgsql as $$
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
end $$;

-- Ends a voucher; the orders that hold a use keep it. kind: closed, closed_before, not_found.
create function close_voucher(p_code text) returns jsonb
language plpgsql as $$
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
end $$;
