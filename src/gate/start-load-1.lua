-- Reads a stock counter, or marks it as being loaded. The mark stands in the counter's own place: whoever
-- changes the stock meanwhile removes it, and the load that was begun before is void. Loaders that come
-- while a mark stands share it; the first to finish turns it into the number.
--
-- KEYS  1 stock counter
-- ARGV  1 mark ("~" and a token)  2 how long the mark stands (ms)
-- Result {outcome, value}
--   1 loaded  value: units left
--   2 load    value: the mark to finish with
-- Errors  WRONGTYPE when the key holds something that is not ours
local stock = KEYS[1]
local mark, mark_ms = ARGV[1], ARGV[2]

local counter = redis.call("GET", stock)
if counter and tonumber(counter) then
  return { 1, tonumber(counter) }
end
if counter then
  return { 2, counter }
end
redis.call("SET", stock, mark, "PX", mark_ms)
return { 2, mark }
