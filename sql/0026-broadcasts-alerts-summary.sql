-- What the shop says by itself: an operator's words to recent customers, alerts and the daily summary to
-- those who run it. Everything that depends on the time takes it as a parameter.

alter domain outbox_kind drop constraint outbox_kind_check;
alter domain outbox_kind add constraint outbox_kind_check check (value in (
  'text', 'goods', 'payment_request', 'order_paid', 'deposit_paid', 'order_expired', 'late_balance', 'busy',
  'payment_review', 'broadcast', 'payment_reversed', 'order_refunded', 'refund_requested', 'refund_failed',
  'review_raised', 'review_credited', 'warranty_replaced', 'warranty_refused',
  'order_packing', 'order_shipped', 'order_completed', 'address_wanted', 'order_to_pack',
  'person_wanted', 'balance_adjusted', 'bot_answers', 'broadcast_report', 'operator_alerts', 'daily_summary',
  'back_in_stock'
));

create table broadcasts (
  id bigint generated always as identity primary key,
  -- As the operator wrote it; how to get no more of them is added when it is sent.
  text text not null check (length(text) between 1 and 3000),
  state text not null default 'running' check (state in ('running', 'paused', 'stopped', 'finished')),
  paused_for text check (paused_for in ('operator', 'warning', 'failures')),
  started_by bigint not null references users,
  -- The message that asked for it: handled again, it starts nothing again.
  request text not null unique,
  started_at timestamptz not null,
  -- When it was started, or went on.
  running_since timestamptz not null,
  next_at timestamptz not null,
  ended_at timestamptz,
  quarters_told integer not null default 0,
  check ((state = 'paused') = (paused_for is not null)),
  check ((state in ('stopped', 'finished')) = (ended_at is not null))
);

create unique index broadcasts_one_at_a_time on broadcasts ((true)) where state in ('running', 'paused');

create table broadcast_recipients (
  id bigint generated always as identity primary key,
  broadcast_id bigint not null references broadcasts,
  user_id bigint not null references users,
  channel text not null,
  state text not null default 'waiting'
    check (state in ('waiting', 'promised', 'sent', 'failed', 'left_out', 'withdrawn')),
  -- Kept from before the first attempt: taken back and promised anew, it is the same message to its phone.
  message_id text not null unique
    default to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint) || '-' || gen_random_uuid(),
  -- Points without being held: messages are forgotten.
  outbox_id bigint,
  promised_at timestamptz,
  ended_at timestamptz,
  unique (broadcast_id, user_id),
  check ((state in ('promised', 'sent', 'failed')) = (promised_at is not null))
);

create index broadcast_recipients_unsent on broadcast_recipients (broadcast_id, id) where state = 'waiting';
create index broadcast_recipients_promised on broadcast_recipients (outbox_id) where state = 'promised';
create index broadcast_recipients_ended on broadcast_recipients (broadcast_id, ended_at desc)
  where state in ('sent', 'failed');
create index broadcast_recipients_by_user on broadcast_recipients (user_id, promised_at desc);

-- Why somebody is not to be written to at the moment, also where it was promised already; null when they may.
create function why_not_broadcast_to(p_user_id bigint, p_at timestamptz) returns text
language sql stable as $$
  select case
    when role not in ('customer', 'reseller') then 'operator'
    when blocked_at is not null then 'blocked'
    when preferences ->> 'broadcasts' = 'off' then 'opted_out'
    when quiet_until > p_at then 'person_answers'
  end
  from users
  where id = p_user_id
$$;

-- Why somebody gets no broadcast at the moment; null when they may get one. One in 24 hours is enough, also
-- for somebody who was another customer when they got it.
create function why_no_broadcast(p_user_id bigint, p_at timestamptz) returns text
language sql stable as $$
  select coalesce(why_not_broadcast_to(p_user_id, p_at), case
    when exists (
      select from broadcast_recipients
       where user_id in (select p_user_id union all select id from users where united_into = p_user_id)
         and promised_at > p_at - interval '24 hours'
    ) then 'had_one'
  end)
$$;

-- Takes back what was promised to somebody of broadcasts and is not on its way: they get none of it any more.
create function leave_out_of_broadcasts(p_user_id bigint, p_at timestamptz) returns void
language sql as $$
  with taken as (
    delete from outbox
     where user_id = p_user_id
       and kind = 'broadcast'
       and state = 'waiting'
    returning id
  )
  update broadcast_recipients
     set state = 'left_out',
         outbox_id = null,
         promised_at = null,
         ended_at = p_at
   where state = 'promised'
     and outbox_id in (select id from taken)
$$;

-- Whoever says stop, is blocked or gets a person does so at once; the next look finds the rest of it.
create function leave_user_out() returns trigger
language plpgsql as $$
begin
  if why_not_broadcast_to(new.id, clock_timestamp()) is not null then
    perform leave_out_of_broadcasts(new.id, clock_timestamp());
  end if;
  return null;
end $$;

