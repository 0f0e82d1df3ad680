-- Begins a checkout: the customer's purchase limit, their lock and the units, all or nothing.
-- Everything is checked before anything is written; a refusal writes nothing and counts as no purchase.
--
-- KEYS  1 limiter  2 lock  3 stock counter  4 holds
-- ARGV  1 token  2 quantity  3 product code  4 purchases a window  5 window (ms)  6 lock (ms)  7 hold (ms)
-- Result {outcome, value}
--   0 cold          the counter is not loaded: load it from PostgreSQL and call again
--   1 held          value: units left after this hold
--   2 rate limited  value: ms until the window ends
--   3 locked        value: ms until the other lock ends
--   4 sold out      value: units left, fewer than wanted
-- Errors  WRONGTYPE when a key holds something that is not ours
local limiter, lock, stock, holds = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local token, quantity, product = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local limit, window_ms = tonumber(ARGV[4]), tonumber(ARGV[5])
local lock_ms, hold_ms = tonumber(ARGV[6]), tonumber(ARGV[7])

local left = tonumber(redis.call("GET", stock) or "")
if not left then
  return { 0, 0 }
end

-- A limiter without an end would refuse for ever: it counts as empty and is begun anew.
local hits = tonumber(redis.call("GET", limiter) or "") or 0
local window_left_ms = redis.call("PTTL", limiter)
if window_left_ms < 0 then
  hits = 0
elseif hits >= limit then
  return { 2, window_left_ms }
end

if redis.call("EXISTS", lock) == 1 then
  local lock_left_ms = redis.call("PTTL", lock)
  return { 3, lock_left_ms >= 0 and lock_left_ms or lock_ms }
end

if left < quantity then
  return { 4, math.max(left, 0) }
end

local time = redis.call("TIME")
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)

if hits == 0 then
  redis.call("SET", limiter, 1, "PXAT", now_ms + window_ms)
else
  redis.call("INCR", limiter)
end
redis.call("SET", lock, token, "PXAT", now_ms + lock_ms)
redis.call("ZADD", holds, now_ms + hold_ms, token .. ":" .. quantity .. ":" .. product)
return { 1, redis.call("DECRBY", stock, quantity) }
