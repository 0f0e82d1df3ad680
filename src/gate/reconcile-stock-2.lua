-- Sets a counter to what PostgreSQL counted, unless anything moved since the counter was read.
--
-- KEYS  1 stock counter  2 holds
-- ARGV  1 the counter as it was read  2 units in PostgreSQL  3 product code
-- Result {outcome, value}
--   0 busy      the counter moved, or a checkout is in flight: nothing was written; value 0
--   1 repaired  value: units left
-- Errors  WRONGTYPE when a key holds something that is not ours
local stock, holds = KEYS[1], KEYS[2]
local expected, units, product = ARGV[1], ARGV[2], ARGV[3]

if redis.call("GET", stock) ~= expected then
  return { 0, 0 }
end
for _, member in ipairs(redis.call("ZRANGE", holds, 0, -1)) do
  if string.match(member, "^[^:]*:%d+:(.*)$") == product then
    return { 0, 0 }
  end
end
redis.call("SET", stock, units)
return { 1, tonumber(units) }