create trigger users_leave_broadcasts
  after update of blocked_at, quiet_until, preferences on users
  for each row when (
    old.blocked_at is distinct from new.blocked_at
    or old.quiet_until is distinct from new.quiet_until
    or old.preferences -> 'broadcasts' is distinct from new.preferences -> 'broadcasts'
  )
  execute function leave_user_out();

-- Who wrote in these days, on which channel last, and why they get nothing (null: they do). Those who wrote
-- most recently come first.
create function broadcast_audience(p_days integer, p_channels text[], p_at timestamptz)
returns table (user_id bigint, channel text, reason text)
language sql stable as $$
  with latest as (
    select distinct on (coalesce(writer.united_into, writer.id))
           coalesce(writer.united_into, writer.id) as user_id, inbox.channel::text as channel, inbox.id
      from inbox
      join users as writer on writer.id = inbox.user_id
     where inbox.received_at > p_at - make_interval(days => p_days)
       and inbox.channel not in ('console', 'try')
     order by coalesce(writer.united_into, writer.id), inbox.id desc
  )
  select latest.user_id, latest.channel, why_no_broadcast(latest.user_id, p_at)
    from latest
   where latest.channel = any (p_channels)
   order by latest.id desc
$$;

-- Starts a broadcast to those who may get one now. 'under_way' while there is another, 'nobody' when nobody
-- may get one. Started once for each request.
create function start_broadcast(
  p_user_id bigint,
  p_request text,
  p_text text,
  p_days integer,
  p_channels text[],
  p_at timestamptz
) returns jsonb
language plpgsql as $$
declare
  v_id bigint;
  v_people integer;
begin
  select id into v_id from broadcasts where request = p_request;
  if v_id is null then
    insert into broadcasts (text, started_by, request, started_at, running_since, next_at)
    values (p_text, p_user_id, p_request, p_at, p_at, p_at)
    on conflict do nothing
    returning id into v_id;
    if v_id is null then
      return jsonb_build_object('kind', 'under_way');
    end if;
    insert into broadcast_recipients (broadcast_id, user_id, channel)
    select v_id, audience.user_id, audience.channel
      from broadcast_audience(p_days, p_channels, p_at) as audience
     where audience.reason is null;
  end if;
  select count(*) into v_people from broadcast_recipients where broadcast_id = v_id;
  if v_people = 0 then
    delete from broadcasts where id = v_id;
    return jsonb_build_object('kind', 'nobody');
  end if;
  return jsonb_build_object('kind', 'started', 'id', v_id, 'people', v_people);
end $$;

-- How far a broadcast is.
create function describe_broadcast(p_id bigint) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'state', broadcasts.state,
    'pausedFor', broadcasts.paused_for,
    'startedAt', broadcasts.started_at,
    'total', count(*),
    'waiting', count(*) filter (where recipient.state in ('waiting', 'promised')),
    'sent', count(*) filter (where recipient.state = 'sent'),
    'failed', count(*) filter (where recipient.state = 'failed'),
    'leftOut', count(*) filter (where recipient.state = 'left_out'),
    'withdrawn', count(*) filter (where recipient.state = 'withdrawn')
  )
  from broadcasts
  join broadcast_recipients as recipient on recipient.broadcast_id = broadcasts.id
  where broadcasts.id = p_id
  group by broadcasts.id
$$;

-- Promises word on a broadcast, where each last wrote: to who started it, or to all owners where it needs
-- somebody.
create function tell_of_broadcast(p_id bigint, p_event text) returns void
language sql as $$
  insert into outbox (channel, user_id, kind, data, state)
  select latest.channel, users.id, 'broadcast_report',
         describe_broadcast(broadcasts.id) || jsonb_build_object('event', p_event), 'waiting'
    from broadcasts
    join users on users.id = (
           select coalesce(starter.united_into, starter.id) from users as starter
            where starter.id = broadcasts.started_by
         )
         or p_event = 'paused' and users.role = 'owner'
   cross join lateral (select last_channel_of(users.id) as channel) as latest
   where broadcasts.id = p_id
     and users.role in ('admin', 'owner')
     and users.blocked_at is null
     and latest.channel is not null
$$;

