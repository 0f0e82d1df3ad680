-- Accepting, claiming and finishing messages.

create function process_lock_class() returns integer
language sql stable as $$
  select hashtext('lapak process ' || current_schema())
$$;

-- A message with what its handler needs to know of the customer.
create type claimed_message as (
  inbox_id bigint,
  channel text,
  message_id text,
  text text,
  attempts integer,
  user_id bigint,
  number text,
  name text,
  language text,
  role text,
  blocked boolean,
  balance bigint
);

create function describe_claimed(p_inbox_id bigint) returns claimed_message
language sql stable as $$
  select row(
    inbox.id, inbox.channel, inbox.message_id, inbox.text, inbox.attempts,
    users.id, users.number, users.name, users.language, users.role,
    users.blocked_at is not null, users.balance
  )::claimed_message
  from inbox
  join users on users.id = inbox.user_id
  where inbox.id = p_inbox_id
$$;

-- Promises one message. It is 'sending' at once (claimed by the promising process) when that process serves
-- the channel and nothing of this customer's is waiting there; else it waits its turn.
create function promise_message(
  p_owner integer,
  p_serves text[],
  p_channel text,
  p_user_id bigint,
  p_kind text,
  p_text text,
  p_data jsonb,
  p_order_id bigint,
  p_in_reply_to text
) returns jsonb
language plpgsql as $$
declare
  v_row outbox%rowtype;
begin
  insert into outbox (channel, user_id, kind, text, data, order_id, in_reply_to, state, claimed_by, attempts)
  select p_channel, p_user_id, p_kind, p_text, p_data, p_order_id, p_in_reply_to,
         case when free then 'sending' else 'waiting' end,
         case when free then p_owner end,
         case when free then 1 else 0 end
    from (
      select p_channel = any (p_serves) and not exists (
        select from outbox
         where channel = p_channel
           and user_id = p_user_id
           and state in ('waiting', 'sending')
      ) as free
    ) as line
  on conflict do nothing
  returning * into v_row;
  if v_row.id is null then
    -- Another process began to send to this customer at the same moment.
    insert into outbox (channel, user_id, kind, text, data, order_id, in_reply_to, state)
    values (p_channel, p_user_id, p_kind, p_text, p_data, p_order_id, p_in_reply_to, 'waiting')
    returning * into v_row;
  end if;
  return jsonb_build_object('id', v_row.id, 'messageId', v_row.message_id, 'state', v_row.state);
end $$;

-- Stores inbound messages, oldest first for each customer. Outcome per position: 'working' (stored, and the
-- caller's to handle now), 'waiting' (stored behind earlier ones), 'duplicate', 'refused' (stored unhandled:
-- that customer already has p_waiting_limit messages waiting, and is told so once).
create function accept_messages(
  p_owner integer,
  p_serves text[],
  p_channels text[],
  p_message_ids text[],
  p_numbers text[],
  p_names text[],
  p_texts text[],
  p_waiting_limit integer
) returns table (place integer, outcome text, accepted_user_id bigint, message claimed_message)
language plpgsql as $$
declare
  v_user users%rowtype;
  v_unfinished integer;
  v_inbox_id bigint;
