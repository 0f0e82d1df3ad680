-- WhatsApp knows a person by a LID, and tells their number only sometimes. Both lead to the same customer.

alter table users
  -- Null only for a customer who is known by a LID alone, or who turned out to be another one.
  alter column number drop not null,
  -- The customer this one turned out to be. What it had is that customer's; no address leads here any more.
  add column united_into bigint references users,
  -- Until then a person answers in this chat, and the shop is silent.
  add column quiet_until timestamptz;

create index users_by_union on users (united_into) where united_into is not null;

create table lids (
  lid text primary key check (lid ~ '^[0-9]{5,20}@lid$'),
  user_id bigint not null references users,
  seen_at timestamptz not null default clock_timestamp()
);

create index lids_by_user on lids (user_id, seen_at desc);

create function refuse_customer_without_address(p_user_id bigint) returns void
language plpgsql as $$
begin
  perform from users
    where id = p_user_id
      and number is null
      and united_into is null
      and not exists (select from lids where user_id = users.id);
  if found then
    raise exception 'customer % has neither a number nor a LID', p_user_id
      using errcode = 'check_violation', constraint = 'users_have_an_address';
  end if;
end $$;

create function require_address_of_user() returns trigger
language plpgsql as $$
begin
  perform refuse_customer_without_address(new.id);
  return null;
end $$;

create constraint trigger users_have_an_address
  after insert or update of number, united_into on users
  deferrable initially deferred
  for each row when (new.number is null)
  execute function require_address_of_user();

create function require_address_of_former() returns trigger
language plpgsql as $$
begin
  perform refuse_customer_without_address(old.user_id);
  return null;
end $$;

create constraint trigger lids_leave_an_address
  after update of user_id or delete on lids
  deferrable initially deferred
  for each row execute function require_address_of_former();

create trigger lids_are_kept
  before truncate on lids
  for each statement execute function refuse_change();

-- A number that is known stays, and so does a union: it is made once, empty-handed, into a customer with a
-- number, so that no union ever leads to another.
create function refuse_other_identity() returns trigger
language plpgsql as $$
begin
  if (old.number is not null and new.number is distinct from old.number)
     or (old.united_into is not null
         and (new.number is not null or new.united_into is distinct from old.united_into)) then
    raise exception 'who a customer is stays as it is known'
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.united_into is not null then
    perform from users where id = new.united_into and number is not null;
    if not found or new.number is not null or new.balance <> 0 then
      raise exception 'only a customer without number and balance is united, into one with a number'
        using errcode = 'check_violation', constraint = 'users_legal_unions';
    end if;
  end if;
  return new;
end $$;

create trigger users_stay_who_they_are
  before update of number, united_into on users
  for each row execute function refuse_other_identity();

-- An order or a payment passes to another customer only when the two turned out to be one.
create function refuse_other_customer() returns trigger
language plpgsql as $$
begin
  perform from users where id = old.user_id and united_into = new.user_id;
  if not found then
    raise exception 'what % says once stays as it was agreed', tg_table_name
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;

drop trigger orders_stay_as_agreed on orders;
create trigger orders_stay_as_agreed
  before update of code, kind, total, placed_by_message on orders
  for each statement execute function refuse_rewriting();
create trigger orders_stay_with_their_customer
  before update of user_id on orders
  for each row execute function refuse_other_customer();

drop trigger payments_stay_as_agreed on payments;
create trigger payments_stay_as_agreed
  before update of reference, provider, purpose, order_id, amount, pay_token, placed_by_message on payments
  for each statement execute function refuse_rewriting();
create trigger payments_stay_with_their_customer
  before update of user_id on payments
  for each row execute function refuse_other_customer();

create index payments_by_user on payments (user_id);

alter domain ledger_transactions_kind drop constraint ledger_transactions_kind_check;
alter domain ledger_transactions_kind add constraint ledger_transactions_kind_check check (
  value in ('sale', 'deposit', 'late_payment', 'refund', 'opening', 'adjustment', 'union')
);

-- Gives everything of a customer without a number to the one with the number that they turned out to be.
-- False, with nothing changed, when that cannot be now: a message of theirs is being handled, both have an
-- unpaid order or an open top-up, or somebody holds a row of theirs for longer than a moment. What is
-- finished and only counted (events, answered messages) stays as it was written: users.united_into says
-- whose it is.
create function unite_customers(p_from bigint, p_into bigint) returns boolean
language plpgsql set lock_timeout = '100ms' as $$
declare
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
         blocked_at = coalesce(blocked_at, v_from.blocked_at),
         quiet_until = greatest(quiet_until, v_from.quiet_until)
   where id = p_into;
  update orders set user_id = p_into where user_id = p_from;
  update payments set user_id = p_into where user_id = p_from;
  update outbox set user_id = p_into where user_id = p_from;
  update inbox set user_id = p_into where user_id = p_from and state = 'waiting';
  update lids set user_id = p_into where user_id = p_from;
  insert into conversations (user_id, step, data, updated_at)
  select p_into, step, data, updated_at
    from conversations
   where user_id = p_from
  on conflict (user_id) do update
     set step = excluded.step,
         data = excluded.data,
         updated_at = excluded.updated_at
   where conversations.updated_at < excluded.updated_at;
  delete from conversations where user_id = p_from;
  insert into audit_log (actor, action, subject, details)
  values ('lapak', 'unite_customers', 'user:' || p_into,
          jsonb_build_object('from', p_from, 'balance', v_from.balance));
  -- Asked last: one that was waiting above may have been taken meanwhile.
  perform from inbox where user_id = p_from and state in ('waiting', 'working');
  if found then
    raise exception 'a message of customer % is being handled', p_from using errcode = 'LP003';
  end if;
  return true;
