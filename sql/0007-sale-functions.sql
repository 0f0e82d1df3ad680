-- The sale, each step of it one function and one transaction. Locks are always taken in this order: user,
-- order, payment, product; units are never waited for.

-- Takes goods for an order about to be made: locks free units and returns their ids, or counts a physical
-- product down and returns an empty array. Null, having changed nothing, when there are not enough.
create function reserve_goods(p_product_id bigint, p_kind text, p_quantity integer) returns bigint[]
language plpgsql as $$
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
end $$;

-- Gives back what an unpaid order held.
create function release_goods(p_order_id bigint, p_kind text) returns void
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
           order_id = null
     where order_id = p_order_id
       and state = 'held';
  end if;
end $$;

create function free_stock(p_product_id bigint) returns integer
language sql stable as $$
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
$$;

-- The sealed units of an order, in the order they were added.
create function units_of(p_order_id bigint) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(encode(payload, 'base64') order by id), '[]')
    from stock_units
   where order_id = p_order_id
     and state = 'sold'
$$;

-- What a message about an order says: everything but the units themselves.
create function describe_order(p_order_id bigint) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'orderCode', orders.code,
    'total', orders.total,
    'method', orders.method,
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

-- The order that keeps a customer from buying: the one this very message made before, or one still unpaid.
-- Null when there is none.
create function order_in_the_way(p_inbox_id bigint, p_user_id bigint, p_balance bigint)
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
    'expiresAt', v_order.expires_at, 'payToken', v_payment.pay_token);
end $$;

-- How an order is paid: 'saldo', 'qris', or 'none' when QRIS was asked for and is not offered.
create function choose_method(p_method text, p_balance bigint, p_total bigint, p_qris_provider text)
returns text
language sql immutable as $$
  select case
    when p_method = 'saldo' or (p_method = 'auto' and p_balance >= p_total) then 'saldo'
    when p_qris_provider is not null then 'qris'
    when p_method = 'qris' then 'none'
    else 'saldo'
  end
$$;

-- Writes an order of one product with the goods reserved for it: sold when it is paid by now, else held.
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
    insert into orders (code, user_id, kind, status, method, total, expires_at,
                        placed_by_message, channel, paid_at)
    values (p_order.code, p_order.user_id, p_order.kind, p_order.status, p_order.method, p_order.total,
            p_order.expires_at, p_order.placed_by_message, p_order.channel, p_order.paid_at)
    returning id
  )
  insert into order_lines (order_id, product_id, name, quantity, unit_price, amount)
  select id, p_product_id, p_name, p_quantity, p_price, p_order.total from made
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

-- What a message says of an order of one product that was made just now.
create function describe_new_order(p_order orders, p_name text, p_quantity integer) returns jsonb
language sql immutable as $$
  select jsonb_build_object(
    'orderCode', p_order.code, 'total', p_order.total, 'method', p_order.method, 'kind', p_order.kind,
    'lines', jsonb_build_array(
      jsonb_build_object('name', p_name, 'quantity', p_quantity, 'amount', p_order.total)
    )
  )
$$;

