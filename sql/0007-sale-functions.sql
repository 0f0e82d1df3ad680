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
  v_inbox inbox%rowtype;
  v_product products%rowtype;
  v_user users%rowtype;
  v_order orders%rowtype;
  v_payment payments%rowtype;
  v_total bigint;
  v_method text;
  v_unit_ids bigint[];
  v_units jsonb;
  v_words jsonb;
  v_promise jsonb;
begin
  select * into v_inbox
    from inbox
   where id = p_inbox_id
     and claimed_by = p_owner;
  if not found then
    raise exception 'message % is no longer held by process %', p_inbox_id, p_owner
      using errcode = 'LP001';
  end if;

  -- One purchase of a customer at a time, whoever makes it.
  select * into v_user from users where id = v_inbox.user_id for no key update;

  if v_inbox.attempts > 1 then
    select * into v_order from orders where placed_by_message = p_inbox_id;
    if found then
      select * into v_payment from payments where order_id = v_order.id order by id desc limit 1;
      return jsonb_build_object('kind', 'awaiting_payment', 'order', describe_order(v_order.id),
        'status', v_order.status, 'balance', v_user.balance, 'payment', to_jsonb(v_payment));
    end if;
  end if;

  select * into v_order from orders where user_id = v_user.id and status = 'awaiting_payment';
  if found then
    select * into v_payment from payments where order_id = v_order.id order by id desc limit 1;
    return jsonb_build_object('kind', 'unpaid_order', 'order', describe_order(v_order.id),
      'expiresAt', v_order.expires_at, 'payToken', v_payment.pay_token);
  end if;

  select * into v_product from products where code = p_product_code and hidden_at is null;
  if not found then
    return jsonb_build_object('kind', 'unknown_product');
  end if;
  if p_quantity > v_product.max_quantity then
    return jsonb_build_object('kind', 'quantity_too_large', 'limit', v_product.max_quantity);
  end if;

  v_total := v_product.price * p_quantity;
  v_method := case
    when p_method = 'saldo' or (p_method = 'auto' and v_user.balance >= v_total) then 'saldo'
    when p_qris_provider is not null then 'qris'
    when p_method = 'qris' then 'none'
    else 'saldo'
  end;
  if v_method = 'none' then
    return jsonb_build_object('kind', 'qris_not_offered');
  end if;
  if v_method = 'saldo' and v_user.balance < v_total then
    return jsonb_build_object('kind', 'insufficient_balance', 'balance', v_user.balance, 'total', v_total);
  end if;

  v_unit_ids := reserve_goods(v_product.id, v_product.kind, p_quantity);
  if v_unit_ids is null then
    -- Units being sold to others at this instant still count as free, but are not to be had.
    return jsonb_build_object('kind', 'sold_out', 'left', least(free_stock(v_product.id), p_quantity - 1));
  end if;

  insert into orders (code, user_id, kind, status, method, total, expires_at,
                      placed_by_message, channel, paid_at)
  values (
    p_order_code, v_user.id, v_product.kind,
    case v_method when 'saldo' then 'paid' else 'awaiting_payment' end,
    v_method, v_total,
    case v_method when 'qris' then now() + make_interval(secs => p_hold_seconds) end,
    p_inbox_id, v_inbox.channel,
    case v_method when 'saldo' then now() end
  )
  returning * into v_order;
  insert into order_lines (order_id, product_id, name, quantity, unit_price, amount)
  values (v_order.id, v_product.id, v_product.name, p_quantity, v_product.price, v_total);

  with taken as (
    update stock_units
       set state = case v_method when 'saldo' then 'sold' else 'held' end,
           order_id = v_order.id
     where id = any (v_unit_ids)
    returning id, payload
  )
  select coalesce(jsonb_agg(encode(payload, 'base64') order by id), '[]') into v_units from taken;

  v_words := jsonb_build_object(
    'orderCode', p_order_code, 'total', v_total, 'method', v_method, 'kind', v_product.kind,
    'lines', jsonb_build_array(
      jsonb_build_object('name', v_product.name, 'quantity', p_quantity, 'amount', v_total)
    )
  );

  if v_method = 'qris' then
    insert into payments (reference, provider, purpose, user_id, order_id, amount, pay_token,
                          channel, expires_at)
    values (p_order_code || '-1', p_qris_provider, 'order', v_user.id, v_order.id, v_total, p_pay_token,
            v_inbox.channel, v_order.expires_at)
    returning * into v_payment;
    insert into events (step, user_id, order_id) values ('checkout', v_user.id, v_order.id);
    return jsonb_build_object('kind', 'awaiting_payment', 'order', v_words,
      'status', v_order.status, 'balance', v_user.balance, 'payment', to_jsonb(v_payment));
  end if;

  perform book('order:' || v_order.id || ':sale', 'sale', '', v_order.id,
               'customer', v_user.id, 'revenue', null, v_total);
  insert into events (step, user_id, order_id)
  values ('checkout', v_user.id, v_order.id), ('paid', v_user.id, v_order.id);
  perform finish_message(p_inbox_id, p_owner);
  v_words := v_words || jsonb_build_object('balanceAfter', v_user.balance - v_total);
  v_promise := promise_message(
    p_owner, p_serves, v_inbox.channel, v_user.id,
    case v_product.kind when 'digital' then 'goods' else 'order_paid' end, null,
    v_words, v_order.id, v_inbox.message_id
  );
  return jsonb_build_object(
    'kind', 'paid',
    'order', v_words,
    'units', v_units,
    'promise', v_promise,
    'next', to_jsonb(claim_next_of_user(p_owner, v_user.id))
  );
end $$;

-- Many customers' purchases in one commit, each whole or undone by itself. `refused` is the SQLSTATE of one that
-- could not be made (LP001, or 23505 for an order code that is taken). In the order of their products, so
-- that two callers never wait for each other crosswise.
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
  p_hold_seconds integer
) returns table (place integer, placed jsonb, refused text)
language plpgsql as $$
declare
  v_place integer;
begin
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
    exception when sqlstate 'LP001' or unique_violation then
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