-- Notes what became of the messages that were promised. One that fails again and again for 15 minutes is
-- given up, so that it holds up nobody else. Whoever is not to be written to any more is left out. Where a
-- channel was not even there for 15 minutes, all but the first are taken back: they go one by one again.
create function settle_broadcast(p_id bigint, p_at timestamptz) returns void
language plpgsql as $$
begin
  update broadcast_recipients as recipient
     set state = case when promised.outbox_state = 'given_up' then 'failed' else 'sent' end,
         ended_at = p_at
    from (
      select recipient.id, outbox.state as outbox_state
        from broadcast_recipients as recipient
        left join outbox on outbox.id = recipient.outbox_id
       where recipient.broadcast_id = p_id
         and recipient.state = 'promised'
    ) as promised
   where recipient.id = promised.id
     -- A message that is not there any more was sent, and forgotten.
     and (promised.outbox_state is null or promised.outbox_state in ('sent', 'given_up'));
  with hopeless as (
    delete from outbox
     using broadcast_recipients as recipient
     where recipient.broadcast_id = p_id
       and recipient.state = 'promised'
       and recipient.promised_at <= p_at - interval '15 minutes'
       and outbox.id = recipient.outbox_id
       and outbox.state = 'waiting'
       and outbox.attempts > 0
    returning outbox.id
  )
  update broadcast_recipients
     set state = 'failed',
         ended_at = p_at
   where state = 'promised'
     and outbox_id in (select id from hopeless);
  perform leave_out_of_broadcasts(unwanted.user_id, p_at)
     from (
       select distinct outbox.user_id
         from broadcast_recipients as recipient
         join outbox on outbox.id = recipient.outbox_id
        where recipient.broadcast_id = p_id
          and recipient.state = 'promised'
          and outbox.state = 'waiting'
     ) as unwanted
    where why_not_broadcast_to(unwanted.user_id, p_at) is not null;
  with untried as (
    delete from outbox
     using broadcast_recipients as recipient
     where recipient.broadcast_id = p_id
       and recipient.state = 'promised'
       and recipient.promised_at <= p_at - interval '15 minutes'
       and outbox.id = recipient.outbox_id
       and outbox.state = 'waiting'
       and outbox.attempts = 0
       and exists (
         select from broadcast_recipients as earlier
          where earlier.broadcast_id = p_id
            and earlier.state = 'promised'
            and earlier.channel = recipient.channel
            and earlier.id < recipient.id
       )
    returning outbox.id
  )
  update broadcast_recipients
     set state = 'waiting',
         outbox_id = null,
         promised_at = null
   where state = 'promised'
     and outbox_id in (select id from untried);
end $$;

-- Takes back what was promised of a broadcast and is not on its way: it waits for the broadcast to go on, or,
-- when that was stopped, is withdrawn.
create function take_back_broadcast(p_id bigint, p_at timestamptz) returns void
language plpgsql as $$
declare
  v_stopped boolean;
begin
  select state = 'stopped' into v_stopped from broadcasts where id = p_id;
  with taken as (
    delete from outbox
     using broadcast_recipients as recipient
     where recipient.broadcast_id = p_id
       and recipient.state = 'promised'
       and outbox.id = recipient.outbox_id
       and outbox.state = 'waiting'
    returning outbox.id
  )
  update broadcast_recipients
     set state = 'waiting',
         outbox_id = null,
         promised_at = null
   where state = 'promised'
     and outbox_id in (select id from taken);
  if v_stopped then
    update broadcast_recipients
       set state = 'withdrawn',
           ended_at = p_at
     where broadcast_id = p_id
       and state = 'waiting';
  end if;
end $$;

-- What was on its way when its broadcast was paused or stopped, and comes back unsent, is taken back as well,
-- whoever puts it back; so is what is for somebody who said stop meanwhile. Whoever pauses or stops is waited
-- for, and waits for this.
create function take_back_broadcast_message() returns trigger
language plpgsql as $$
declare
  v_recipient record;
begin
  select broadcasts.id, broadcasts.state into v_recipient
    from broadcasts
   where broadcasts.id = (select broadcast_id from broadcast_recipients where message_id = new.message_id)
     for share;
  if v_recipient.state in ('paused', 'stopped') then
    perform take_back_broadcast(v_recipient.id, clock_timestamp());
    delete from outbox where id = new.id and state = 'waiting';
  elsif why_not_broadcast_to(new.user_id, clock_timestamp()) is not null then
    perform leave_out_of_broadcasts(new.user_id, clock_timestamp());
  end if;
  return null;
end $$;

create trigger outbox_takes_back_broadcasts
  after update of state on outbox
  for each row when (new.kind = 'broadcast' and new.state = 'waiting' and old.state <> 'waiting')
  execute function take_back_broadcast_message();

-- Pauses a broadcast that must not go on by itself, and tells the owners.
create function break_off_broadcast(p_id bigint, p_why text, p_at timestamptz) returns void
language sql as $$
  update broadcasts set state = 'paused', paused_for = p_why where id = p_id and state = 'running';
  select take_back_broadcast(p_id, p_at);
  select tell_of_broadcast(p_id, 'paused');
$$;

-- Why a running broadcast must not go on: WhatsApp warned the shop, or the last five failed one after the
-- other. Null when it may.
create function why_break_off(p_broadcast broadcasts, p_at timestamptz) returns text
language sql stable as $$
  select case
    when exists (select from whatsapp_account where paused_until > p_at)
     and exists (
       select from broadcast_recipients
        where broadcast_id = p_broadcast.id
          and state in ('waiting', 'promised')
          and channel = 'whatsapp'
     ) then 'warning'
    when (
      select count(*) = 5 and bool_and(latest.state = 'failed')
        from (
          select state
            from broadcast_recipients
           where broadcast_id = p_broadcast.id
             and state in ('sent', 'failed')
             and ended_at > p_broadcast.running_since
           order by ended_at desc, id desc
           limit 5
        ) as latest
    ) then 'failures'
  end
