-- Moves a loaded counter by what PostgreSQL has committed. A cold counter stays cold, and a load that is
-- under way becomes void, because it may have counted before the change.
--
-- KEYS  1 stock counter
-- ARGV  1 units, negative when they were taken
-- Result {outcome, value}
--   0 cold      value 0
--   1 adjusted  value: units left
-- Errors  WRONGTYPE when the key holds something that is not ours
local stock = KEYS[1]
local counter = redis.call("GET", stock)
if counter and tonumber(counter) then
  return { 1, redis.call("INCRBY", stock, ARGV[1]) }
end
if counter then
  redis.call("DEL", stock)
end
return { 0, 0 }
