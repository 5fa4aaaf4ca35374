-- Discovered: a poll is over. New entries go to the frontier, the source's validators and next due time are saved, the
-- lease ends: one step, so that no crash saves an ETag without the entries it stands for.
--
-- KEYS  1 clock  2 leases  3 holders  4 hosts  5 slots  6 pace  7 entries  8 rechecks  9 sources
--       10 counts  11 seen  12 seen:old  13 addresses  14 found in this period  15 found in the one before
--       16 queue of the leased host
--       17 queue of the host where the source is polled next, then the queue of each host of the entries
-- ARGV  1 member  2 token  3 leased host  4 gap (ms)  5 source state (JSON)  6 host polled next  7 due (ms; '' = at once)
--       8 how long seen entries are remembered at least (ms)  9 how long `found` is kept (ms; 0: it need not be)
--       10 when a twin is polled (ms)  11 number of hosts, then those hosts
--       then for each entry: id, index of its host (from 1), "fetch" or the outcome that it has at once, mark, record (JSON)
-- Returns { "OK" | "STALE", new entries to fetch, new entries with an outcome at once, known entries, id of its twin }
--
-- A source that a redirect leads onto the address of another, or to where another was led before it, is its twin: the two
-- are one, which is polled under the other's name. Only one that is well, and nobody's twin, can be polled for another; and
-- every now and then we look whether all that still is so.
--
-- `seen` rotates: an entry announced again is carried over to the young set, so evergreen entries never come back as
-- new, and entries that no source announces any more are forgotten after one to two periods.

local clock, leases, holders, hosts, slots, pace = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local entries, rechecks, sources, counts, seen, old = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12]
local addresses, found, found_before = KEYS[13], KEYS[14], KEYS[15]
local member, token, host = ARGV[1], ARGV[2], ARGV[3]
local source = id_of(member)
local holder, known_source = holds(holders, member, token), redis.call('HGET', sources, source)
if not (holder and known_source) then return { 'STALE', 0, 0, 0, '' } end

local now = now_ms(clock)
local rotated = tonumber(redis.call('HGET', counts, 'seen-rotated') or 0)
if now - rotated > tonumber(ARGV[8]) then
    if redis.call('EXISTS', seen) == 1 then
        redis.call('UNLINK', old) -- freed beside the server's work: RENAME would free millions at once, for a second
        redis.call('RENAME', seen, old)
    end
    redis.call('HSET', counts, 'seen-rotated', now)
end

-- An entry that is still open: remember that one more source announces it.
local function announce_again(id, raw)
    local record = cjson.decode(raw)
    if not string.find(' ' .. record.via .. ' ', ' ' .. source .. ' ', 1, true) then
        record.via = record.via .. ' ' .. source
        redis.call('HSET', entries, id, cjson.encode(record))
    end
end

-- A published article that its source now announces otherwise (new title, new date): look at it now, not by the plan.
-- Only the source that announced it first is believed: two sources rarely spell a title alike.
local function hurry_recheck(id, host_of_entry, queue, mark)
    local raw = redis.call('HGET', rechecks, id)
    if not raw then return end
    local record = cjson.decode(raw)
    if record.mark == mark or record.source ~= source or record.host ~= host_of_entry then return end
    record.mark = mark
    record.hurried = true
    redis.call('HSET', rechecks, id, cjson.encode(record))
    redis.call('ZADD', queue, 'XX', 'LT', now, 'a:' .. id)
end

-- Who found what, and when: for entries that were news to us, where an outlet has several sources.
local comparing = tonumber(ARGV[9]) > 0
local function note_finder(id, record)
    redis.call('HSET', found, id, cjson.decode(record).url .. '\n' .. source .. string.format(' %.0f', now))
    redis.call('PEXPIRE', found, ARGV[9])
end
local function note_late_finder(id)
    local key, told = found, redis.call('HGET', found, id)
    if not told then key, told = found_before, redis.call('HGET', found_before, id) end
    if told and not string.find(told, '\n' .. source .. ' ', 1, true) then
        redis.call('HSET', key, id, told .. '\n' .. source .. string.format(' %.0f', now))
    end
end

local function can_be_polled_for_others(id)
    local raw = id and id ~= source and redis.call('HGET', sources, id)
    if not raw then return false end
    local other = cjson.decode(raw)
    return other.failures == 0 and other.twin == ''
end

-- The id of the other source that is known for living where this one lands; ''.
local function twin_at(landed)
    if landed == '' or landed == source then return '' end
    if can_be_polled_for_others(landed) then return landed end
    local first = redis.call('HGET', addresses, landed)
    if can_be_polled_for_others(first) then return first end
    redis.call('HSET', addresses, landed, source)
    return ''
end
local function leave(landed)
    if landed ~= '' and redis.call('HGET', addresses, landed) == source then redis.call('HDEL', addresses, landed) end
end

local many = tonumber(ARGV[11])
local fetch, ended, known = 0, 0, 0
for i = 12 + many, #ARGV, 5 do
    local id, queue, fate, mark, record = ARGV[i], KEYS[17 + ARGV[i + 1]], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
    if redis.call('SADD', seen, id) == 0 or redis.call('SISMEMBER', old, id) == 1 then
        known = known + 1
        local open = redis.call('HGET', entries, id)
        if open then announce_again(id, open) else hurry_recheck(id, ARGV[11 + ARGV[i + 1]], queue, mark) end
        if comparing then note_late_finder(id) end
    elseif fate == 'fetch' then
        fetch = fetch + 1
        redis.call('HSET', entries, id, record)
        redis.call('ZADD', queue, now, 'e:' .. id)
        if comparing then note_finder(id, record) end
    else
        ended = ended + 1
        redis.call('HINCRBY', counts, 'outcome:' .. fate, 1)
    end
end
if fetch + ended > 0 then redis.call('HINCRBY', counts, 'announced', fetch + ended) end

local state, before = cjson.decode(ARGV[5]), cjson.decode(known_source)
take_over(state, before) -- registered anew during the poll, maybe
state.walls, state.wall = before.walls or 0, before.wall or '' -- its pages', some maybe since the poll began
if fetch > 0 then state.new_entry_ms = now end
if state.failures > 0 or state.landed ~= before.landed then leave(before.landed or '') end
state.twin = state.failures == 0 and twin_at(state.landed) or ''
if state.twin ~= '' then
    state.due_ms, state.why = tonumber(ARGV[10]), 'the same as another source, which is polled'
end
redis.call('HSET', sources, source, cjson.encode(state))
redis.call('ZADD', KEYS[17], ARGV[7] == '' and due_again(holder, now, 0) or state.due_ms, member)
end_lease(leases, holders, slots, member, host, now + tonumber(ARGV[4]))
reschedule(hosts, slots, KEYS[16], host, now)
reschedule(hosts, slots, KEYS[17], ARGV[6], now)
for i = 1, many do reschedule(hosts, slots, KEYS[17 + i], ARGV[11 + i], now) end
note_pace(pace, hosts, host, holder.since, now)
return { 'OK', fetch, ended, known, state.twin }
