-- Ends the holds of one product whose time is over (their process died) and gives their units back.
--
-- KEYS  1 stock counter  2 holds
-- ARGV  1 product code  2 the most holds to look at
-- Result {1, number of holds ended}
-- Errors  WRONGTYPE when a key holds something that is not ours
local stock, holds = KEYS[1], KEYS[2]
local product, most = ARGV[1], ARGV[2]

local time = redis.call("TIME")
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local counter = tonumber(redis.call("GET", stock) or "")
local due = redis.call("ZRANGEBYSCORE", holds, "-inf", now_ms, "LIMIT", 0, most)

local ended, units = 0, 0
for _, member in ipairs(due) do
  local quantity, of = string.match(member, "^[^:]*:(%d+):(.*)$")
  if of == product then
    redis.call("ZREM", holds, member)
    ended = ended + 1
    units = units + tonumber(quantity)
  end
end
-- A cold counter stays cold: what is loaded from PostgreSQL already contains these units.
if counter and units > 0 then
  redis.call("INCRBY", stock, units)
end
return { 1, ended }