$$;

-- Promises the broadcast to the next one who may still get it, where their channel takes more: it has few
-- under way, and none that waited for 15 minutes. False when nothing was promised.
create function feed_broadcast(p_broadcast broadcasts, p_at timestamptz, p_under_way_max integer)
returns boolean
language plpgsql as $$
declare
  v_next record;
  v_outbox_id bigint;
  v_full text[];
begin
  v_full := array(
    select channel
      from broadcast_recipients
     where broadcast_id = p_broadcast.id
       and state = 'promised'
     group by channel
    having count(*) >= p_under_way_max
        or min(promised_at) <= p_at - interval '15 minutes'
  );
  -- Bounded: those who are left out are passed at once, the rest of them at the next call.
  for v_next in
    select recipient.id, recipient.channel, recipient.message_id,
           coalesce(users.united_into, users.id) as user_id
      from broadcast_recipients as recipient
      join users on users.id = recipient.user_id
     where recipient.broadcast_id = p_broadcast.id
       and recipient.state = 'waiting'
       and recipient.channel <> all (v_full)
     order by recipient.id
     limit 100
  loop
    if why_no_broadcast(v_next.user_id, p_at) is null then
      insert into outbox (message_id, channel, user_id, kind, text, state)
      values (v_next.message_id, v_next.channel, v_next.user_id, 'broadcast', p_broadcast.text, 'waiting')
      returning id into v_outbox_id;
      update broadcast_recipients
         set state = 'promised',
             outbox_id = v_outbox_id,
             promised_at = p_at
       where id = v_next.id;
      return true;
    end if;
    update broadcast_recipients set state = 'left_out', ended_at = p_at where id = v_next.id;
  end loop;
  return false;
end $$;

-- Ends a broadcast that has nobody left, and tells who started it how far it is at each quarter.
create function report_broadcast(p_id bigint, p_at timestamptz) returns void
language plpgsql as $$
declare
  v_done integer;
  v_total integer;
  v_quarters integer;
begin
  select count(*) filter (where state not in ('waiting', 'promised')), count(*)
    into v_done, v_total
    from broadcast_recipients
   where broadcast_id = p_id;
  if v_done = v_total then
    update broadcasts set state = 'finished', ended_at = p_at where id = p_id;
    perform tell_of_broadcast(p_id, 'finished');
    return;
  end if;
  -- With fewer than eight people the end is near enough.
  v_quarters := case when v_total < 8 then 0 else 4 * v_done / v_total end;
  update broadcasts set quarters_told = v_quarters where id = p_id and quarters_told < v_quarters;
  if found then
    perform tell_of_broadcast(p_id, 'quarter');
  end if;
end $$;

-- Looks after what is under way: notes what was sent, and promises the next one when it is time, so that at
-- most p_under_way_max are on their way on each channel, and each comes p_gap_ms after the one before. Where
-- it is not p_calm nothing goes out, and it goes on by itself when it is. True when something was promised.
-- Two processes at once do it once.
create function work_broadcasts(
  p_at timestamptz,
  p_gap_ms integer,
  p_under_way_max integer,
  p_calm boolean
) returns boolean
language plpgsql as $$
declare
  v_broadcast broadcasts%rowtype;
  v_why text;
  v_promised boolean := false;
begin
  for v_broadcast in
    select *
      from broadcasts
     where state in ('running', 'paused')
        or id in (select broadcast_id from broadcast_recipients where state = 'promised')
     order by id
       for update skip locked
  loop
    perform settle_broadcast(v_broadcast.id, p_at);
    continue when v_broadcast.state <> 'running';
    v_why := why_break_off(v_broadcast, p_at);
    if v_why is not null then
      perform break_off_broadcast(v_broadcast.id, v_why, p_at);
      continue;
    end if;
    if not p_calm then
      perform take_back_broadcast(v_broadcast.id, p_at);
    elsif v_broadcast.next_at <= p_at and feed_broadcast(v_broadcast, p_at, p_under_way_max) then
      update broadcasts
         set next_at = p_at + p_gap_ms * interval '1 millisecond'
       where id = v_broadcast.id;
      v_promised := true;
    end if;
    perform report_broadcast(v_broadcast.id, p_at);
  end loop;
  return v_promised;
end $$;

-- What an operator does with the broadcast under way: 'stop', 'pause' or 'resume'. Nothing more of a paused
-- or stopped one goes out from then on.
create function steer_broadcast(p_wish text, p_at timestamptz) returns jsonb
language plpgsql as $$
declare
  v_broadcast broadcasts%rowtype;
  v_rests_until timestamptz;
