-- Who buys, and what is for sale.

create function refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception '% is append-only: rows are neither changed nor removed', tg_table_name
    using errcode = 'integrity_constraint_violation';
end $$;

create function refuse_rewriting() returns trigger
language plpgsql as $$
begin
  raise exception 'what % says once stays as it was agreed', tg_table_name
    using errcode = 'integrity_constraint_violation';
end $$;

create table settings (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject text not null,
  details jsonb not null default '{}'
);

create trigger audit_log_is_append_only
  before update or delete or truncate on audit_log
  for each statement execute function refuse_change();

-- What a single column may hold is said by a domain on the tables that every sale writes: PostgreSQL keeps a
-- domain's check ready, and reads a table's check anew for each statement.
create domain users_number as text
  constraint users_number_check check (value ~ '^[1-9][0-9]{6,14}$');
create domain users_name as text
  constraint users_name_check check (length(value) <= 100);
create domain users_language as text
  constraint users_language_check check (value in ('id', 'en'));
create domain users_role as text
  constraint users_role_check check (value in ('customer', 'reseller', 'admin', 'owner'));

create table users (
  id bigint generated always as identity primary key,
  number users_number not null unique,
  name users_name not null default '',
  language users_language not null default 'id',
  role users_role not null default 'customer',
  -- Moved by ledger entries alone; see 0003.
  balance bigint not null default 0 check (balance >= 0),
  blocked_at timestamptz,
  preferences jsonb not null default '{}',
  created_at timestamptz not null default now()
)
-- Room on each page for the next version of a row, whose balance changes often.
with (fillfactor = 70);

create table products (
  id bigint generated always as identity primary key,
  code text not null unique check (code ~ '^[A-Z0-9][A-Z0-9._-]{0,31}$'),
  name text not null check (length(name) between 1 and 200),
  price bigint not null check (price > 0 and price <= 1000000000),
  category text not null default '' check (length(category) <= 60),
  description text not null default '' check (length(description) <= 2000),
  kind text not null check (kind in ('digital', 'physical')),
  -- Physical goods are counted here; digital ones are counted by their units.
  stock integer not null default 0 check (stock >= 0),
  low_stock_at integer not null default 3 check (low_stock_at >= 0),
  max_quantity integer not null default 100 check (max_quantity between 1 and 100),
  hidden_at timestamptz,
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (kind = 'physical' or stock = 0)
);

create index products_by_category on products (category, code) where hidden_at is null;
