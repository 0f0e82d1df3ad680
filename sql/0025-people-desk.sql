-- What the shop's operators do about people: take a chat over and give it back, block, give a role; and word
-- of a balance that was adjusted.

alter domain outbox_kind drop constraint outbox_kind_check;
alter domain outbox_kind add constraint outbox_kind_check check (value in (
  'text', 'goods', 'payment_request', 'order_paid', 'deposit_paid', 'order_expired', 'late_balance', 'busy',
  'payment_review', 'broadcast', 'payment_reversed', 'order_refunded', 'refund_requested', 'refund_failed',
  'review_raised', 'review_credited', 'warranty_replaced', 'warranty_refused',
  'order_packing', 'order_shipped', 'order_completed', 'address_wanted', 'order_to_pack',
  'person_wanted', 'balance_adjusted', 'bot_answers', 'back_in_stock'
));

-- Since when a customer waits for a person, until one took the chat; means something while the chat is quiet.
alter table users add column waits_for_person_since timestamptz;

-- Whoever turns out to be another customer waits as that one.
create function hand_waiting_over() returns trigger
language plpgsql as $$
begin
  update users
     set waits_for_person_since = least(waits_for_person_since, new.waits_for_person_since)
   where id = new.united_into;
  return null;
end $$;

create trigger users_hand_waiting_over
  after update of united_into on users
  for each row when (new.united_into is not null and new.waits_for_person_since is not null)
  execute function hand_waiting_over();

-- A person answers in this chat for so long; a longer pause that was made before stays, unless it is to be
-- set anew. Returns its end.
create function pause_chat_of(
  p_user_id bigint,
  p_hours double precision,
  p_anew boolean
) returns timestamptz
language sql as $$
  update users
     set quiet_until = greatest(
           case when not p_anew then quiet_until end, now() + p_hours * interval '1 hour'
         ),
         waits_for_person_since = null
   where id = p_user_id
  returning quiet_until
$$;

create or replace function pause_chat(p_number text, p_lid text, p_hours double precision) returns void
language plpgsql as $$
declare
  v_found record;
begin
  v_found := customer_at(p_number, p_lid, '');
  perform pause_chat_of((v_found.customer).id, p_hours, false);
end $$;

-- The shop answers in this chat again. False when it did all the time.
create function resume_chat_of(p_user_id bigint) returns boolean
language plpgsql as $$
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
end $$;

-- The same at the shop's own phone. Does nothing for somebody unknown.
create or replace function resume_chat(p_number text, p_lid text) returns void
language sql as $$
  select resume_chat_of(id)
    from users
   where quiet_until is not null
     and (
       number = p_number
       or id = (select user_id from lids where lid = p_lid)
     )
$$;

-- A customer asks for a person: the shop is silent in this chat for so long, and those who may answer are
-- told where they wrote last; not twice of the same customer while the first word still waits. Where none of
-- them can be told, it becomes an alert (see 0026), told once one can. Returns when the silence ends; null,
-- and nothing happens, in a shop that has nobody to answer.
create function hand_over_chat(p_user_id bigint, p_hours double precision) returns timestamptz
language plpgsql as $$
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
end $$;

-- The customer takes back their wish for a person. False, and the shop stays as silent as it was, where a
-- person came meanwhile, or made the pause in the first place.
create function take_chat_back(p_user_id bigint) returns boolean
language plpgsql as $$
begin
  update users
     set quiet_until = null,
         waits_for_person_since = null
   where id = p_user_id
     and waits_for_person_since is not null
     and quiet_until > now();
  return found;
end $$;

-- Promises a customer word that the shop answers again, where they wrote last.
create function tell_of_resumption(p_user_id bigint) returns void
language sql as $$
  insert into outbox (channel, user_id, kind, data, state)
  select last_channel_of(id), id, 'bot_answers', '{}', 'waiting'
    from users
   where id = p_user_id
     and blocked_at is null
     and last_channel_of(id) is not null
$$;

-- Promises a customer word of their adjusted balance, where they wrote last; nothing to one who never wrote.
create function tell_of_adjustment(p_user_id bigint, p_amount bigint) returns void
language sql as $$
  insert into outbox (channel, user_id, kind, data, state)
  select last_channel_of(id), id, 'balance_adjusted',
         jsonb_build_object('amount', p_amount, 'balance', balance), 'waiting'
    from users
   where id = p_user_id
     and last_channel_of(id) is not null
$$;

-- Blocks a customer; an unpaid order of theirs ends and frees what it held. An owner is never blocked, an
-- admin by an owner alone. Outcomes: 'blocked' (with the goods that came free), 'blocked_before', 'protected'.
create function block_customer(p_user_id bigint, p_by_owner boolean) returns jsonb
language plpgsql as $$
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
end $$;

-- Gives a customer another role. Owners are named by the configuration, so theirs stays. Outcomes: 'changed'
-- (with the role before), 'same', 'owner'.
create function change_role(p_user_id bigint, p_role text) returns jsonb
language plpgsql as $$
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
end $$;
