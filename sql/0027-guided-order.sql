-- The guided order: what a purchase would cost now, where an order's goods go, and conversations that end
-- because nobody answers.

-- The two that make an address, without how the goods went; null where one is missing.
create function recipient_of(p_delivery jsonb) returns jsonb
language sql immutable as $$
  select jsonb_build_object('recipient', p_delivery ->> 'recipient', 'address', p_delivery ->> 'address')
   where has_address(p_delivery)
$$;

-- What one customer has to be shown before they agree to a purchase: the same price, discount and balance
-- that place_order will reckon with (see 0019). `product` is null when it is not on sale.
create function look_up_purchase(
  p_user_id bigint,
  p_product_code text,
  p_quantity integer,
  p_order_code text
) returns jsonb
language sql stable as $$
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
$$;

-- Until it is on its way, a customer may say where it goes.
create function takes_address(p_order orders) returns boolean
language sql immutable as $$
  select p_order.kind = 'physical' and p_order.status in ('awaiting_payment', 'paid', 'packing')
$$;

-- Another address than the one that is being packed for, or that the operators were told of, is on the
-- record, and they hear of it. One alert for an order, until it is told: it is said with the address of that
-- moment.
create function tell_new_address(p_before orders, p_delivery jsonb) returns void
language plpgsql as $$
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
end $$;

-- Writes where an order's goods go, and remembers it for the customer's next one. Only its own customer's
-- order, and only before it is shipped; shipping holds the same row.
create function keep_delivery(p_user_id bigint, p_order_code text, p_delivery jsonb) returns jsonb
language plpgsql as $$
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
end $$;

alter domain outbox_kind drop constraint outbox_kind_check;
alter domain outbox_kind add constraint outbox_kind_check check (value in (
  'text', 'goods', 'payment_request', 'order_paid', 'deposit_paid', 'order_expired', 'late_balance', 'busy',
  'payment_review', 'broadcast', 'payment_reversed', 'order_refunded', 'refund_requested', 'refund_failed',
  'review_raised', 'review_credited', 'warranty_replaced', 'warranty_refused',
  'order_packing', 'order_shipped', 'order_completed', 'address_wanted', 'order_to_pack',
  'person_wanted', 'balance_adjusted', 'bot_answers', 'broadcast_report', 'operator_alerts', 'daily_summary',
  'back_in_stock', 'conversation_ended'
));

-- What is said when a conversation ends by itself; null: nothing. An operator's question ends in silence, and
-- so does one about an address that was given meanwhile, or is not asked for any more. Nothing is said
-- where a person answers, to who is blocked, and after something else was said since.
create function farewell_of(p_conversation conversations) returns jsonb
language sql stable as $$
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
$$;

-- Ends conversations whose customers were silent for too long, and says so once. Not while a message of
-- theirs waits: that one is answered first. Returns how many ended; several processes may do it at once.
create function end_idle_conversations(p_owner integer, p_limit integer) returns integer
language plpgsql as $$
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
end $$;

-- As before (see 0010), and nothing that a customer may do, or said they want, is lost: the higher role, the
-- language that was chosen, the preferences of both, of which the number's are the later word; only what is
-- wanted no more is kept there, so whoever said stop under either address has said it. Other tables that know
-- a customer move their rows by triggers on this (see 0019).
create or replace function unite_customers(p_from bigint, p_into bigint) returns boolean
language plpgsql set lock_timeout = '100ms' as $$
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
end $$;