begin
  select * into v_broadcast from broadcasts where state in ('running', 'paused') for update;
  if v_broadcast.id is null then
    return jsonb_build_object('kind', 'none');
  end if;
  perform settle_broadcast(v_broadcast.id, p_at);
  if p_wish = 'resume' then
    select paused_until into v_rests_until from whatsapp_account where paused_until > p_at;
    if v_rests_until is not null and why_break_off(v_broadcast, p_at) = 'warning' then
      return jsonb_build_object('kind', 'rests', 'until', v_rests_until);
    end if;
    update broadcasts
       set state = 'running', paused_for = null, running_since = p_at, next_at = p_at
     where id = v_broadcast.id
       and state = 'paused';
  elsif p_wish = 'pause' then
    update broadcasts set state = 'paused', paused_for = 'operator' where id = v_broadcast.id;
    perform take_back_broadcast(v_broadcast.id, p_at);
  else
    update broadcasts
       set state = 'stopped', paused_for = null, ended_at = p_at
     where id = v_broadcast.id;
    perform take_back_broadcast(v_broadcast.id, p_at);
  end if;
  return jsonb_build_object('kind', 'steered', 'id', v_broadcast.id)
      || jsonb_build_object('broadcast', describe_broadcast(v_broadcast.id));
end $$;

-- Something the operators are to hear of. Told once while it lasts; told anew when it was over and comes
-- again.
create table alerts (
  key text primary key check (length(key) between 1 and 100),
  kind text not null check (kind in (
    'low_stock', 'large_order', 'review', 'new_address',
    'messages_given_up', 'messages_stuck', 'messages_unanswered', 'messages_failing', 'redis_away',
    'person_wanted'
  )),
  data jsonb not null default '{}',
  raised_at timestamptz not null,
  told_at timestamptz,
  over_at timestamptz
);

create index alerts_to_tell on alerts (raised_at) where told_at is null and over_at is null;

-- Does nothing while it lasts, nor when it was raised within p_again: what comes and goes is told once.
create function raise_alert(p_key text, p_kind text, p_data jsonb, p_at timestamptz, p_again interval)
returns void
language sql as $$
  insert into alerts (key, kind, data, raised_at)
  values (p_key, p_kind, p_data, p_at)
  on conflict (key) do update
     set data = excluded.data,
         raised_at = excluded.raised_at,
         told_at = null,
         over_at = null
   where alerts.over_at is not null
     and alerts.raised_at <= excluded.raised_at - p_again
$$;

-- What was not told by then is not told any more.
create function end_alert(p_key text, p_at timestamptz) returns void
language plpgsql as $$
begin
  update alerts set over_at = p_at where key = p_key and over_at is null;
  if found then
    delete from outbox
     where state = 'waiting'
       and kind = 'operator_alerts'
       and data ->> 'alert' = p_key;
  end if;
end $$;

-- A condition that was looked at: raised while it holds, over when it does not.
create function note_trouble(p_kind text, p_holds boolean, p_data jsonb, p_at timestamptz) returns void
language plpgsql as $$
begin
  if p_holds then
    perform raise_alert('trouble:' || p_kind, p_kind, p_data, p_at, interval '1 hour');
  else
    perform end_alert('trouble:' || p_kind, p_at);
  end if;
end $$;

-- What the messages themselves tell of trouble. The channels of this very machine are nobody's trouble, and a
-- broadcast looks after itself. A message is tried for about a day before it is given up: what counts is when
-- it was due for the last time.
create function watch_messages(p_at timestamptz) returns void
language plpgsql as $$
declare
  v_given_up integer;
  v_stuck integer;
  v_unanswered integer;
  v_failing integer;
begin
  select count(*) into v_given_up
    from outbox
   where state = 'given_up'
     and failure is distinct from 'refunded'
     and kind <> 'broadcast'
     and next_attempt_at > p_at - interval '1 day';
  perform note_trouble('messages_given_up', v_given_up >= 5, jsonb_build_object('count', v_given_up), p_at);
  select count(distinct user_id) into v_stuck
    from outbox
   where state in ('waiting', 'sending')
     and channel not in ('console', 'try')
     and kind <> 'broadcast'
     and created_at < p_at - interval '10 minutes';
  perform note_trouble('messages_stuck', v_stuck >= 3, jsonb_build_object('count', v_stuck), p_at);
  select count(*) into v_unanswered
    from inbox
   where state in ('waiting', 'working')
     and channel not in ('console', 'try')
     and received_at < p_at - interval '10 minutes';
  perform note_trouble(
    'messages_unanswered', v_unanswered >= 1, jsonb_build_object('count', v_unanswered), p_at
  );
  select count(*) into v_failing
    from errors
   where operation = 'handle_message'
     and at > p_at - interval '10 minutes';
  perform note_trouble('messages_failing', v_failing >= 5, '{}', p_at);
end $$;

-- How much of each product was unsold when it was last looked at; beyond the level that is low it is not
-- counted.
create table stock_watch (
  product_id bigint primary key references products,
  unsold integer not null
);

