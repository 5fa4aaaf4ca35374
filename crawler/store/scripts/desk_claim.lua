-- Claim the desk: one process at a time makes stories and alerts. Each claim has a new fencing token, greater than all
-- before it, so that whoever lost the desk without noticing is refused by desk_write. Who has it may claim it again: it
-- did not hear the answer. A count alone would come again on a replica that took over and missed the last claims, so the
-- token is the time.
--
-- KEYS  1 clock  2 desk
-- ARGV  1 who claims it  2 lease (ms)
-- Returns the fencing token, the offset (the last article event that is done) and now (ms);
-- or 0, who has the desk, and until when (ms)

local clock, desk = KEYS[1], KEYS[2]
local now = now_ms(clock)
local until_ms = tonumber(redis.call('HGET', desk, 'until') or 0)
if until_ms > now and redis.call('HGET', desk, 'holder') ~= ARGV[1] then return { 0, redis.call('HGET', desk, 'holder'), until_ms } end

local fence = math.max(tonumber(redis.call('HGET', desk, 'fence') or 0) + 1, now)
redis.call('HSET', desk, 'fence', string.format('%.0f', fence), 'holder', ARGV[1],
    'until', string.format('%.0f', now + tonumber(ARGV[2])))
return { fence, redis.call('HGET', desk, 'offset') or '0-0', now }
