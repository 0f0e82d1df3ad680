-- Counts one use against a fixed window that begins with the first use. A refused use is not counted.
--
-- KEYS  1 limiter
-- ARGV  1 uses a window  2 window (ms)
-- Result {outcome, value}
--   1 allowed       value: uses in this window, with this one
--   2 rate limited  value: ms until the window ends
-- Errors  WRONGTYPE when the key holds something that is not ours
local limiter = KEYS[1]
local limit, window_ms = tonumber(ARGV[1]), tonumber(ARGV[2])

-- A limiter without an end would refuse for ever: it counts as empty and is begun anew.
local hits = tonumber(redis.call("GET", limiter) or "") or 0
local window_left_ms = redis.call("PTTL", limiter)
if window_left_ms < 0 then
  hits = 0
elseif hits >= limit then
  return { 2, window_left_ms }
end

if hits == 0 then
  redis.call("SET", limiter, 1, "PX", window_ms)
else
  redis.call("INCR", limiter)
end
return { 1, hits + 1 }
