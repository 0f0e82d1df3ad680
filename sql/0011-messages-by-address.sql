-- Messages of customers with a LID, and of customers in whose chat a person answers.

-- Where the customer is reached on the message's channel, and whether to be silent.
alter type claimed_message
  add attribute address text,
  add attribute quiet boolean;

create or replace function describe_claimed(p_inbox_id bigint) returns claimed_message
language sql stable as $$
  select row(
    inbox.id, inbox.channel, inbox.message_id, inbox.text, inbox.attempts,
    users.id, users.number, users.name, users.language, users.role,
    users.blocked_at is not null, users.balance,
    case when inbox.channel = 'whatsapp' or users.number is null
      then coalesce(lid_of(users.id), users.number)
      else users.number
    end,
    coalesce(users.quiet_until > now(), false)
  )::claimed_message
  from inbox
  join users on users.id = inbox.user_id
  where inbox.id = p_inbox_id
$$;

drop function accept_messages(integer, text[], text[], text[], text[], text[], text[], integer);

-- The id a message of WhatsApp is stored under. It is chosen by the writer's phone, so that somebody else's
-- could be taken on purpose: a message is known by its id and its customer, whichever address it came under.
create function message_id_of(p_message_id text, p_user_id bigint) returns text
language sql immutable as $$
  select case
    when length(p_message_id || '/' || p_user_id::text) <= 128 then p_message_id || '/' || p_user_id::text
    else encode(sha256(convert_to(p_message_id, 'UTF8')), 'hex') || '/' || p_user_id::text
  end
$$;

-- True when a message of WhatsApp was stored for this customer as they were known before: for one who turned
-- out to be them, or for the one of their LID while the two could not be united.
create function is_stored_for_former(p_message_id text, p_user_id bigint, p_lid text) returns boolean
language plpgsql stable as $$
declare
  v_stored_ids text[] := array(
    select message_id_of(p_message_id, former.id)
      from (
        select id from users where united_into = p_user_id
        union all
        select user_id from lids where lid = p_lid and user_id <> p_user_id
      ) as former (id)
  );
begin
  return cardinality(v_stored_ids) > 0 and exists (
    select from inbox
     where channel = 'whatsapp'
       and message_id = any (v_stored_ids)
  );
end $$;

-- Stores inbound messages, oldest first for each customer, who is found by number, LID or both (each null
-- when not given; see customer_at, also for `united`). Outcome per position: 'working' (stored, and the
-- caller's to handle now), 'waiting' (stored behind earlier ones), 'duplicate', 'refused' (stored unhandled:
-- that customer already has p_waiting_limit messages waiting, and is told so once).
create function accept_messages(
  p_owner integer,
  p_serves text[],
  p_channels text[],
  p_message_ids text[],
  p_numbers text[],
  p_lids text[],
  p_names text[],
  p_texts text[],
  p_waiting_limit integer
) returns table (
  place integer,
  outcome text,
  accepted_user_id bigint,
  united boolean,
  message claimed_message
)
language plpgsql as $$
declare
  v_user users%rowtype;
  v_found record;
  v_unfinished integer;
  v_inbox_id bigint;
  v_message_id text;
  v_is_known boolean;
begin
  for v_place in 1 .. cardinality(p_message_ids) loop
    -- A loop's variable is one of its own, and never reaches the result.
    place := v_place;
    message := null;
    united := false;
    v_inbox_id := null;
    v_user := null;
    if p_lids[place] is null then
      select * into v_user from users where number = p_numbers[place];
    end if;
    if v_user.id is null then
      v_found := customer_at(p_numbers[place], p_lids[place], p_names[place]);
      v_user := v_found.customer;
      united := v_found.united;
    end if;

    v_message_id := p_message_ids[place];
    v_is_known := false;
    if p_channels[place] = 'whatsapp' then
      v_message_id := message_id_of(p_message_ids[place], v_user.id);
      v_is_known := is_stored_for_former(p_message_ids[place], v_user.id, p_lids[place]);
    end if;

    select count(*) into v_unfinished
      from inbox
     where user_id = v_user.id
       and state in ('waiting', 'working');

    if v_unfinished = 0 and not v_is_known then
      insert into inbox (channel, message_id, user_id, text, state, claimed_by, attempts)
      values (p_channels[place], v_message_id, v_user.id, p_texts[place], 'working', p_owner, 1)
      on conflict do nothing
      returning id into v_inbox_id;
      outcome := 'working';
    end if;
    if v_inbox_id is null and not v_is_known then
      outcome := case when v_unfinished >= p_waiting_limit then 'refused' else 'waiting' end;
      insert into inbox (channel, message_id, user_id, text, state)
      values (p_channels[place], v_message_id, v_user.id, p_texts[place], outcome)
      on conflict (channel, message_id) do nothing
      returning id into v_inbox_id;
    end if;

    if v_inbox_id is null then
      outcome := 'duplicate';
    elsif outcome = 'working' then
      message := row(
        v_inbox_id, p_channels[place], v_message_id, p_texts[place], 1,
        v_user.id, v_user.number, v_user.name, v_user.language, v_user.role,
        v_user.blocked_at is not null, v_user.balance,
        case
          when p_lids[place] is not null then p_lids[place]
          when p_channels[place] = 'whatsapp' then coalesce(lid_of(v_user.id), v_user.number)
          else v_user.number
        end,
        coalesce(v_user.quiet_until > now(), false)
      );
    elsif outcome = 'refused' and not coalesce(v_user.quiet_until > now(), false) and not exists (
      select from outbox
       where channel = p_channels[place]
         and user_id = v_user.id
         and kind = 'busy'
         and created_at > now() - interval '1 minute'
    ) then
      perform promise_message(
        p_owner, '{}', p_channels[place], v_user.id, 'busy', null, '{}', null, v_message_id
      );
    end if;
    accepted_user_id := v_user.id;
    return next;
  end loop;
end $$;

-- Finishes a message without a word and takes the customer's next one in the same breath. LP001.
create function finish_quietly(p_inbox_id bigint, p_owner integer) returns jsonb
language plpgsql as $$
declare
  v_inbox inbox%rowtype;
begin
  v_inbox := finish_message(p_inbox_id, p_owner);
  return to_jsonb(claim_next_of_user(p_owner, v_inbox.user_id));
end $$;

-- A person answers in this chat for so long; a longer pause that was made before stays.
create function pause_chat(p_number text, p_lid text, p_hours double precision) returns void
language plpgsql as $$
declare
  v_found record;
begin
  v_found := customer_at(p_number, p_lid, '');
  update users
     set quiet_until = greatest(quiet_until, now() + p_hours * interval '1 hour')
   where id = (v_found.customer).id;
end $$;

-- The shop answers in this chat again. Does nothing for somebody unknown.
create function resume_chat(p_number text, p_lid text) returns void
language sql as $$
  update users
     set quiet_until = null
   where quiet_until is not null
     and (
       number = p_number
       or id = (select user_id from lids where lid = p_lid)
     )
$$;
