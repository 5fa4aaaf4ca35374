-- Register: the watchlist's sources take their place in the schedule. A known source keeps its memory and its due time
-- (a restart causes no early poll); only what the watchlist says of it is renewed.
--
-- KEYS  1 clock  2 hosts  3 slots  4 sources, then the queue of each source's host
-- ARGV  for each source: id, host, first state (JSON), first due: from now (ms)
-- Returns the number of sources that are new
--
-- A source that has moved for good (a permanent redirect) waits in another host's queue; Python passes that host.

local clock, hosts, slots, sources = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now, new = now_ms(clock), 0
for i = 1, #ARGV, 4 do
    local id, host, queue = ARGV[i], ARGV[i + 1], KEYS[4 + (i + 3) / 4]
    local known = redis.call('HGET', sources, id)
    if known then
        local state, fresh = cjson.decode(known), cjson.decode(ARGV[i + 2])
        for _, field in ipairs({ 'outlet', 'kind', 'every_ms', 'first_look_ms' }) do state[field] = fresh[field] end
        redis.call('HSET', sources, id, cjson.encode(state))
        if state.polled_ms > 0 and state.failures == 0 then
            redis.call('ZADD', queue, 'XX', 'LT', state.polled_ms + state.every_ms, 's:' .. id)
        end
    else
        redis.call('HSET', sources, id, ARGV[i + 2])
        redis.call('ZADD', queue, now + tonumber(ARGV[i + 3]), 's:' .. id)
        new = new + 1
    end
    reschedule(hosts, slots, queue, host)
end
return new
