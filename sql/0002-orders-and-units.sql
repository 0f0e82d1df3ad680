-- What was bought, and which unit went to whom.

-- The legal moves of an order. Filled at every start from the one list in src/shop/order-states.ts.
create table order_moves (
  from_status text not null,
  to_status text not null,
  primary key (from_status, to_status)
);

create domain orders_code as text
  constraint orders_code_check check (value ~ '^[A-Z0-9-]{4,24}$');
create domain orders_kind as text
  constraint orders_kind_check check (value in ('digital', 'physical'));
create domain orders_method as text
  constraint orders_method_check check (value in ('saldo', 'qris'));
create domain orders_total as bigint
  constraint orders_total_check check (value > 0);

create table orders (
  id bigint generated always as identity primary key,
  code orders_code not null unique,
  user_id bigint not null references users,
  kind orders_kind not null,
  status text not null,
  method orders_method not null,
  total orders_total not null,
  expires_at timestamptz,
  -- The inbound message that asked for it: the same message never makes two orders.
  placed_by_message bigint unique,
  -- Where its messages go.
  channel text not null,
  delivery jsonb not null default '{}',
  created_at timestamptz not null default now(),
  paid_at timestamptz,
  delivered_at timestamptz,
  ended_at timestamptz,
  check (status <> 'awaiting_payment' or expires_at is not null)
);

create unique index orders_one_unpaid_per_user on orders (user_id) where status = 'awaiting_payment';
create index orders_by_user on orders (user_id, id desc);
create index orders_to_expire on orders (expires_at) where status = 'awaiting_payment';

create function refuse_illegal_order_move() returns trigger
language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.status = old.status then
    return new;
  end if;
  perform from order_moves
   where from_status = case when tg_op = 'INSERT' then 'new' else old.status end
     and to_status = new.status;
  if not found then
    raise exception 'an order cannot go from % to %',
      case when tg_op = 'INSERT' then 'new' else old.status end, new.status
      using errcode = 'check_violation', constraint = 'orders_legal_moves';
  end if;
  return new;
end $$;

create trigger orders_legal_moves
  before insert or update of status on orders
  for each row execute function refuse_illegal_order_move();

create trigger orders_are_kept
  before delete or truncate on orders
  for each statement execute function refuse_change();

create trigger orders_stay_as_agreed
  before update of code, user_id, kind, total, placed_by_message on orders
  for each statement execute function refuse_rewriting();

create domain order_lines_quantity as integer
  constraint order_lines_quantity_check check (value between 1 and 100);
create domain order_lines_unit_price as bigint
  constraint order_lines_unit_price_check check (value > 0);

create table order_lines (
  id bigint generated always as identity primary key,
  order_id bigint not null references orders,
  product_id bigint not null references products,
  name text not null,
  quantity order_lines_quantity not null,
  unit_price order_lines_unit_price not null,
  amount bigint not null check (amount = unit_price * quantity),
  unique (order_id, product_id)
);

create trigger order_lines_are_append_only
  before update or delete or truncate on order_lines
  for each statement execute function refuse_change();

-- An order costs what its lines cost. With amounts above zero and kept totals, no line is added later either.
create function require_total_of_lines() returns trigger
language plpgsql as $$
begin
  if (select sum(amount) from order_lines where order_id = new.order_id)
     <> (select total from orders where id = new.order_id) then
    raise exception 'the lines of order % do not add up to its total', new.order_id
      using errcode = 'check_violation', constraint = 'order_lines_add_up';
  end if;
  return null;
end $$;

create constraint trigger order_lines_add_up
  after insert on order_lines
  deferrable initially deferred
  for each row execute function require_total_of_lines();

create domain stock_units_state as text
  constraint stock_units_state_check check (value in ('available', 'held', 'sold'));

create table stock_units (
  id bigint generated always as identity primary key,
  product_id bigint not null references products,
  -- AES-256-GCM; nobody reads it without the shop's secret.
  payload bytea not null,
  -- A keyed hash of the payload: the same goods are not put on sale twice.
  fingerprint bytea not null,
  state stock_units_state not null default 'available',
  order_id bigint,
  batch text not null default '',
  added_at timestamptz not null default now(),
  unique (product_id, fingerprint),
  check ((state = 'available') = (order_id is null)),
  -- A unit goes only to an order that has bought its product.
  foreign key (order_id, product_id) references order_lines (order_id, product_id)
);

create index stock_units_available on stock_units (product_id, id) where state = 'available';
create index stock_units_by_order on stock_units (order_id) where order_id is not null;

create function refuse_illegal_unit_move() returns trigger
language plpgsql as $$
begin
  if old.state = 'sold' then
    raise exception 'a sold unit stays with its order, as it is'
      using errcode = 'check_violation', constraint = 'stock_units_legal_moves';
  end if;
  if tg_op = 'DELETE' then
    if old.state = 'held' then
      raise exception 'a held unit is kept for its order'
        using errcode = 'check_violation', constraint = 'stock_units_legal_moves';
    end if;
    return old;
  end if;
  if old.state = 'held' and new.state <> 'available' and new.order_id is distinct from old.order_id then
    raise exception 'a held unit cannot pass to another order'
      using errcode = 'check_violation', constraint = 'stock_units_legal_moves';
  end if;
  return new;
end $$;

create trigger stock_units_legal_moves
  before update or delete on stock_units
  for each row execute function refuse_illegal_unit_move();

create trigger stock_units_are_kept
  before truncate on stock_units
  for each statement execute function refuse_change();

-- Nothing is handed over before it is paid.
create function refuse_unpaid_sale() returns trigger
language plpgsql as $$
begin
  perform from orders
    where id = new.order_id
      and status in ('awaiting_payment', 'expired', 'cancelled');
  if found then
    raise exception 'order % is not paid, so its unit is not sold', new.order_id
      using errcode = 'check_violation', constraint = 'stock_units_sold_when_paid';
  end if;
  return new;
end $$;

create trigger stock_units_sold_when_paid
  before insert or update of state, order_id on stock_units
  for each row when (new.state = 'sold')
  execute function refuse_unpaid_sale();
