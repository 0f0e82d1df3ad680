-- Physical goods on their way: packed, shipped, received. Each step is one transaction that moves the order,
-- keeps who did it and tells the customer; made again, it says when it was made and tells nobody. Locks are
-- taken as for the sale: user, order.

alter domain outbox_kind drop constraint outbox_kind_check;
alter domain outbox_kind add constraint outbox_kind_check check (value in (
  'text', 'goods', 'payment_request', 'order_paid', 'deposit_paid', 'order_expired', 'late_balance', 'busy',
  'payment_review', 'broadcast', 'payment_reversed', 'order_refunded', 'refund_requested', 'refund_failed',
  'review_raised', 'review_credited', 'warranty_replaced', 'warranty_refused',
  'order_packing', 'order_shipped', 'order_completed', 'address_wanted', 'order_to_pack', 'back_in_stock'
));

alter table orders
  add column packed_at timestamptz,
  add column shipped_at timestamptz,
  add column completed_at timestamptz,
  -- When the operators were told that it is to be packed.
  add column to_pack_told_at timestamptz;

-- Those of before are in the list of what is to be packed; a word about each would come as a flood.
update orders set to_pack_told_at = now() where kind = 'physical' and status = 'paid';

create index orders_to_pack on orders (paid_at, id) where kind = 'physical' and status in ('paid', 'packing');
create index orders_to_complete on orders (shipped_at) where status = 'shipped';
-- The sales of a day.
create index orders_by_payment on orders (paid_at) where paid_at is not null;

create function has_address(p_delivery jsonb) returns boolean
language sql immutable as $$
  select coalesce(p_delivery ->> 'recipient', '') <> '' and coalesce(p_delivery ->> 'address', '') <> ''
$$;

-- Nothing is on its way to nowhere, whoever says so.
alter table orders
  add constraint orders_shipped_somewhere check (
    status not in ('shipped', 'completed')
    or (
      shipped_at is not null
      and coalesce(delivery ->> 'recipient', '') <> ''
      and coalesce(delivery ->> 'address', '') <> ''
      and coalesce(length(delivery ->> 'courier'), 0) between 1 and 40
      and coalesce(length(delivery ->> 'tracking'), 0) between 1 and 60
    )
  );

-- An order, locked, and its customer kept from being united with another until this ends; empty when there is
-- none of that code.
create function lock_order(p_order_code text) returns orders
language plpgsql as $$
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
end $$;

-- Promises the customer of an order a word on where its goods are. It is told the address, because only the
-- customer sees at a glance that it is wrong.
create function promise_order_word(p_order_id bigint, p_kind text, p_words jsonb) returns void
language sql as $$
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
$$;

-- Why the next step of physical goods cannot be made; null when it can. Goods whose money is on its way back
-- stay where they are.
create function refuse_step(p_order orders, p_from text) returns jsonb
language sql stable as $$
  select case
    when p_order.id is null then jsonb_build_object('kind', 'unknown_order')
    when p_order.kind <> 'physical' then jsonb_build_object('kind', 'not_physical', 'status', p_order.status)
    when p_order.status <> p_from then jsonb_build_object('kind', 'wrong_status', 'status', p_order.status)
    when p_from in ('paid', 'packing') and left_to_refund(p_order.id) = 0 then
      jsonb_build_object('kind', 'money_goes_back')
  end
$$;

-- A paid order is being packed. Outcomes: 'moved', 'moved_before', and why not (refuse_step).
create function pack_order(p_order_code text, p_actor text) returns jsonb
language plpgsql as $$
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
end $$;

-- Asks the customer of an order for the address, at most once a day. True when they were asked just now.
create function want_address(p_order_id bigint, p_actor text) returns boolean
language plpgsql as $$
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
end $$;

-- A packed order is on its way. While it is, another courier or number corrects what was wrong, and the
-- customer is told. Outcomes: 'moved', 'corrected', 'moved_before', 'no_address' (the customer is asked for
-- it), and why not (refuse_step).
create function ship_order(p_order_code text, p_courier text, p_tracking text, p_actor text) returns jsonb
language plpgsql as $$
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
end $$;

-- Ends a shipped order. p_is_told: its customer has to hear of it.
create function end_shipped_order(p_order_id bigint, p_actor text, p_is_told boolean) returns void
language plpgsql as $$
begin
  update orders set status = 'completed', completed_at = now(), ended_at = now() where id = p_order_id;
  insert into audit_log (actor, action, subject) values (p_actor, 'complete_order', 'order:' || p_order_id);
  if p_is_told then
    perform promise_order_word(p_order_id, 'order_completed', '{}');
  end if;
end $$;

-- An operator knows that it arrived. Outcomes: 'moved', 'moved_before', and why not (refuse_step).
create function complete_order(p_order_code text, p_actor text) returns jsonb
language plpgsql as $$
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
end $$;

-- Their customer says that it arrived, and hears the answer to that. Without a code: the one that is on its
-- way. Outcomes: 'received', 'received_before', 'not_found', 'nothing_shipped', 'which', 'not_shipped'.
create function receive_order(p_user_id bigint, p_order_code text) returns jsonb
language plpgsql as $$
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
end $$;

-- What was shipped so long ago and nobody complained about has arrived. Returns how many orders ended;
-- several processes may do it at once.
create function complete_old_shipments(p_days integer, p_limit integer) returns integer
language plpgsql as $$
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
end $$;

-- Promises the operators one word on the paid orders that are to be packed and that they were not told of, on
-- the channel each last wrote on. Returns how many orders it is about; several processes may do it at once.
create function tell_orders_to_pack(p_limit integer) returns integer
language plpgsql as $$
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
end $$;

-- Sends the goods of an order to its customer once more, as an operator asks: the same units, never new ones.
-- Outcomes: 'resent', 'being_sent' (they wait to be sent as it is), 'unknown_order', 'nothing_to_resend'.
create function resend_goods_to_customer(p_order_code text, p_actor text) returns jsonb
language plpgsql as $$
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
end $$;
