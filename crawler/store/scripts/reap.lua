-- Reap: leases of workers that died go back to their queues with one death more; to dead after the last that is allowed.
--
-- KEYS  1 clock  2 leases  3 holders  4 hosts  5 slots  6 pace  7 entries  8 rechecks  9 sources
--       10 counts  11 dead,
--       then the queue of each lease's host
-- ARGV  1 deaths allowed  2 gap (ms)  3 how long the dead are kept (ms), then member, host of each lease
-- Returns { returned, buried }
--
-- A poll is repeated at once after the first death; a source whose polls kill their workers again and again is asked ever
-- more rarely (1, 4, 16 ... minutes, at most a day), but never forgotten.

local clock, leases, holders, hosts, slots, pace = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local entries, rechecks, sources, counts, dead = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local allowed, gap, keep = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local now = now_ms(clock)
local returned, buried = 0, 0

local function return_page(records, member, queue, holder)
    local id = id_of(member)
    local raw = redis.call('HGET', records, id)
    if not raw then return 0, 0 end -- a recheck whose plan ended meanwhile
    local record = cjson.decode(raw)
    record.deaths = record.deaths + 1
    if record.deaths < allowed then
        redis.call('HSET', records, id, cjson.encode(record))
        redis.call('ZADD', queue, due_again(holder, now, 0), member)
        return 1, 0
    elseif kind_of(member) == 'e' then
        bury(entries, counts, dead, keep, id, record, 'worker-died', 'its worker died ' .. record.deaths .. ' times')
    else
        redis.call('HDEL', rechecks, id)
        redis.call('HINCRBY', counts, 'recheck:dead', 1)
    end
    return 0, 1
end

local function return_poll(member, queue, holder)
    local raw = redis.call('HGET', sources, id_of(member))
    if not raw then return 0, 0 end
    local state = cjson.decode(raw)
    local wait = 0
    if state.reaps > 0 then wait = math.min(60000 * 4 ^ (state.reaps - 1), 86400000) end
    state.reaps = state.reaps + 1
    redis.call('HSET', sources, id_of(member), cjson.encode(state))
    redis.call('ZADD', queue, due_again(holder, now, wait), member)
    return 1, 0
end

for i = 4, #ARGV, 2 do
    local member, host, queue = ARGV[i], ARGV[i + 1], KEYS[11 + (i - 2) / 2]
    local expiry = tonumber(redis.call('ZSCORE', leases, member) or math.huge)
    if expiry <= now then
        local kind, back, gone = kind_of(member), 0, 0
        local holder = holder_of(holders, member) or {}
        if kind == 'e' then back, gone = return_page(entries, member, queue, holder) end
        if kind == 'a' then back, gone = return_page(rechecks, member, queue, holder) end
        if kind == 's' then back, gone = return_poll(member, queue, holder) end
        returned, buried = returned + back, buried + gone
        end_lease(leases, holders, slots, member, host, now + gap)
        reschedule(hosts, slots, queue, host, now)
        note_pace(pace, hosts, host, nil, now) -- how long a worker lay dead tells nothing of the host
    end
end
return { returned, buried }
