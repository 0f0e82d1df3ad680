-- Reads a cached value, or marks its key as being filled. The mark stands in the value's own place, so
-- forgetting the key also voids every fill that began before.
--
-- KEYS  1 cached value
-- ARGV  1 mark ("~" and a token; JSON never begins so)  2 how long the mark stands (ms)
-- Result {outcome, value}
--   1 hit   value: the cached text
--   2 fill  value: the mark to fill with, shared by all who miss while it stands
-- Errors  WRONGTYPE when the key holds something that is not ours
local cached = KEYS[1]
local mark, mark_ms = ARGV[1], ARGV[2]

local value = redis.call("GET", cached)
if not value then
  redis.call("SET", cached, mark, "PX", mark_ms)
  return { 2, mark }
end
if string.sub(value, 1, 1) == "~" then
  return { 2, value }
end
return { 1, value }
