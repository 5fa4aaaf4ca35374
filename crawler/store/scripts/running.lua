-- Running: note by which topics the running processes match.
--
-- KEYS  1 clock  2 topics
-- ARGV  1 digest of the topics  2 worker  3 the topics (bytes, '' = not sent: they may be known)
-- Returns "OK", or "SEND": other topics are noted, so send these (nothing was written)
--
-- Those that are noted already keep the time since when.

local clock, topics = KEYS[1], KEYS[2]
if redis.call('HGET', topics, 'digest') ~= ARGV[1] then
    if ARGV[3] == '' then return 'SEND' end
    local now = string.format('%.0f', now_ms(clock))
    redis.call('HSET', topics, 'digest', ARGV[1], 'since', now, 'topics', ARGV[3])
end
redis.call('HSET', topics, 'worker', ARGV[2])
return 'OK'
