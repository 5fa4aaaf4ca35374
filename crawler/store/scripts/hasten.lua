-- Hasten: sources that wait are due now, whatever they were waiting for. One that is being polled is left alone.
--
-- KEYS  1 clock  2 hosts  3 slots  4 sources, then the queue of each source's host
-- ARGV  why, for a person, then for each source: id, host
-- Returns the number of sources that are due now

local clock, hosts, slots, sources = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now, hastened = now_ms(clock), 0
for i = 2, #ARGV, 2 do
    local id, host, queue = ARGV[i], ARGV[i + 1], KEYS[4 + i / 2]
    local known = redis.call('HGET', sources, id)
    if known and redis.call('ZSCORE', queue, 's:' .. id) then
        local state = cjson.decode(known)
        state.due_ms, state.why = math.min(now, state.due_ms), ARGV[1]
        redis.call('HSET', sources, id, cjson.encode(state))
        redis.call('ZADD', queue, 'LT', state.due_ms, 's:' .. id)
        hastened = hastened + 1
        reschedule(hosts, slots, queue, host, now)
    end
end
return hastened