begin
  for v_place in 1 .. cardinality(p_message_ids) loop
    -- A loop's variable is one of its own, and never reaches the result.
    place := v_place;
    message := null;
    v_inbox_id := null;
    select * into v_user from users where number = p_numbers[place];
    if v_user.id is null then
      insert into users (number, name)
      values (p_numbers[place], p_names[place])
      on conflict (number) do nothing
      returning * into v_user;
      if v_user.id is null then
        select * into v_user from users where number = p_numbers[place];
      end if;
    end if;

    select count(*) into v_unfinished
      from inbox
     where user_id = v_user.id
       and state in ('waiting', 'working');

    if v_unfinished = 0 then
      insert into inbox (channel, message_id, user_id, text, state, claimed_by, attempts)
      values (p_channels[place], p_message_ids[place], v_user.id, p_texts[place], 'working', p_owner, 1)
      on conflict do nothing
      returning id into v_inbox_id;
      outcome := 'working';
    end if;
    if v_inbox_id is null then
      outcome := case when v_unfinished >= p_waiting_limit then 'refused' else 'waiting' end;
      insert into inbox (channel, message_id, user_id, text, state)
      values (p_channels[place], p_message_ids[place], v_user.id, p_texts[place], outcome)
      on conflict (channel, message_id) do nothing
      returning id into v_inbox_id;
    end if;

    if v_inbox_id is null then
      outcome := 'duplicate';
    elsif outcome = 'working' then
      message := row(
        v_inbox_id, p_channels[place], p_message_ids[place], p_texts[place], 1,
        v_user.id, v_user.number, v_user.name, v_user.language, v_user.role,
        v_user.blocked_at is not null, v_user.balance
      );
    elsif outcome = 'refused' and not exists (
      select from outbox
       where channel = p_channels[place]
         and user_id = v_user.id
         and kind = 'busy'
         and created_at > now() - interval '1 minute'
    ) then
      perform promise_message(
        p_owner, '{}', p_channels[place], v_user.id, 'busy', null, '{}', null, p_message_ids[place]
      );
    end if;
    accepted_user_id := v_user.id;
    return next;
  end loop;
end $$;

-- Claims the oldest waiting message of a customer whom nobody is serving; null when there is none.
create function claim_next_of_user(p_owner integer, p_user_id bigint) returns claimed_message
language plpgsql as $$
declare
  v_oldest_id bigint;
  v_inbox_id bigint;
begin
  select min(id) into v_oldest_id
    from inbox
   where user_id = p_user_id
     and state in ('waiting', 'working')
  having bool_and(state = 'waiting');
  if v_oldest_id is null then
    return null;
  end if;
  begin
    -- Never the next one in its place: when another process is about to take the oldest, the others wait.
    update inbox
       set state = 'working',
           claimed_by = p_owner,
           attempts = attempts + 1
     where id = (
       select id
         from inbox
        where id = v_oldest_id
          and state = 'waiting'
          for update skip locked
     )
    returning id into v_inbox_id;
  exception when unique_violation then
    -- Another process was quicker with this customer.
    null;
  end;
  if v_inbox_id is null then
    return null;
  end if;
  return describe_claimed(v_inbox_id);
end $$;

-- The same for up to p_limit customers, those who have waited longest first; with p_number, for that one
-- only.
create function claim_messages(p_owner integer, p_number text, p_limit integer) returns setof claimed_message
language plpgsql as $$
declare
  v_user_id bigint;
  v_message claimed_message;
begin
  for v_user_id in
    select user_id
      from inbox
     where state in ('waiting', 'working')
       and (p_number is null or user_id = (select id from users where number = p_number))
     group by user_id
    having bool_and(state = 'waiting')
     order by min(id)
     limit p_limit
  loop
    v_message := claim_next_of_user(p_owner, v_user_id);
    if v_message.inbox_id is not null then
      return next v_message;
    end if;
  end loop;
end $$;

-- A claim is named by its claimer alone: a row has one only while it is being worked on (a check of the table
-- holds that), and a condition on the state would lead the planner to the index of all claims.

-- Marks a message done; raises when it is no longer the caller's, so that whatever the caller did with it in
-- this transaction is undone.
create function finish_message(p_inbox_id bigint, p_owner integer) returns inbox
language plpgsql as $$
declare
  v_inbox inbox%rowtype;
begin
  update inbox
     set state = 'done',
         claimed_by = null
   where id = p_inbox_id
     and claimed_by = p_owner
  returning * into v_inbox;
  if v_inbox.id is null then
    raise exception 'message % is no longer held by process %', p_inbox_id, p_owner
      using errcode = 'LP001';
  end if;
  return v_inbox;
end $$;

-- Lets go of a message that could not be handled: it is tried again, and after p_attempts_max set aside.
create function let_go_of_message(p_inbox_id bigint, p_owner integer, p_attempts_max integer) returns void
language sql as $$
  update inbox
     set state = case when attempts < p_attempts_max then 'waiting' else 'refused' end,
         claimed_by = null
   where id = p_inbox_id
     and state = 'working'
     and claimed_by = p_owner
$$;

-- Answers a message with words and takes the customer's next one in the same breath.
create function answer_message(
  p_inbox_id bigint,
  p_owner integer,
  p_serves text[],
  p_reply text,
  p_step text
) returns jsonb
language plpgsql as $$
declare
  v_inbox inbox%rowtype;
  v_promise jsonb;