-- What nobody has bought: held units count, so that holds which come and go are no news. Counted up to one
-- above the level at which the operator wants to know, by the same index as in is_in_stock (see 0021).
create function unsold_stock()
returns table (product_id bigint, code text, name text, low_stock_at integer, unsold integer)
language sql stable as $$
  with held as (
    select order_lines.product_id, sum(order_lines.quantity)::integer as quantity
      from orders
      join order_lines on order_lines.order_id = orders.id
     where orders.status = 'awaiting_payment'
     group by order_lines.product_id
  )
  select products.id, products.code, products.name, products.low_stock_at,
         least(
           coalesce(held.quantity, 0) + case products.kind
             when 'physical' then products.stock
             else (
               select count(*)::integer
                 from (
                   select stock_units.id
                     from stock_units
                    where stock_units.product_id between products.id and products.id
                      and stock_units.state = 'available'
                    order by stock_units.product_id, stock_units.id
                    limit products.low_stock_at + 1
                 ) as free
             )
           end,
           products.low_stock_at + 1
         )
    from products
    left join held on held.product_id = products.id
   where products.hidden_at is null
$$;

-- A stock that fell to its level or below is told once, until there is more of it. One that was never more is
-- just small.
create function watch_stock(p_at timestamptz) returns void
language plpgsql as $$
declare
  v_product record;
begin
  if not pg_try_advisory_xact_lock(hashtext('lapak watch_stock ' || current_schema())) then
    return;
  end if;
  for v_product in
    select present.*, stock_watch.unsold as before
      from unsold_stock() as present
      left join stock_watch on stock_watch.product_id = present.product_id
     where stock_watch.unsold is distinct from present.unsold
  loop
    if v_product.unsold > least(v_product.before, v_product.low_stock_at) then
      perform end_alert('low_stock:' || v_product.product_id, p_at);
    elsif v_product.unsold < v_product.before then
      perform raise_alert(
        'low_stock:' || v_product.product_id, 'low_stock',
        jsonb_build_object('productId', v_product.product_id, 'code', v_product.code, 'name', v_product.name),
        p_at, interval '0'
      );
    end if;
    insert into stock_watch (product_id, unsold)
    values (v_product.product_id, v_product.unsold)
    on conflict (product_id) do update set unsold = excluded.unsold;
  end loop;
end $$;

-- Between two moments, so that the index by payment is read whatever the plan is made for; the later one
-- only allows for clocks that differ.
create function watch_orders(p_at timestamptz, p_large bigint) returns void
language sql as $$
  insert into alerts (key, kind, data, raised_at)
  select 'large_order:' || id, 'large_order', jsonb_build_object('orderCode', code, 'total', total), p_at
    from orders
   where paid_at > p_at - interval '1 hour'
     and paid_at < p_at + interval '1 hour'
     and total >= p_large
  on conflict (key) do nothing
$$;

-- As before (see 0013), but the word on it is an alert like others: money waits until morning.
create or replace function raise_review(
  p_key text,
  p_kind text,
  p_provider text,
  p_payment_id bigint,
  p_order_id bigint,
  p_user_id bigint,
  p_amount bigint,
  p_evidence jsonb
) returns bigint
language plpgsql as $$
declare
  v_review_id bigint;
begin
  insert into reviews (key, kind, provider, payment_id, order_id, user_id, amount, evidence)
  values (p_key, p_kind, p_provider, p_payment_id, p_order_id, p_user_id, p_amount, p_evidence)
  on conflict (key) do nothing
  returning id into v_review_id;
  if v_review_id is not null then
    insert into alerts (key, kind, data, raised_at)
    values (
      'review:' || v_review_id, 'review',
      jsonb_build_object(
        'reviewId', v_review_id, 'reviewKind', p_kind, 'amount', p_amount, 'provider', p_provider,
        'orderCode', (select code from orders where id = p_order_id)
      ),
      now()
    );
  end if;
  return v_review_id;
end $$;

create function is_trouble(p_kind text) returns boolean
language sql immutable as $$
  select p_kind not in ('low_stock', 'large_order', 'review', 'new_address')
$$;

-- Owners hear of everything, admins of what they can do something about.
create function hears_of(p_role text, p_kind text) returns boolean
language sql immutable as $$
  select p_role = 'owner'
      or p_role = 'admin' and p_kind in ('low_stock', 'large_order', 'new_address', 'person_wanted')
$$;

-- An alert as it is now.
create function describe_alert(p_alert alerts) returns jsonb
language sql stable as $$
  select p_alert.data || jsonb_build_object('kind', p_alert.kind) || case p_alert.kind
    when 'low_stock' then jsonb_build_object('left', (
      select unsold from stock_watch where product_id = (p_alert.data ->> 'productId')::bigint
    ))
    when 'new_address' then (
      select jsonb_build_object('recipient', delivery ->> 'recipient', 'address', delivery ->> 'address')
        from orders
       where code = p_alert.data ->> 'orderCode'
    )
    else '{}'::jsonb
  end
$$;

create index users_operators on users (id) where role in ('admin', 'owner');

