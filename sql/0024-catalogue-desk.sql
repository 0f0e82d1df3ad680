-- The catalogue's desk in a chat: what a seller sees of the stock, and pasted goods that nobody reads later.

-- A product of the demo that had to go when the shop got its own: its name and units are made up, and under
-- this code nobody finds it (see src/database/retire-demo.ts). The demo's others may be hidden and shown.
create function is_retired_demo(p_product products) returns boolean
language sql immutable as $$
  select p_product.data @> '{"demo": true}'
     and p_product.hidden_at is not null
     and starts_with(p_product.code, 'DEMO-' || p_product.id || '-')
$$;

-- Goods that unpaid orders hold.
create function held_stock(p_product_id bigint) returns integer
language sql stable as $$
  select case products.kind
    when 'physical' then (
      select coalesce(sum(order_lines.quantity), 0)::integer
        from order_lines
        join orders on orders.id = order_lines.order_id
       where order_lines.product_id = products.id
         and orders.status = 'awaiting_payment'
    )
    else (
      select count(*)::integer
        from stock_units
       where product_id = products.id
         and state = 'held'
    )
  end
  from products
  where id = p_product_id
$$;

-- Goods that are gone: paid for and not given back.
create function sold_stock(p_product_id bigint) returns integer
language sql stable as $$
  select case products.kind
    when 'physical' then (
      select coalesce(sum(order_lines.quantity), 0)::integer
        from order_lines
        join orders on orders.id = order_lines.order_id
       where order_lines.product_id = products.id
         and orders.status in ('paid', 'packing', 'shipped', 'completed')
    )
    else (
      select count(*)::integer
        from stock_units
       where product_id = products.id
         and state = 'sold'
    )
  end
  from products
  where id = p_product_id
$$;

-- What an operator writes may be goods, pasted or in a file, well written or with a slip: none of it is kept
-- once it is answered, or given up. The flag is set when the message is stored, so that the messages of
-- customers, which are many, cost nothing more.
alter table inbox
  add column is_confidential boolean not null default false,
  -- Where a file lies and what opens it, sealed.
  add column document bytea;

create function forget_words() returns trigger
language plpgsql as $$
begin
  new.text := '';
  new.document := null;
  return new;
end $$;

create trigger inbox_forgets_confidential_words
  before insert or update of state on inbox
  for each row when (new.is_confidential and new.state in ('done', 'refused'))
  execute function forget_words();

-- So are those that wait while the shop is brought up to date, but for what an older shop may have cut.
update inbox
   set is_confidential = true
  from users
 where users.id = inbox.user_id
   and users.role in ('admin', 'owner')
   and inbox.state in ('waiting', 'working')
   and length(inbox.text) < 2000;

-- As before (see 0019), but who became an operator after they wrote is served as the customer they were:
-- their words may be cut, and are not forgotten.
create or replace function describe_claimed(p_inbox_id bigint) returns claimed_message
language sql stable as $$
  select row(
    inbox.id, inbox.channel, inbox.message_id, inbox.text, inbox.attempts,
    users.id, users.number, users.name, users.language,
    case
      when users.role in ('admin', 'owner') and not inbox.is_confidential then 'customer'
      else users.role
    end,
    users.blocked_at is not null, users.balance,
    case when inbox.channel = 'whatsapp' or users.number is null
      then coalesce(lid_of(users.id), users.number)
      else users.number
    end,
    is_quiet(users),
    case when conversations.user_id is not null then conversation_of(users.id) end,
    (select last_value from house_versions)
  )::claimed_message
  from inbox
  join users on users.id = inbox.user_id
  left join conversations on conversations.user_id = users.id
  where inbox.id = p_inbox_id
$$;

drop function accept_messages(
  integer, text[], text[], text[], text[], text[], text[], text[], integer
);

-- As before (see 0019), and with the files of operators. p_documents: in base64, or null.
create function accept_messages(
  p_owner integer,
  p_serves text[],
  p_channels text[],
  p_message_ids text[],
  p_numbers text[],
  p_lids text[],
  p_names text[],
  p_texts text[],
  p_waiting_limit integer,
  p_documents text[]
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
  v_text text;
  v_document bytea;
  v_is_operator boolean;
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

    -- Only operators paste what is long, and send lists; of others the refusal needs no more than this.
    v_is_operator := v_user.role in ('admin', 'owner');
    v_text := case when v_is_operator then p_texts[place] else left(p_texts[place], 2000) end;
    v_document := case when v_is_operator then decode(p_documents[place], 'base64') end;
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
      insert into inbox (
        channel, message_id, user_id, text, state, claimed_by, attempts, is_confidential, document
      )
      values (
        p_channels[place], v_message_id, v_user.id, v_text, 'working', p_owner, 1, v_is_operator, v_document
      )
      on conflict do nothing
      returning id into v_inbox_id;
      outcome := 'working';
    end if;
    if v_inbox_id is null and not v_is_known then
      outcome := case when v_unfinished >= p_waiting_limit then 'refused' else 'waiting' end;
      insert into inbox (channel, message_id, user_id, text, state, is_confidential, document)
      values (
        p_channels[place], v_message_id, v_user.id, v_text, outcome, v_is_operator, v_document
      )
      on conflict (channel, message_id) do nothing
      returning id into v_inbox_id;
    end if;

    if v_inbox_id is null then
      outcome := 'duplicate';
    elsif outcome = 'working' then
      message := row(
        v_inbox_id, p_channels[place], v_message_id, v_text, 1,
        v_user.id, v_user.number, v_user.name, v_user.language, v_user.role,
        v_user.blocked_at is not null, v_user.balance,
        case
          when p_lids[place] is not null then p_lids[place]
          when p_channels[place] = 'whatsapp' then coalesce(lid_of(v_user.id), v_user.number)
          else v_user.number
        end,
        is_quiet(v_user),
        case when exists (select from conversations where user_id = v_user.id)
          then conversation_of(v_user.id)
        end,
        (select last_value from house_versions)
      );
    elsif outcome = 'refused' and not is_quiet(v_user) and not exists (
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
    if v_inbox_id is not null and v_user.last_channel is distinct from p_channels[place] then
      perform remember_channel(v_user.id, p_channels[place]);
    end if;
    accepted_user_id := v_user.id;
    return next;
  end loop;
end $$;
