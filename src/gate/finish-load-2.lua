-- Turns the mark of start-load into the counter: units in PostgreSQL less the holds in flight.
-- With holds in flight nobody can tell whether their sale was already counted, so the counter is then set
-- to run out soon and be loaded again; without any it stays.
--
-- KEYS  1 stock counter  2 holds
-- ARGV  1 mark  2 units in PostgreSQL  3 product code  4 how long an uncertain counter stays (ms)
-- Result {outcome, value}
--   0 void    the stock changed since the mark was set: begin again; value 0
--   1 loaded  value: units left, by this load or by another that shared the mark
-- Errors  WRONGTYPE when a key holds something that is not ours
local stock, holds = KEYS[1], KEYS[2]
local mark, units, product, uncertain_ms = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]

local counter = redis.call("GET", stock)
if counter and tonumber(counter) then
  return { 1, tonumber(counter) }
end
if counter ~= mark then
  return { 0, 0 }
end

local held = 0
for _, member in ipairs(redis.call("ZRANGE", holds, 0, -1)) do
  local quantity, of = string.match(member, "^[^:]*:(%d+):(.*)$")
  if of == product then
    held = held + tonumber(quantity)
  end
end
if held > 0 then
  redis.call("SET", stock, units - held, "PX", uncertain_ms)
else
  redis.call("SET", stock, units)
end
return { 1, units - held }
