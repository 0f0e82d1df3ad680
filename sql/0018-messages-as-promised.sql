-- A message says the same at every attempt, and all that belongs to it.

-- The language it was promised in: words are written when it is sent, perhaps more than once, and its
-- customer may have chosen another language in between. Null for those promised before this.
alter table outbox add column language text;

create function keep_language() returns trigger
language plpgsql as $$
begin
  select language into new.language from users where id = new.user_id;
  return new;
end $$;

create trigger outbox_keeps_its_language
  before insert on outbox
  for each row execute function keep_language();

-- claim_outbox finds messages that were committed after the statement that calls it began. What that
-- statement reads of such a message has to be as fresh: else goods go out without their units, and a message
-- to somebody who came in the same moment goes to nobody. A volatile function takes a snapshot of its own.

alter function units_of(bigint) volatile;
alter function units_of_message(text, bigint, jsonb) volatile;

-- Where a customer's messages go on a channel, and the language they speak now.
create function addressee_of(p_user_id bigint, p_channel text)
returns table (address text, language text)
language sql volatile as $$
  select case
           when p_channel = 'whatsapp' or users.number is null then coalesce(lid_of(users.id), users.number)
           else users.number
         end,
         users.language
    from users
   where users.id = p_user_id
$$;
