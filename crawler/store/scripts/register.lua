-- Register: the watchlist's sources take their place in the schedule. A known source keeps its memory and its due time
-- (a restart causes no early poll); only what the watchlist says of it is renewed.
--
-- KEYS  1 clock  2 hosts  3 slots  4 sources, then the queue of each source's host
-- ARGV  for each source: id, host, first state (JSON), when it is first polled, if it is new (ms from now)
-- Returns the number of sources that are new
--
-- A source whose poll was redirected waits in another host's queue; Python passes that host. A shorter interval takes
-- effect at once; nothing else brings a poll forward.

local clock, hosts, slots, sources = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now, new = now_ms(clock), 0

-- When a known source is due by what is wanted now.
local function due_by(state, fresh)
    local shorter = fresh.every_ms < state.every_ms
    local may_change = shorter or fresh.longest_ms < state.longest_ms
    if state.polls == 0 or state.failures > 0 or not may_change then return state.due_ms end
    return math.max(state.rests_until_ms, state.polled_ms + (shorter and fresh.every_ms or fresh.longest_ms))
end

for i = 1, #ARGV, 4 do
    local id, host, queue = ARGV[i], ARGV[i + 1], KEYS[4 + (i + 3) / 4]
    local known = redis.call('HGET', sources, id)
    if known then
        local state, fresh = cjson.decode(known), cjson.decode(ARGV[i + 2])
        local due = due_by(state, fresh)
        if due < state.due_ms then
            state.due_ms = due
            redis.call('ZADD', queue, 'XX', 'LT', due, 's:' .. id)
        end
        take_over(state, fresh)
        redis.call('HSET', sources, id, cjson.encode(state))
    else
        local state = cjson.decode(ARGV[i + 2])
        state.due_ms = now + tonumber(ARGV[i + 3])
        redis.call('HSET', sources, id, cjson.encode(state))
        redis.call('ZADD', queue, state.due_ms, 's:' .. id)
        new = new + 1
    end
    reschedule(hosts, slots, queue, host, now)
end
return new
