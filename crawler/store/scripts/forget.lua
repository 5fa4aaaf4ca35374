-- Forget: sources that are no longer on the watchlist leave the schedule. A poll of one that is under way ends STALE.
--
-- KEYS  1 clock  2 leases  3 holders  4 hosts  5 slots  6 pace  7 sources  8 addresses, then the queue of each source's host
-- ARGV  for each source: id, host
-- Returns the number of sources forgotten

local clock, leases, holders, hosts, slots, pace = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local sources, addresses = KEYS[7], KEYS[8]
local now, gone = now_ms(clock), 0
for i = 1, #ARGV, 2 do
    local id, host, queue = ARGV[i], ARGV[i + 1], KEYS[8 + (i + 1) / 2]
    local known = redis.call('HGET', sources, id)
    local landed = known and cjson.decode(known).landed or ''
    if redis.call('HGET', addresses, landed) == id then redis.call('HDEL', addresses, landed) end
    gone = gone + redis.call('HDEL', sources, id)
    redis.call('ZREM', queue, 's:' .. id)
    redis.call('ZREM', leases, 's:' .. id)
    redis.call('HDEL', holders, 's:' .. id)
    if redis.call('HGET', holders, 'slot:' .. host) == 's:' .. id then
        redis.call('HDEL', holders, 'slot:' .. host, 'rest:' .. host)
    end
    reschedule(hosts, slots, queue, host, now)
    note_pace(pace, hosts, host, nil, now)
end
return gone
