-- Refunds: a person gives money of an order back, to the balance at once or through the provider, which is
-- asked until it answers. Locks are taken as for the sale: user, order, payment; then the refund.

-- When the provider is to be asked next. Whoever requested it asks at once, so that a later round finds only
-- what was left behind.
alter table refunds add column ask_at timestamptz not null default now() + interval '20 seconds';

drop index refunds_to_ask;
create index refunds_to_ask on refunds (ask_at) where state = 'requested';

-- The goods of an order whose money went back are not sent later, whoever puts their message back.
create function withdraw_refunded_goods() returns trigger
language plpgsql as $$
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
end $$;

create trigger outbox_withdraws_refunded_goods
  before update of state on outbox
  for each row when (new.kind = 'goods' and new.state = 'waiting' and old.state <> 'waiting')
  execute function withdraw_refunded_goods();

-- Ends what is still to be done for an order whose money went back in full: goods that were not sent stay
-- unsent, physical ones that were not shipped are for sale again. While a provider is still asked for a part
-- of it, the money is not back, and the order stays as it is.
create or replace function end_refunded_order(p_order_id bigint) returns void
language plpgsql as $$
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
end $$;

-- The same where nothing is left to give back. Returns the goods that came free.
create function end_order_given_back(p_order_id bigint) returns jsonb
language plpgsql as $$
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
end $$;

-- A refund as it is spoken of.
create function describe_refund(p_refund_id bigint) returns jsonb
language sql stable as $$
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
$$;

-- The payment that brought an order its goods, locked; empty when it was paid from the balance.
create function lock_payment_of(p_order_id bigint) returns payments
language sql as $$
  select *
    from payments
   where order_id = p_order_id
     and resolution in ('goods', 'late_goods')
   for update
$$;

-- What the transaction that a payment was first paid by still holds at the provider.
create function left_at_provider(p_payment_id bigint) returns bigint
language sql stable as $$
  select receipts.amount
       - coalesce((select sum(amount) from reversals where receipt_id = receipts.id), 0)
       - coalesce((select sum(amount) from refunds where payment_id = payments.id and state <> 'failed'), 0)
    from payments
    join receipts
      on receipts.payment_id = payments.id
     and receipts.transaction_id = coalesce(payments.provider_transaction_id, payments.reference)
   where payments.id = p_payment_id
$$;

-- Promises the customer of an order a word on a refund of it.
create function promise_refund_word(p_owner integer, p_refund_id bigint, p_kind text) returns void
language sql as $$
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
$$;

-- Gives p_amount of an order back (null: all that is left), to the balance ('saldo') in this very
-- transaction, or through its provider ('provider'), which is asked for it afterwards. p_request names the
-- request: made again, it answers with what it made before. Another one for the same amount of the same order
-- is taken for a repetition, too, unless p_again says that it is meant. Outcomes: 'refunded' (with the goods
-- that came free), 'refunded_before', 'unknown_order', 'not_paid', 'nothing_left', 'more_than_left'; through
-- the provider also 'paid_from_balance', 'provider_cannot', 'provider_away' (not among p_providers) and
-- 'provider_holds_less'.
create function refund_order(
  p_owner integer,
  p_providers text[],
  p_order_code text,
  p_amount bigint,
  p_destination text,
  p_request text,
  p_again boolean,
  p_reason text,
  p_actor text
) returns jsonb
language plpgsql as $$
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
end $$;

-- A refund was given back by its provider (p_failure null), or was not. Null when it had ended before; else
-- the goods that came free.
create function end_refund(p_owner integer, p_refund_id bigint, p_failure text) returns jsonb
language plpgsql as $$
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
end $$;

-- The same, as the provider said it: what it refused, a person has to look at.
create function conclude_refund(p_owner integer, p_refund_id bigint, p_failure text) returns jsonb
language plpgsql as $$
declare
  v_goods jsonb;
begin
  v_goods := end_refund(p_owner, p_refund_id, p_failure);
  if v_goods is not null and p_failure is not null then
    perform raise_refund_review(p_refund_id, 'refund_failed', p_failure);
  end if;
  return v_goods;
end $$;

-- Has a person look at a refund that the provider refused, or does not say anything certain of; once each.
create function raise_refund_review(p_refund_id bigint, p_what text, p_failure text) returns bigint
language sql as $$
  select raise_review(
    p_what || ':' || refunds.id, 'refund_failed', payments.provider, payments.id, orders.id, orders.user_id,
    refunds.amount,
    jsonb_build_object('refundKey', refunds.key, 'refund', refunds.state, 'reason', p_failure)
  )
  from refunds
  join orders on orders.id = refunds.order_id
  join payments on payments.id = refunds.payment_id
  where refunds.id = p_refund_id
$$;

-- The same for those that are not confirmed after p_patience, also where their provider is not there to be
-- asked any more. Returns how many were raised.
create function raise_overdue_refunds(p_patience interval) returns bigint
language sql as $$
  select count(raise_refund_review(refunds.id, 'refund_unknown', null))
    from refunds
   where refunds.state = 'requested'
     and refunds.created_at < now() - p_patience
     and not exists (select from reviews where reviews.key = 'refund_unknown:' || refunds.id)
$$;

-- Tells a customer that their warranty claim was looked at and is not granted; nothing where money of the
-- order was given back since, which they were told.
create function promise_warranty_refusal(p_owner integer, p_review_id bigint) returns void
language sql as $$
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
$$;
