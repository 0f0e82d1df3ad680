-- The shop's one WhatsApp account: who holds its connection, what it is logged in with, what it has sent.
-- Creds, codes, keys and messages are sealed by the caller; nobody reads them without the shop's secret.

create table whatsapp_account (
  id integer primary key default 1 check (id = 1),
  -- The process that may connect, until when, and how many holders there were before it. A process that
  -- pauses for longer than its lease comes back with an epoch that is no longer the current one.
  holder text check (length(holder) between 1 and 128),
  held_until timestamptz,
  epoch bigint not null default 0,
  state text not null default 'connecting'
    check (state in ('pairing', 'connecting', 'open', 'logged_out', 'replaced', 'stopped')),
  creds bytea,
  phone text,
  qr bytea,
  pairing_code bytea,
  -- Somebody wants to pair; each wish for a code is counted, so that the holder sees a new one.
  pairing_wanted_at timestamptz,
  pairing_phone text,
  pairing_asked integer not null default 0,
  paused_until timestamptz,
  pause_reason text,
  problem text,
  -- Since when the state is what it is.
  changed_at timestamptz not null default now(),
  check ((holder is null) = (held_until is null))
);

create table whatsapp_keys (
  type text not null check (length(type) between 1 and 64),
  id text not null check (length(id) between 1 and 256),
  value bytea not null,
  primary key (type, id)
);

-- What was sent, as it was encrypted for: a phone that could not read it asks for the same once more.
create table whatsapp_sent (
  id text primary key check (length(id) between 1 and 128),
  message bytea not null,
  created_at timestamptz not null default now()
);

create index whatsapp_sent_by_time on whatsapp_sent (created_at);

create table whatsapp_retries (
  id text primary key check (length(id) between 1 and 256),
  count integer not null check (count >= 0),
  at timestamptz not null default now()
);

create index whatsapp_retries_by_time on whatsapp_retries (at);

-- Keeps the account with the holder of an epoch until the end of this transaction: whoever takes it over
-- waits for that, and then reads what was written. LP002 when the epoch is not the current one.
create function keep_whatsapp_epoch(p_epoch bigint) returns void
language plpgsql as $$
begin
  perform from whatsapp_account
    where epoch = p_epoch
      and holder is not null
      for share;
  if not found then
    raise exception 'the WhatsApp account is no longer held under epoch %', p_epoch
      using errcode = 'LP002';
  end if;
end $$;

-- Takes the account when nobody has it or the lease ran out, renews the lease of the one who has it. Null
-- while it is another's. What the former holder showed of its connection ended with it.
create function hold_whatsapp_account(p_holder text, p_ttl_ms integer) returns bigint
language sql as $$
  insert into whatsapp_account as account (holder, held_until, epoch)
  values (p_holder, clock_timestamp() + p_ttl_ms * interval '1 millisecond', 1)
  on conflict (id) do update
     set holder = p_holder,
         held_until = clock_timestamp() + p_ttl_ms * interval '1 millisecond',
         epoch = case when account.holder = p_holder then account.epoch else account.epoch + 1 end,
         state = case
           when account.holder is distinct from p_holder and account.state in ('pairing', 'open')
           then 'connecting'
           else account.state
         end,
         changed_at = case
           when account.holder is distinct from p_holder and account.state in ('pairing', 'open')
           then clock_timestamp()
           else account.changed_at
         end,
         qr = case when account.holder = p_holder then account.qr end,
         pairing_code = case when account.holder = p_holder then account.pairing_code end
   where account.holder is null
      or account.holder = p_holder
      or account.held_until <= clock_timestamp()
  returning epoch
$$;

-- Writes keys all at once, each in base64; a null removes its key. Of one that is named twice, the last
-- counts. LP002.
create function write_whatsapp_keys(p_epoch bigint, p_types text[], p_ids text[], p_values text[])
returns void
language plpgsql as $$
begin
  perform keep_whatsapp_epoch(p_epoch);
  delete from whatsapp_keys
   using unnest(p_types, p_ids, p_values) as given (type, id, value)
   where given.value is null
     and whatsapp_keys.type = given.type
     and whatsapp_keys.id = given.id;
  insert into whatsapp_keys (type, id, value)
  select type, id, decode(value, 'base64')
    from (
      select distinct on (type, id) type, id, value
        from unnest(p_types, p_ids, p_values) with ordinality as given (type, id, value, place)
       order by type, id, place desc
    ) as latest
   where value is not null
  on conflict (type, id) do update set value = excluded.value;
end $$;

-- Forgets what the account was logged in with, after it was logged out. LP002.
create function wipe_whatsapp_account(p_epoch bigint, p_state text) returns void
language plpgsql as $$
begin
  -- Changed before it is kept: two that have kept it would wait for each other to change it.
  update whatsapp_account
     set creds = null,
         phone = null,
         qr = null,
         pairing_code = null,
         changed_at = case when state = p_state then changed_at else clock_timestamp() end,
         state = p_state
   where epoch = p_epoch
     and holder is not null;
  perform keep_whatsapp_epoch(p_epoch);
  delete from whatsapp_keys;
  delete from whatsapp_retries;
end $$;

-- Keeps what is about to be sent under an id and returns it; what was kept there before stays. LP002.
create function save_whatsapp_sent(p_epoch bigint, p_id text, p_message bytea) returns bytea
language plpgsql as $$
begin
  perform keep_whatsapp_epoch(p_epoch);
  insert into whatsapp_sent (id, message)
  values (p_id, p_message)
  on conflict (id) do nothing;
  return (select message from whatsapp_sent where id = p_id);
end $$;
