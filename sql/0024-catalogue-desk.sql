-- The catalogue's desk in a chat: what a seller sees of the stock, and pasted goods that nobody reads later.

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
