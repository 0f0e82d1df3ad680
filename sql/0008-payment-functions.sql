-- Charges, settlements, and the ends of orders that were not paid.

-- Opens a top-up by QRIS for the customer of an inbound message. One of the same amount that is still open is
-- answered with instead; one of another amount or provider, or about to end, is cancelled. Errors: LP001, the
-- message is no longer the caller's.
create function open_deposit(
  p_inbox_id bigint,
  p_owner integer,
  p_amount bigint,
  p_reference text,
  p_provider text,
  p_pay_token text,
  p_hold_seconds integer
) returns jsonb
language plpgsql as $$
declare
  v_inbox inbox%rowtype;
  v_payment payments%rowtype;
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
       and (amount <> p_amount or provider <> p_provider or expires_at < now() + interval '2 minutes');
    select * into v_payment
      from payments
     where user_id = v_inbox.user_id
       and purpose = 'deposit'
       and state in ('requested', 'pending');
  end if;
  if v_payment.id is null then
    insert into payments (reference, provider, purpose, user_id, amount, pay_token, channel,
                          placed_by_message, expires_at)
    values (p_reference, p_provider, 'deposit', v_inbox.user_id, p_amount, p_pay_token, v_inbox.channel,
            p_inbox_id, now() + make_interval(secs => p_hold_seconds))
    returning * into v_payment;
  end if;
  return to_jsonb(v_payment);
end $$;

-- The provider made the charge: stores its code, promises it to the customer and finishes the message.
-- 'gone' (with nothing changed) when the payment ended meanwhile. Errors: LP001.
create function record_charge(
  p_payment_id bigint,
  p_inbox_id bigint,
  p_owner integer,
  p_serves text[],
  p_qr_string text,
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
         provider_transaction_id = p_transaction_id,
         expires_at = least(expires_at, p_expires_at)
   where id = p_payment_id
     and state in ('requested', 'pending')
  returning * into v_payment;
  if not found then
    return jsonb_build_object('kind', 'gone');
  end if;
  perform finish_message(p_inbox_id, p_owner);
  select * into v_inbox from inbox where id = p_inbox_id;
  v_promise := promise_message(
    p_owner, p_serves, v_payment.channel, v_payment.user_id, 'payment_request', null,
    p_words || jsonb_build_object(
      'purpose', v_payment.purpose, 'amount', v_payment.amount, 'expiresAt', v_payment.expires_at,
      'payToken', v_payment.pay_token, 'qrString', p_qr_string, 'provider', v_payment.provider
    ),
    v_payment.order_id, v_inbox.message_id
  );
  return jsonb_build_object(
    'kind', 'recorded',
    'promise', v_promise,
    'next', to_jsonb(claim_next_of_user(p_owner, v_payment.user_id))
  );
end $$;

-- Ends an unpaid order: frees its goods, ends its charge. False when it was not unpaid.
create function end_unpaid_order(p_order_id bigint, p_status text, p_payment_state text) returns boolean
language plpgsql as $$
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
end $$;

-- What an order took from each product, for the counters outside.
create function goods_of(p_order_id bigint) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('code', products.code, 'quantity', order_lines.quantity)), '[]')
    from order_lines
    join products on products.id = order_lines.product_id
   where order_lines.order_id = p_order_id
$$;

-- No charge could be made: undoes the order, or ends the top-up. Null when it had ended already.
create function fail_charge(p_payment_id bigint) returns jsonb
language plpgsql as $$
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
end $$;

-- Cancels the customer's unpaid order: the named one, or, without a name, the only one there can be; an open
-- top-up instead when that was asked for later.
create function cancel_order(p_user_id bigint, p_order_code text) returns jsonb
language plpgsql as $$
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
end $$;

-- Ends unpaid orders and top-ups whose time is over, and tells the orders' customers. A row for each: the
-- goods that came free.
create function expire_payments(p_owner integer, p_serves text[], p_limit integer) returns setof jsonb
language plpgsql as $$
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
end $$;