begin
  v_inbox := finish_message(p_inbox_id, p_owner);
  v_promise := promise_message(
    p_owner, p_serves, v_inbox.channel, v_inbox.user_id, 'text', p_reply, '{}', null, v_inbox.message_id
  );
  if p_step is not null then
    insert into events (step, user_id) values (p_step, v_inbox.user_id);
  end if;
  return jsonb_build_object(
    'promise', v_promise,
    'next', to_jsonb(claim_next_of_user(p_owner, v_inbox.user_id))
  );
end $$;

-- The same for many customers in one commit; see place_orders for `refused` and p_lock_wait.
create function answer_messages(
  p_owner integer,
  p_serves text[],
  p_inbox_ids bigint[],
  p_replies text[],
  p_steps text[],
  p_lock_wait text
) returns table (place integer, answered jsonb, refused text)
language plpgsql as $$
begin
  perform set_config('lock_timeout', p_lock_wait, true);
  for v_place in 1 .. cardinality(p_inbox_ids) loop
    place := v_place;
    refused := null;
    begin
      answered := answer_message(
        p_inbox_ids[place], p_owner, p_serves, p_replies[place], p_steps[place]
      );
    exception when sqlstate 'LP001' or lock_not_available or deadlock_detected then
      answered := null;
      refused := sqlstate;
    end;
    return next;
  end loop;
end $$;

-- Claims the oldest unsent message of each customer on the given channels, where it is due and nothing of
-- that customer's is under way. With p_number, only that customer's.
create function claim_outbox(p_owner integer, p_channels text[], p_number text, p_limit integer)
returns setof outbox
language plpgsql as $$
declare
  v_head record;
  v_row outbox%rowtype;
begin
  for v_head in
    select channel, user_id, min(id) as id
      from outbox
     where state in ('waiting', 'sending')
       and channel = any (p_channels)
       and (p_number is null or user_id = (select id from users where number = p_number))
     group by channel, user_id
    having bool_and(state = 'waiting')
     order by min(id)
  loop
    v_row := null;
    begin
      update outbox
         set state = 'sending',
             claimed_by = p_owner,
             attempts = attempts + 1
       where id = (
         select id
           from outbox
          where id = v_head.id
            and state = 'waiting'
            and next_attempt_at <= now()
          for update skip locked
       )
      returning * into v_row;
    exception when unique_violation then
      -- Another process was quicker with this customer.
      null;
    end;
    if v_row.id is not null then
      return next v_row;
      p_limit := p_limit - 1;
      exit when p_limit <= 0;
    end if;
  end loop;
end $$;

-- Marks messages as sent and their digital orders as delivered. Idempotent. True when more waits for one of
-- their customers. Not waited for on the disk: a mark that a power cut takes away is a message sent again,
-- under the id it had.
create function mark_sent(p_owner integer, p_ids bigint[]) returns boolean
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
  select 'delivered', user_id, id from delivered;
  return exists (
    select from outbox as marked
      join outbox as other
        on other.channel = marked.channel
       and other.user_id = marked.user_id
       and other.state = 'waiting'
     where marked.id = any (p_ids)
  );
end $$;

-- Gives back the claims of processes that are gone: whose advisory lock nobody holds.
create function recover_abandoned() returns table (inbox_count integer, outbox_count integer)
language plpgsql as $$
declare
  v_owner integer;
  v_count integer;
begin
  inbox_count := 0;
  outbox_count := 0;
  for v_owner in
    select claimed_by from inbox where state = 'working'
    union
    select claimed_by from outbox where state = 'sending'
  loop
    if pg_try_advisory_xact_lock(process_lock_class(), v_owner) then
      update inbox set state = 'waiting', claimed_by = null where state = 'working' and claimed_by = v_owner;
      get diagnostics v_count = row_count;
      inbox_count := inbox_count + v_count;
      update outbox set state = 'waiting', claimed_by = null where state = 'sending' and claimed_by = v_owner;
      get diagnostics v_count = row_count;
      outbox_count := outbox_count + v_count;
    end if;
  end loop;
  return next;
end $$;
