-- Words to many customers, which never keep a reply waiting.

alter domain outbox_kind drop constraint outbox_kind_check;
alter domain outbox_kind add constraint outbox_kind_check check (value in (
  'text', 'goods', 'payment_request', 'order_paid', 'deposit_paid', 'order_expired', 'late_balance', 'busy',
  'payment_review', 'broadcast'
));

alter table outbox
  drop constraint outbox_check,
  add constraint outbox_check check (
    (state = 'sending') = (claimed_by is not null)
    and (kind in ('text', 'broadcast')) = (text is not null)
    and (kind <> 'goods' or order_id is not null)
  );

drop function claim_outbox(integer, text[], text, integer);

-- Claims the oldest unsent message of each customer on the given channels, where it is due and nothing of
-- that customer's is under way. With p_number, only that customer's. Broadcasts come after everything else,
-- and are at most p_broadcasts_max. One with something else behind it goes as that would, and is not counted:
-- a customer's messages stay in order, and the one behind must not wait.
create function claim_outbox(
  p_owner integer,
  p_channels text[],
  p_number text,
  p_limit integer,
  p_broadcasts_max integer
) returns table (message outbox, is_broadcast boolean)
language plpgsql as $$
declare
  v_head record;
begin
  for v_head in
    select channel, user_id, min(id) as id, bool_and(kind = 'broadcast') as only_broadcasts
      from outbox
     where state in ('waiting', 'sending')
       and channel = any (p_channels)
       and (p_number is null or user_id = (select id from users where number = p_number))
     group by channel, user_id
    having bool_and(state = 'waiting')
     order by only_broadcasts, min(id)
  loop
    exit when v_head.only_broadcasts and p_broadcasts_max <= 0;
    message := null;
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
      returning * into message;
    exception when unique_violation then
      -- Another process was quicker with this customer.
      null;
    end;
    if message.id is not null then
      is_broadcast := v_head.only_broadcasts;
      return next;
      if is_broadcast then
        p_broadcasts_max := p_broadcasts_max - 1;
      end if;
      p_limit := p_limit - 1;
      exit when p_limit <= 0;
    end if;
  end loop;
end $$;