-- Those who run the shop and can be told something now, where each last wrote; who never wrote is not written
-- to. One who has many such words waiting gets no more of them.
create function listening_operators() returns table (user_id bigint, role text, channel text)
language sql stable as $$
  select users.id, users.role, latest.channel
    from users
   cross join lateral (select last_channel_of(users.id) as channel) as latest
   where users.role in ('admin', 'owner')
     and users.blocked_at is null
     and latest.channel is not null
     and (
       select count(*)
         from outbox
        where outbox.user_id = users.id
          and outbox.channel = latest.channel
          and outbox.kind in ('review_raised', 'operator_alerts')
          and outbox.state = 'waiting'
     ) < 5
$$;

-- Ends what is not to be told any more: it was settled before anybody heard of it. A product that is shown
-- again is looked at as if it had been full.
create function drop_old_alerts(p_at timestamptz) returns void
language sql as $$
  with dropped as (
    update alerts
       set over_at = p_at
     where told_at is null
       and over_at is null
       and case kind
         when 'review' then exists (
           select from reviews
            where reviews.id = (alerts.data ->> 'reviewId')::bigint
              and reviews.decision is not null
         )
         when 'low_stock' then exists (
           select from products
            where products.id = (alerts.data ->> 'productId')::bigint
              and products.hidden_at is not null
         )
         when 'person_wanted' then not exists (
           select from users
            where users.id = (alerts.data ->> 'customerId')::bigint
              and users.waits_for_person_since is not null
              and users.quiet_until > p_at
         )
         else false
       end
    returning kind, data
  )
  update stock_watch
     set unsold = products.low_stock_at + 1
    from dropped
    join products on products.id = (dropped.data ->> 'productId')::bigint
   where dropped.kind = 'low_stock'
     and stock_watch.product_id = products.id
$$;

-- Promises one operator word of what is to be told: trouble each by itself, the rest in one message. Returns
-- how many messages that is.
create function tell_operator_alerts(p_user_id bigint, p_channel text, p_keys text[]) returns integer
language plpgsql as $$
declare
  v_count integer;
  v_rest integer;
begin
  insert into outbox (channel, user_id, kind, data, state)
  select p_channel, p_user_id,
         case kind when 'person_wanted' then 'person_wanted' else 'operator_alerts' end,
         case kind
           when 'person_wanted' then data
           else jsonb_build_object('alert', key, 'alerts', jsonb_build_array(describe_alert(alerts)))
         end,
         'waiting'
    from alerts
   where key = any (p_keys)
     and is_trouble(kind)
   order by raised_at, key;
  get diagnostics v_count = row_count;
  insert into outbox (channel, user_id, kind, data, state)
  select p_channel, p_user_id,
         case when count(*) = 1 and min(kind) = 'review' then 'review_raised' else 'operator_alerts' end,
         case
           when count(*) = 1 and min(kind) = 'review' then (jsonb_agg(data) -> 0)
           else jsonb_build_object('alerts', jsonb_agg(describe_alert(alerts) order by raised_at, key))
         end,
         'waiting'
    from alerts
   where key = any (p_keys)
     and not is_trouble(kind)
  having count(*) > 0;
  get diagnostics v_rest = row_count;
  return v_count + v_rest;
end $$;

-- Promises operators word of what is to be told: trouble at once, the rest only when p_calm. What nobody can
-- hear of yet waits, and keeps nothing else waiting. Returns how many messages were promised.
create function tell_alerts(p_at timestamptz, p_calm boolean) returns integer
language plpgsql as $$
declare
  v_roles text[];
  v_operator record;
  v_keys text[];
  v_heard text[];
  v_told text[] := '{}';
  v_count integer := 0;
begin
  perform drop_old_alerts(p_at);
  perform from alerts where told_at is null and over_at is null and (p_calm or is_trouble(kind)) limit 1;
  if not found then
    return 0;
  end if;
  v_roles := array(select distinct role from listening_operators());
  v_keys := array(
    select key
      from alerts
     where told_at is null
       and over_at is null
       and (p_calm or is_trouble(kind))
       and exists (select from unnest(v_roles) as role where hears_of(role, kind))
     order by raised_at, key
     limit 100
       for update skip locked
  );
  for v_operator in
    select * from listening_operators() order by user_id
  loop
    v_heard := array(select key from alerts where key = any (v_keys) and hears_of(v_operator.role, kind));
    v_count := v_count + tell_operator_alerts(v_operator.user_id, v_operator.channel, v_heard);
    v_told := v_told || v_heard;
  end loop;
  update alerts
     set told_at = p_at,
         over_at = case kind when 'person_wanted' then p_at end
   where key = any (v_told);
  return v_count;
end $$;

-- Forgets what was told or over long ago: alerts after a week, broadcasts after a quarter. Stock and trouble
-- that last are kept until they are over.
create function forget_old_notices(p_at timestamptz) returns void
language sql as $$
  delete from broadcast_recipients
   where broadcast_id in (select id from broadcasts where ended_at < p_at - interval '90 days');
  delete from broadcasts where ended_at < p_at - interval '90 days';
  delete from alerts
   where coalesce(over_at, case when kind in ('large_order', 'review', 'new_address') then told_at end)
         < p_at - interval '7 days'
