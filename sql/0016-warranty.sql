-- Goods that turn out defective within their product's warranty are made good, by a fresh unit or by money.

alter table products
  -- 0 is none. What the product says when a unit is claimed counts, for what was sold before too.
  add column warranty_days integer not null default 0
    constraint products_warranty_days_check check (warranty_days between 0 and 3650),
  add column warranty_policy text not null default 'replace'
    constraint products_warranty_policy_check check (warranty_policy in ('replace', 'refund')),
  -- Physical goods have to be looked at by somebody.
  add constraint products_warranty_of_digital_check check (kind = 'digital' or warranty_days = 0);

-- Each unit that was made good, once: by another unit of the same order, or by money back to the balance.
-- Whose claim it is, and which batch was defective, the order and the unit say.
create table warranty_claims (
  id bigint generated always as identity primary key,
  order_id bigint not null references orders,
  unit_id bigint not null unique references stock_units,
  replacement_id bigint unique references stock_units,
  refunded bigint check (refunded > 0),
  -- The inbound message that asked for it: the same message never claims twice.
  inbox_id bigint not null unique,
  created_at timestamptz not null default now(),
  check (num_nonnulls(replacement_id, refunded) = 1)
);

create index warranty_claims_by_order on warranty_claims (order_id);
create index warranty_claims_by_time on warranty_claims (created_at);

create trigger warranty_claims_are_append_only
  before update or delete or truncate on warranty_claims
  for each statement execute function refuse_change();

-- A unit that replaced another has no warranty of its own: the chain ends with it.
create function require_warranted_unit() returns trigger
language plpgsql as $$
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
end $$;

create trigger warranty_claims_of_sold_units
  before insert on warranty_claims
  for each row execute function require_warranted_unit();

-- What an order can still give back: what it cost, less what went back already or is about to.
create or replace function left_to_refund(p_order_id bigint) returns bigint
language sql stable as $$
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
$$;

create constraint trigger warranty_refunds_within_total
  after insert on warranty_claims
  for each row when (new.refunded is not null)
  execute function require_refundable();

-- The sealed units of an order that are in force, in the order they were added; a replacement stands where
-- the unit stood that it replaced, so that the places stay as they were.
create or replace function units_of(p_order_id bigint) returns jsonb
language sql stable as $$
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
$$;

-- The sealed units that a message hands over.
create function units_of_message(p_kind text, p_order_id bigint, p_data jsonb) returns jsonb
language sql stable as $$
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
$$;

-- The units that an order was delivered with, numbered as in its message; and what became of each.
create function delivered_units(p_order_id bigint)
returns table (place integer, unit_id bigint, claim_id bigint, replacement_id bigint)
language sql stable as $$
  select (row_number() over (order by stock_units.id))::integer, stock_units.id,
         claimed.id, claimed.replacement_id
    from stock_units
    left join warranty_claims as claimed on claimed.unit_id = stock_units.id
   where stock_units.order_id = p_order_id
     and stock_units.state = 'sold'
     and not exists (select from warranty_claims as other where other.replacement_id = stock_units.id)
$$;

-- How many claims a customer may make in 30 days before a person looks at them.
create function warranty_claims_max() returns integer
language sql stable as $$
  select coalesce((select value::integer from settings where key = 'warranty_claims_max'), 3)
$$;

-- Why an order has no warranty, or no more of it; null when it has.
create function refuse_warranty(p_order orders, p_product products) returns jsonb
language plpgsql stable as $$
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
end $$;

-- Why a customer's claim is not made good here; null when it is. Each replacement and each unit's price that
-- went back makes one unit good: an order is not made good more often than it has units. One claim of a
-- customer is looked at by a person at a time, and what a person decided is not decided again. A customer is
-- the one whose the orders are, also after two turned out to be one.
create function refuse_claim(
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
  elsif v_left <= v_replaced * p_line.unit_price then
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

-- Makes one unit good: by a fresh one, taken as a sale takes it, or by its price, where the policy says so or
-- no unit is to be had. Returns what the customer is told.
create function make_good(
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
    v_amount := least(p_line.unit_price, left_to_refund(p_order.id));
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

-- Claims the warranty of one unit of the customer's own order: the p_place-th of its message, which may be
-- left out where there is only one. A claim that is made good finishes the message and promises its reply in
-- the same transaction; every other outcome leaves the message open. Errors: LP001.
create function claim_warranty(
  p_inbox_id bigint,
  p_owner integer,
  p_serves text[],
  p_order_code text,
  p_place integer
) returns jsonb
language plpgsql as $$
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
end $$;