exception when sqlstate 'LP003' or lock_not_available or deadlock_detected or unique_violation then
  return false;
end $$;

-- The LID this customer was last seen under; null when none is known.
create function lid_of(p_user_id bigint) returns text
language sql stable as $$
  select lid from lids where user_id = p_user_id order by seen_at desc limit 1
$$;

-- Notes that somebody writes under a LID now; that it is the latest one is all that has to be known.
create function see_lid(p_lid text) returns void
language sql as $$
  update lids
     set seen_at = clock_timestamp()
   where lid = p_lid
     and (
       seen_at < clock_timestamp() - interval '1 day'
       or exists (
         select from lids as other
          where other.user_id = lids.user_id
            and other.lid <> lids.lid
            and other.seen_at >= lids.seen_at
       )
     )
$$;

-- Makes a customer who is known by a LID alone; null when somebody else was quicker.
create function add_customer_by_lid(p_lid text, p_name text) returns users
language plpgsql as $$
declare
  v_user users%rowtype;
begin
  insert into users (number, name) values (null, p_name) returning * into v_user;
  insert into lids (lid, user_id) values (p_lid, v_user.id);
  return v_user;
exception when unique_violation then
  return null;
end $$;

-- Sets the number of a customer who had none; null when somebody else was quicker with either.
create function learn_number(p_user_id bigint, p_number text) returns users
language plpgsql as $$
declare
  v_user users%rowtype;
begin
  update users
     set number = p_number
   where id = p_user_id
     and number is null
     and united_into is null
  returning * into v_user;
  return v_user;
exception when unique_violation then
  return null;
end $$;

-- Notes that a customer's number came with a LID of somebody else, or with another one than before: an
-- operator may give numbers out again, and then a stranger is at the balance. Once for each LID.
create function note_another_lid(p_user_id bigint, p_lid text) returns void
language sql as $$
  insert into audit_log (actor, action, subject, details)
  select 'lapak', 'number_with_another_lid', 'user:' || p_user_id, jsonb_build_object('lid', p_lid)
   where not exists (
     select from audit_log
      where action = 'number_with_another_lid'
        and subject = 'user:' || p_user_id
        and details ->> 'lid' = p_lid
   )
$$;

-- The customer at a number, a LID, or both; made when unknown. A LID is a WhatsApp account, so with a number
-- that nobody has it is its customer still, who changed the phone's number; the number they are known by
-- stays. Of a customer's number the number decides: it is what operator and gateway know, and the LID from
-- now on leads there (see note_another_lid). `united`: the customer of the LID turned out to be the one of
-- the number, who has everything now. Where that cannot be at this moment, the customer of the number is
-- returned, and the next message tries again.
create function customer_at(
  p_number text,
  p_lid text,
  p_name text,
  out customer users,
  out united boolean
)
language plpgsql as $$
declare
  v_by_number users%rowtype;
  v_by_lid users%rowtype;
  v_had_another boolean;
begin
  united := false;
  -- Whoever meets another in between sees at the next attempt what the other made.
  for v_attempt in 1 .. 20 loop
    customer := null;
    select * into v_by_number from users where number = p_number;
    select users.* into v_by_lid from lids join users on users.id = lids.user_id where lids.lid = p_lid;

    if p_number is null then
      if v_by_lid.id is null then
        customer := add_customer_by_lid(p_lid, p_name);
      else
        -- Kept from being united until this transaction ends.
        select * into customer
          from users
         where id = v_by_lid.id
           and united_into is null
           for key share;
        perform see_lid(p_lid);
      end if;
    elsif v_by_number.id is null and v_by_lid.id is not null then
      if v_by_lid.number is null then
        customer := learn_number(v_by_lid.id, p_number);
      else
        customer := v_by_lid;
        perform see_lid(p_lid);
      end if;
    elsif v_by_number.id is null then
      insert into users (number, name)
      values (p_number, p_name)
      on conflict (number) do nothing
      returning * into customer;
      if p_lid is not null then
        -- With the customer there, the LID is a matter of the next attempt.
        customer := null;
      end if;
    elsif p_lid is null then
      customer := v_by_number;
    elsif v_by_lid.id = v_by_number.id then
      customer := v_by_number;
      perform see_lid(p_lid);
    elsif v_by_lid.id is null then
      v_had_another := lid_of(v_by_number.id) is not null;
      insert into lids (lid, user_id) values (p_lid, v_by_number.id) on conflict (lid) do nothing;
      if found then
        customer := v_by_number;
        if v_had_another then
          perform note_another_lid(customer.id, p_lid);
        end if;
      end if;
    elsif v_by_lid.number is null then
      v_had_another := lid_of(v_by_number.id) is not null;
      united := unite_customers(v_by_lid.id, v_by_number.id);
      select * into customer from users where id = v_by_number.id;
      perform see_lid(p_lid);
      if united and v_had_another then
        perform note_another_lid(customer.id, p_lid);
      end if;
    else
      update lids
         set user_id = v_by_number.id,
             seen_at = clock_timestamp()
       where lid = p_lid
         and user_id = v_by_lid.id;
      customer := v_by_number;
      perform note_another_lid(customer.id, p_lid);
    end if;
    if customer.id is not null then
      return;
    end if;
  end loop;
  raise exception 'a customer is being made and changed at the same time'
    using errcode = 'serialization_failure';
end $$;
