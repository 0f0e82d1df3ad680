-- Ends a checkout with the token that began it. Idempotent: a hold that is gone is not given back again,
-- and a lock is removed only while it carries this token.
--
-- KEYS  1 limiter  2 lock  3 stock counter  4 holds
-- ARGV  1 token  2 quantity  3 product code  4 "sold" or "released"  5 window (ms)  6 hold (ms)
-- Result {outcome, value}
--   0 hold gone  it ended before, ran out, or Redis was emptied; value 0
--   1 ended      value: 1 when the purchase was given back to the limiter, else 0
-- Errors  WRONGTYPE when a key holds something that is not ours
local limiter, lock, stock, holds = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local token, quantity, product, ending = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local window_ms, hold_ms = tonumber(ARGV[5]), tonumber(ARGV[6])

local member = token .. ":" .. quantity .. ":" .. product
local owner = redis.call("GET", lock)
local hold_ends_at_ms = tonumber(redis.call("ZSCORE", holds, member) or "")
local counter = redis.call("GET", stock)
local hits = tonumber(redis.call("GET", limiter) or "") or 0
local window_ends_at_ms = redis.call("PEXPIRETIME", limiter)

if owner == token then
  redis.call("DEL", lock)
end
if not hold_ends_at_ms then
  return { 0, 0 }
end
redis.call("ZREM", holds, member)

if ending == "sold" then
  -- A load under way may have counted before the sale: its mark goes, so that it counts again.
  if counter and not tonumber(counter) then
    redis.call("DEL", stock)
  end
  return { 1, 0 }
end

if counter and tonumber(counter) then
  redis.call("INCRBY", stock, quantity)
end

-- Only the window in which this purchase was counted gets it back.
local began_at_ms = hold_ends_at_ms - hold_ms
if hits == 0 or window_ends_at_ms < 0 or began_at_ms < window_ends_at_ms - window_ms then
  return { 1, 0 }
end
if hits == 1 then
  redis.call("DEL", limiter)
else
  redis.call("DECR", limiter)
end
return { 1, 1 }
