-- Where the figures come from: each step of each order once, the errors of our own, what a job counts beside
-- the sale, and the views that lapak stats prints.

-- In this zone a day of the shop begins and ends. It is one with a name: what PostgreSQL makes of a bare
-- offset is the opposite of what everybody else means by it.
create function shop_zone() returns text
language sql stable as $$
  select coalesce(
    (select value #>> '{}' from settings where key = 'zone' and value #>> '{}' ~ '^[A-Za-z]'), 'Asia/Jakarta'
  )
$$;

-- When the shop's day of so many days ago began; 0 is today.
create function shop_day_began(p_days_ago integer) returns timestamptz
language sql stable as $$
  select (date_trunc('day', now() at time zone shop_zone()) - make_interval(days => p_days_ago))
         at time zone shop_zone()
$$;

-- The steps of an order. Each is written in the transaction that makes it true, and the legal moves of an
-- order allow it once; the index holds it for whatever is written later.

alter table events disable trigger events_are_append_only;

delete from events
 using events as earlier
 where earlier.order_id = events.order_id
   and earlier.step = events.step
   and earlier.id < events.id;

alter table events enable trigger events_are_append_only;

create unique index events_once_per_order on events (order_id, step) where order_id is not null;

-- What was sold and given back whole is not sold: no step of the funnel, but of what is counted below.
alter domain events_step drop constraint events_step_check;
alter domain events_step add constraint events_step_check
  check (value in ('greeting', 'catalogue', 'checkout', 'paid', 'delivered', 'refunded'));

insert into events (at, step, user_id, order_id)
select coalesce(ended_at, now()), 'refunded', user_id, id
  from orders
 where status = 'refunded'
 order by id;

create function note_refunded() returns trigger
language plpgsql as $$
begin
  insert into events (step, user_id, order_id)
  values ('refunded', new.user_id, new.id)
  on conflict do nothing;
  return null;
end $$;

create trigger orders_note_their_refund
  after update of status on orders
  for each row when (new.status = 'refunded' and old.status <> 'refunded')
  execute function note_refunded();

-- An order reached its customer: goods of digital ones were sent, physical ones are on their way. Idempotent.
create function note_delivered(p_order_id bigint) returns void
language sql as $$
  insert into events (step, user_id, order_id)
  select 'delivered', user_id, id
    from orders
   where id = p_order_id
  on conflict do nothing
$$;

-- As before (see 0006); an order that is delivered already is not counted again.
create or replace function mark_sent(p_owner integer, p_ids bigint[]) returns boolean
language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  with sent as (
    update outbox
       set state = 'sent',
           claimed_by = null,
           sent_at = now(),
           failure = null
     where id = any (p_ids)
       and claimed_by = p_owner
    returning kind, order_id, user_id
  ), delivered as (
    update orders
       set status = 'delivered',
           delivered_at = now(),
           ended_at = now()
     where status = 'paid'
       and kind = 'digital'
       and id in (select order_id from sent where kind = 'goods')
    returning id, user_id
  )
  insert into events (step, user_id, order_id)
  select 'delivered', user_id, id from delivered
  on conflict do nothing;
  return exists (
    select from outbox as marked
      join outbox as other
        on other.channel = marked.channel
       and other.user_id = marked.user_id
       and other.state = 'waiting'
     where marked.id = any (p_ids)
  );
end $$;

-- Errors of our own, for the figures and for whoever is told a reference; their cause is in the log under it.
-- Nothing that somebody wrote comes in here.
create table errors (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  reference text not null check (length(reference) between 1 and 64),
  operation text not null check (operation ~ '^[a-z0-9_]{1,64}$'),
  -- SQLSTATE, code of the system, or class of the error.
  code text not null check (code ~ '^[A-Za-z0-9_.-]{1,64}$'),
  -- Whose message it was, where it was one; these point without being held.
  channel text,
  user_id bigint
);

create index errors_by_time on errors (at);

-- They are forgotten in time, but never changed.
create trigger errors_are_append_only
  before update or truncate on errors
  for each statement execute function refuse_change();

-- What is counted beside the sale, by a job, so that no sale waits for another at a counter.

-- How many of a product were sold and not given back whole.
create table product_figures (
  product_id bigint primary key references products,
  sold bigint not null
);

create function sold_of(p_product_id bigint) returns bigint
language sql stable as $$
  select coalesce((select sold from product_figures where product_id = p_product_id), 0)
$$;

-- Said of it for two weeks; what is only there to try the shop with is never new.
create function is_new(p_product products) returns boolean
language sql stable as $$
  select p_product.created_at > now() - interval '14 days' and not p_product.data @> '{"demo": true}'
$$;

-- Messages of customers in each quarter of an hour, which every zone's days and hours are made of; the
-- messages themselves are forgotten after a month.
create table message_counts (
  since timestamptz primary key,
  messages bigint not null
);

-- How far each of two tables is counted. Ids are given before their rows can be seen, so the highest that can
-- be seen says nothing about those below it. Therefore a mark is set first: an id up to which to count, and
-- the transaction after which everything up to that id can be seen or never will be.
create table countings (
  counted text primary key check (counted in ('events', 'inbox')),
  counted_to bigint not null default 0,
  marked_to bigint not null,
  marked_in xid8 not null
);

-- Sets the marks where there is something new, and the last mark was reached.
create function mark_countable() returns void
language plpgsql as $$
declare
  v_events bigint;
  v_inbox bigint;
begin
  -- Read while this transaction has no number yet: whoever wrote these rows has a lower one.
  select coalesce(max(id), 0) into v_events from events;
  select coalesce(max(id), 0) into v_inbox from inbox;
  insert into countings (counted, marked_to, marked_in)
  select newest.counted, newest.id, pg_current_xact_id()
    from (values ('events', v_events), ('inbox', v_inbox)) as newest (counted, id)
    left join countings using (counted)
   where countings.counted is null
      or (countings.counted_to = countings.marked_to and countings.marked_to < newest.id)
  on conflict (counted) do update
     set marked_to = excluded.marked_to,
         marked_in = excluded.marked_in
   where countings.counted_to = countings.marked_to
     and countings.marked_to < excluded.marked_to;
end $$;

-- The next ids to count, at most so many: after from_id, up to to_id. Nulls when there are none, when another
-- process counts, or when somebody from before the mark is still writing.
create function take_countable(p_counted text, p_limit integer, out from_id bigint, out to_id bigint)
language plpgsql as $$
begin
  select counted_to, least(marked_to, counted_to + p_limit)
    into from_id, to_id
    from countings
   where counted = p_counted
     and counted_to < marked_to
     and marked_in <= pg_snapshot_xmin(pg_current_snapshot())
     for update skip locked;
  update countings set counted_to = to_id where counted = p_counted and to_id is not null;
end $$;

-- Counts what is marked, at most so many rows of each table; returns how many ids it went on. Each row is
-- counted once, whoever calls and however often.
create function count_marked(p_limit integer) returns bigint
language plpgsql as $$
declare
  v_events record := take_countable('events', p_limit);
  v_inbox record := take_countable('inbox', p_limit);
begin
  insert into product_figures (product_id, sold)
  select order_lines.product_id,
         sum(case events.step when 'paid' then order_lines.quantity else -order_lines.quantity end)
    from events
    join order_lines on order_lines.order_id = events.order_id
   where events.id > v_events.from_id
     and events.id <= v_events.to_id
     and events.step in ('paid', 'refunded')
   group by order_lines.product_id
  on conflict (product_id) do update set sold = product_figures.sold + excluded.sold;
  insert into message_counts (since, messages)
  select date_bin('15 minutes', received_at, '2000-01-01 00:00:00+00'), count(*)
    from inbox
   where id > v_inbox.from_id
     and id <= v_inbox.to_id
   group by 1
  on conflict (since) do update set messages = message_counts.messages + excluded.messages;
  return coalesce(v_events.to_id - v_events.from_id, 0) + coalesce(v_inbox.to_id - v_inbox.from_id, 0);
end $$;

-- The figures. Each is a function of where to begin, and a view of all there is. Called with a value, such a
-- function becomes part of the statement, and an index finds where to begin; called with another function's
-- result it is planned for everything.

create index ledger_transactions_by_time on ledger_transactions using brin (created_at);

-- The messages that are counted, and those that are not yet.
create function messages_since(p_since timestamptz) returns table (since timestamptz, messages bigint)
language sql stable as $$
  select since, messages
    from message_counts
   where since >= p_since
  union all
  select date_bin('15 minutes', received_at, '2000-01-01 00:00:00+00'), count(*)
    from inbox
   where id > coalesce((select counted_to from countings where counted = 'inbox'), 0)
     and received_at >= p_since
   group by 1
$$;

-- Who took which step, as the customer they are today.
create function steps_since(p_since timestamptz)
returns table (at timestamptz, step events_step, person bigint)
language sql stable as $$
  select events.at, events.step, coalesce(former.united_into, events.user_id)
    from events
    left join users as former
      on former.id = events.user_id
     and former.united_into is not null
   where events.at >= p_since
$$;

create function conversion_since(p_since timestamptz)
returns table (
  day date, greeted bigint, saw_catalogue bigint, checked_out bigint, paid bigint, delivered bigint
)
language sql stable as $$
  select day,
         count(*) filter (where step = 'greeting'),
         count(*) filter (where step = 'catalogue'),
         count(*) filter (where step = 'checkout'),
         count(*) filter (where step = 'paid'),
         count(*) filter (where step = 'delivered')
    from (
      select distinct (at at time zone (select shop_zone()))::date as day, step, person
        from steps_since(p_since)
       where step <> 'refunded'
    ) as taken
   group by day
$$;

-- The same of the whole time, and all who took any step: whoever came on two days is one.
create function people_since(p_since timestamptz)
returns table (
  people bigint, greeted bigint, saw_catalogue bigint, checked_out bigint, paid bigint, delivered bigint
)
language sql stable as $$
  select count(distinct person),
         count(*) filter (where step = 'greeting'),
         count(*) filter (where step = 'catalogue'),
         count(*) filter (where step = 'checkout'),
         count(*) filter (where step = 'paid'),
         count(*) filter (where step = 'delivered')
    from (select distinct step, person from steps_since(p_since) where step <> 'refunded') as taken
$$;

-- Weekdays from 1, Monday, to 7.
create function busiest_hours_since(p_since timestamptz)
returns table (weekday integer, hour integer, messages bigint, paid_orders bigint)
language sql stable as $$
  select extract(isodow from at)::integer,
         extract(hour from at)::integer,
         sum(messages)::bigint,
         sum(paid_orders)::bigint
    from (
      select since at time zone (select shop_zone()) as at, messages, 0 as paid_orders
        from messages_since(p_since)
      union all
      select at at time zone (select shop_zone()), 0, 1
        from events
       where at >= p_since
         and step = 'paid'
    ) as busy
   group by 1, 2
$$;

-- Everything that was booked to the revenue, which is always for an order.
create function revenue_since(p_since timestamptz)
returns table (at timestamptz, is_sale boolean, order_id bigint, amount bigint)
language sql stable as $$
  select booked.created_at, booked.kind = 'sale', booked.order_id, ledger_entries.amount
    from ledger_transactions as booked
    join ledger_entries on ledger_entries.transaction_id = booked.id
   where booked.created_at >= p_since
     and ledger_entries.account = 'revenue'
$$;

-- What was given back of sales from one moment to another, and how often: by a person, for a warranty, or by
-- the provider. It counts when it is booked, also while the provider still has to confirm it; what the
-- provider then refuses is taken off again. What a bank took is no refund, but a loss.
create function given_back_between(
  p_from timestamptz,
  p_to timestamptz,
  out times bigint,
  out amount bigint
)
language sql stable as $$
  select count(*) filter (where booked.amount < 0), coalesce(-sum(booked.amount), 0)::bigint
    from revenue_since(p_from) as booked
   where booked.at < p_to
     and not booked.is_sale
$$;

-- gross - discounts - refunded = net, which is what the ledger's revenue account says of that day.
create function revenue_by_day_since(p_since timestamptz)
returns table (day date, orders bigint, gross bigint, discounts bigint, refunded bigint, net bigint)
language sql stable as $$
  select (booked.at at time zone (select shop_zone()))::date,
         count(*) filter (where is_sale),
         coalesce(sum(total + discount) filter (where is_sale), 0)::bigint,
         coalesce(sum(discount) filter (where is_sale), 0)::bigint,
         coalesce(-sum(amount) filter (where not is_sale), 0)::bigint,
         sum(amount)::bigint
    from revenue_since(p_since) as booked
    join orders on orders.id = booked.order_id
   group by 1
$$;

-- The same for each product: an order has one line.
create function revenue_by_product_since(p_since timestamptz)
returns table (
  code text, name text, orders bigint, units bigint, gross bigint, discounts bigint, refunded bigint,
  net bigint
)
language sql stable as $$
  select products.code,
         products.name,
         count(*) filter (where is_sale),
         coalesce(sum(quantity) filter (where is_sale), 0),
         coalesce(sum(total + discount) filter (where is_sale), 0)::bigint,
         coalesce(sum(discount) filter (where is_sale), 0)::bigint,
         coalesce(-sum(booked.amount) filter (where not is_sale), 0)::bigint,
         sum(booked.amount)::bigint
    from revenue_since(p_since) as booked
    join orders on orders.id = booked.order_id
    join order_lines on order_lines.order_id = orders.id
    join products on products.id = order_lines.product_id
   group by products.id
$$;

-- Of the customers who bought in that time and kept it: how many bought more than once, then or before.
create function repeat_customers_since(p_since timestamptz)
returns table (customers bigint, repeat_customers bigint, orders bigint)
language sql stable as $$
  select count(*),
         count(*) filter (where ever > 1),
         coalesce(sum(recently), 0)::bigint
    from (
      select count(*) as ever, count(*) filter (where paid_at >= p_since) as recently
        from orders
       where paid_at is not null
         and status <> 'refunded'
       group by user_id
    ) as bought
   where recently > 0
$$;

-- Messages that were answered with a reference instead of what they asked for, of all that came.
create function error_rate_since(p_since timestamptz)
returns table (day date, messages bigint, failed bigint, rate numeric)
language sql stable as $$
  select day, sum(messages)::bigint, sum(failed)::bigint,
         coalesce(round(sum(failed) / nullif(sum(messages), 0), 6), 0)
    from (
      select (since at time zone (select shop_zone()))::date as day, messages, 0 as failed
        from messages_since(p_since)
      union all
      select (at at time zone (select shop_zone()))::date, 0, 1
        from errors
       where at >= p_since
         and operation = 'handle_message'
    ) as handled
   group by day
$$;

-- What failed, however it did, with the reference under which the log has the latest.
create function errors_since(p_since timestamptz)
returns table (operation text, code text, times bigint, latest_reference text, latest_at timestamptz)
language sql stable as $$
  select operation, code, count(*), (array_agg(reference order by id desc))[1], max(at)
    from errors
   where at >= p_since
   group by operation, code
$$;

create view stats_conversion as select * from conversion_since('-infinity') order by day;
create view stats_busiest_hours as
  select * from busiest_hours_since('-infinity') order by messages desc, paid_orders desc, weekday, hour;
create view stats_revenue_by_day as select * from revenue_by_day_since('-infinity') order by day;
create view stats_revenue_by_product as
  select * from revenue_by_product_since('-infinity') order by net desc, code;
create view stats_repeat_customers as select * from repeat_customers_since('-infinity');
create view stats_error_rate as select * from error_rate_since('-infinity') order by day;