-- Books a sale from the balance, finishes its message and promises the goods.
create function conclude_sale(
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

-- Opens the payment of an order that holds its goods; its charge is still to be made.
create function await_payment(
  p_order orders,
  p_name text,
  p_quantity integer,
  p_balance bigint,
  p_qris_provider text,
  p_pay_token text
) returns jsonb
language plpgsql as $$
declare
  v_payment payments%rowtype;
begin
  insert into payments (reference, provider, purpose, user_id, order_id, amount, pay_token,
                        channel, expires_at)
  values (p_order.code || '-1', p_qris_provider, 'order', p_order.user_id, p_order.id, p_order.total,
          p_pay_token, p_order.channel, p_order.expires_at)
  returning * into v_payment;
  insert into events (step, user_id, order_id) values ('checkout', p_order.user_id, p_order.id);
  return jsonb_build_object(
    'kind', 'awaiting_payment', 'order', describe_new_order(p_order, p_name, p_quantity),
    'status', p_order.status, 'balance', p_balance, 'payment', to_jsonb(v_payment)
  );
end $$;

-- Buys p_quantity of one product for the customer of an inbound message. p_method 'auto' takes the balance
-- when it covers the price, else QRIS where that is offered. A paid purchase finishes the message and
-- promises the goods in the same transaction; one to be paid by QRIS leaves the message open until its charge
-- is known (record_charge or fail_charge). Asked again for the same message, it answers with the order that
-- message already made. Errors: LP001, the message is no longer the caller's.
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
  p_hold_seconds integer
) returns jsonb
language plpgsql as $$
declare
  v_asked record;
  v_refusal jsonb;
  v_method text;
  v_order orders%rowtype;
  v_unit_ids bigint[];
  v_written record;
begin
  -- The lock: one purchase of a customer at a time, whoever makes it.
  select inbox.channel, inbox.message_id, users.id as user_id, users.balance,
         products.id as product_id, products.name, products.price, products.kind, products.max_quantity
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

  v_order.total := v_asked.price * p_quantity;
  v_method := choose_method(p_method, v_asked.balance, v_order.total, p_qris_provider);
  if v_method = 'none' then
    return jsonb_build_object('kind', 'qris_not_offered');
  end if;
  v_order.method := v_method;
  if v_order.method = 'saldo' and v_asked.balance < v_order.total then
    return jsonb_build_object(
      'kind', 'insufficient_balance', 'balance', v_asked.balance, 'total', v_order.total
    );
  end if;
  v_unit_ids := reserve_goods(v_asked.product_id, v_asked.kind, p_quantity);
  if v_unit_ids is null then
    -- Units being sold to others at this instant still count as free, but are not to be had.
    return jsonb_build_object(
      'kind', 'sold_out', 'left', least(free_stock(v_asked.product_id), p_quantity - 1)
    );
  end if;

  v_order.code := p_order_code;
  v_order.user_id := v_asked.user_id;
  v_order.kind := v_asked.kind;
  v_order.placed_by_message := p_inbox_id;
  v_order.channel := v_asked.channel;
  if v_order.method = 'saldo' then
    v_order.status := 'paid';
    v_order.paid_at := now();
  else
    v_order.status := 'awaiting_payment';
    v_order.expires_at := now() + make_interval(secs => p_hold_seconds);
  end if;
  v_written := write_order(v_order, v_asked.product_id, v_asked.name, p_quantity, v_asked.price, v_unit_ids);
  v_order.id := v_written.order_id;
  if v_order.method = 'saldo' then
    return conclude_sale(p_owner, p_serves, v_order, v_asked.name, p_quantity, v_asked.balance,
                         v_asked.message_id, v_written.units);
  end if;
  return await_payment(v_order, v_asked.name, p_quantity, v_asked.balance, p_qris_provider, p_pay_token);
end $$;

-- Many customers' purchases in one commit, each whole or undone by itself. `refused` is the SQLSTATE of one
-- that could not be made: LP001; 23505 for an order code that is taken; 55P03 or 40P01 where somebody holds a
-- row of its for longer than p_lock_wait, which the others are not to wait for. In the order of their
-- products, so that two callers never wait for each other crosswise.
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
    exception when sqlstate 'LP001' or unique_violation or lock_not_available or deadlock_detected then
      placed := null;
      refused := sqlstate;
    end;
    return next;
  end loop;
end $$;

-- Promises the goods of a paid digital order of the customer once more (the same units), and finishes the
-- message. Null, with the message still open, when there is nothing of that code to send. Errors: LP001.
create function resend_goods(
  p_inbox_id bigint,
  p_owner integer,
  p_serves text[],
  p_order_code text
) returns jsonb
language plpgsql as $$
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
end $$;