-- The provider says that a charge is paid. Its effect happens once, however often it is said: the goods of an
-- order still waiting; goods, when there still are some, for one that ended; the amount as balance for
-- everything else. An amount other than the one asked for is not believed: it goes to review, and its
-- customer is told so once.
create function settle_payment(
  p_owner integer,
  p_serves text[],
  p_reference text,
  p_amount bigint,
  p_transaction_id text
) returns jsonb
language plpgsql as $$
declare
  v_payment payments%rowtype;
  v_order orders%rowtype;
  v_line order_lines%rowtype;
  v_unit_ids bigint[];
  v_resolution text;
  v_words jsonb;
  v_balance bigint;
  v_promise_kind text;
begin
  select * into v_payment from payments where reference = p_reference;
  if not found then
    return jsonb_build_object('kind', 'unknown_payment');
  end if;
  perform from users where id = v_payment.user_id for no key update;
  select * into v_order from orders where id = v_payment.order_id for update;
  select * into v_payment from payments where id = v_payment.id for update;
  if v_payment.state = 'paid' then
    return jsonb_build_object('kind', 'already_settled');
  end if;
  if v_payment.amount <> p_amount then
    update payments set state = 'review', provider_transaction_id = p_transaction_id where id = v_payment.id;
    if v_payment.state <> 'review' then
      -- Served by nobody at once: the caller is not told of this promise.
      perform promise_message(
        p_owner, '{}', v_payment.channel, v_payment.user_id, 'payment_review', null,
        jsonb_build_object(
          'orderCode', v_order.code, 'amount', v_payment.amount, 'received', p_amount,
          'provider', v_payment.provider
        ),
        v_payment.order_id, null
      );
    end if;
    return jsonb_build_object('kind', 'amount_mismatch', 'paymentId', v_payment.id);
  end if;

  if v_payment.purpose = 'deposit' then
    v_resolution := 'balance';
  elsif v_order.status = 'awaiting_payment' then
    select array_agg(id) into v_unit_ids from stock_units where order_id = v_order.id and state = 'held';
    v_resolution := 'goods';
  elsif v_order.status in ('expired', 'cancelled') then
    select * into v_line from order_lines where order_id = v_order.id;
    v_unit_ids := reserve_goods(v_line.product_id, v_order.kind, v_line.quantity);
    v_resolution := case when v_unit_ids is null then 'late_balance' else 'late_goods' end;
  else
    v_resolution := 'already_paid_balance';
  end if;

  update payments
     set state = 'paid',
         paid_at = now(),
         provider_transaction_id = p_transaction_id,
         resolution = v_resolution
   where id = v_payment.id;

  if v_resolution in ('goods', 'late_goods') then
    update orders set status = 'paid', paid_at = now(), ended_at = null where id = v_order.id;
    update stock_units set state = 'sold', order_id = v_order.id where id = any (v_unit_ids);
    insert into events (step, user_id, order_id) values ('paid', v_payment.user_id, v_order.id);
    perform book('payment:' || v_payment.id, 'sale', '', v_order.id,
                 'clearing:' || v_payment.provider, null, 'revenue', null, p_amount);
    v_promise_kind := case v_order.kind when 'digital' then 'goods' else 'order_paid' end;
    v_words := describe_order(v_order.id) || jsonb_build_object('late', v_resolution = 'late_goods');
  else
    perform book('payment:' || v_payment.id,
                 case v_resolution when 'balance' then 'deposit' else 'late_payment' end, '', v_payment.order_id,
                 'clearing:' || v_payment.provider, null, 'customer', v_payment.user_id, p_amount);
    select balance into v_balance from users where id = v_payment.user_id;
    v_promise_kind := case v_resolution when 'balance' then 'deposit_paid' else 'late_balance' end;
    v_words := jsonb_build_object('amount', p_amount, 'balance', v_balance, 'orderCode', v_order.code);
  end if;

  return jsonb_build_object(
    'kind', 'settled',
    'resolution', v_resolution,
    'userId', v_payment.user_id,
    'provider', v_payment.provider,
    'goods', case v_resolution when 'late_goods' then goods_of(v_order.id) else '[]'::jsonb end,
    'promise', promise_message(
      p_owner, p_serves, v_payment.channel, v_payment.user_id, v_promise_kind, null,
      v_words || jsonb_build_object('provider', v_payment.provider), v_payment.order_id, null
    )
  );
end $$;