$$;

-- The summaries that were written, each once.
create table daily_summaries (
  day date primary key,
  until timestamptz not null,
  written_at timestamptz not null
);

-- What was sold from one moment to another.
create function sales_between(p_from timestamptz, p_to timestamptz) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'orders', (select count(*) from orders where paid_at >= p_from and paid_at < p_to),
    'revenue', (select coalesce(sum(total), 0) from orders where paid_at >= p_from and paid_at < p_to),
    'refunds', given_back.times,
    'refunded', given_back.amount
  )
  from given_back_between(p_from, p_to) as given_back
$$;

create function top_products_between(p_from timestamptz, p_to timestamptz, p_limit integer) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(to_jsonb(best) order by quantity desc, amount desc, name), '[]')
    from (
      select max(order_lines.name) as name, sum(order_lines.quantity) as quantity,
             sum(order_lines.amount) as amount
        from orders
        join order_lines on order_lines.order_id = orders.id
       where orders.paid_at >= p_from
         and orders.paid_at < p_to
       group by order_lines.product_id
       order by sum(order_lines.quantity) desc, sum(order_lines.amount) desc, max(order_lines.name)
       limit p_limit
    ) as best
$$;

create function low_products(p_limit integer) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('code', code, 'left', unsold) order by unsold, code), '[]')
    from (
      select code, unsold
        from unsold_stock()
       where unsold <= low_stock_at
       order by unsold, code
       limit p_limit
    ) as low
$$;

-- What waits for a person: decisions, parcels, customers who asked to be answered by one.
create function what_waits(p_at timestamptz) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'reviews', (select count(*) from reviews where decision is null),
    'toPack', (select count(*) from orders where kind = 'physical' and status in ('paid', 'packing')),
    'customers', (
      select count(*)
        from users
       where waits_for_person_since is not null
         and quiet_until > p_at
         and role not in ('admin', 'owner')
    )
  )
$$;

-- Writes the summary of the day that ended at the last p_hour o'clock of the shop's zone, compared with as
-- long before, and promises it to the owners. It begins where the last one ended, at most a week ago. Once a
-- day, whoever asks, and not when that hour was more than p_late_hours ago; of a day without anything nothing
-- is said. Where p_hold is true it waits: a late one does not wake anybody; and so it does while no owner can
-- be told. Returns 'told', 'nothing', 'written', 'held' or 'missed'.
create function write_daily_summary(
  p_at timestamptz,
  p_zone text,
  p_hour integer,
  p_late_hours integer,
  p_hold boolean
) returns text
language plpgsql as $$
declare
  v_day date := (p_at at time zone p_zone)::date;
  v_due timestamptz;
  v_since timestamptz;
  v_sales jsonb;
  v_waits jsonb;
  v_data jsonb;
begin
  v_due := (v_day + make_time(p_hour, 0, 0)) at time zone p_zone;
  if v_due > p_at then
    v_day := v_day - 1;
    v_due := (v_day + make_time(p_hour, 0, 0)) at time zone p_zone;
  end if;
  if p_at >= v_due + make_interval(hours => p_late_hours) then
    return 'missed';
  end if;
  perform from daily_summaries where day = v_day or until >= v_due;
  if found then
    return 'written';
  end if;
  if p_hold or not exists (
    select from users where role = 'owner' and blocked_at is null and last_channel_of(id) is not null
  ) then
    return 'held';
  end if;
  select coalesce(
           greatest(max(until), case when max(until) is not null then v_due - interval '7 days' end),
           (v_day - 1 + make_time(p_hour, 0, 0)) at time zone p_zone
         )
    into v_since
    from daily_summaries;
  insert into daily_summaries (day, until, written_at) values (v_day, v_due, p_at) on conflict do nothing;
  if not found then
    return 'written';
  end if;
  v_sales := sales_between(v_since, v_due);
  v_waits := what_waits(p_at);
  if not jsonb_path_exists(v_sales || v_waits, '$.* ? (@ > 0)') then
    return 'nothing';
  end if;
  v_data := v_sales || jsonb_build_object(
    'since', v_since,
    'until', v_due,
    'waits', v_waits,
    'before', sales_between(v_since - (v_due - v_since), v_since),
    'top', top_products_between(v_since, v_due, 3),
    'low', low_products(5),
    'lowCount', (select count(*) from unsold_stock() where unsold <= low_stock_at)
  );
  insert into outbox (channel, user_id, kind, data, state)
  select latest.channel, users.id, 'daily_summary', v_data, 'waiting'
    from users
   cross join lateral (select last_channel_of(users.id) as channel) as latest
   where users.role = 'owner'
     and users.blocked_at is null
     and latest.channel is not null;
  return 'told';
end $$;
