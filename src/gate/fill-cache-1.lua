-- Stores a value that was loaded under a mark, unless the key was forgotten or filled since.
--
-- KEYS  1 cached value
-- ARGV  1 mark  2 the text to cache  3 lifetime (ms)
-- Result {outcome, value}
--   0 outdated  the mark is gone: nothing was written; value 0
--   1 stored    value 0
-- Errors  WRONGTYPE when the key holds something that is not ours
local cached = KEYS[1]
local mark, text, lifetime_ms = ARGV[1], ARGV[2], ARGV[3]

if redis.call("GET", cached) ~= mark then
  return { 0, 0 }
end
redis.call("SET", cached, text, "PX", lifetime_ms)
return { 1, 0 }
