-- Retry: the work goes back to the frontier, not before a given time. Also a clean give-back (nothing counted) and a
-- redirect to another host (the record is patched with the new address). A bot challenge counts against the page's sources.
--
-- KEYS  1 clock  2 leases  3 holders  4 hosts  5 slots  6 pace  7 queue of the leased host
--       8 queue of the host to go to  9 entries  10 rechecks  11 sources  12 counts  13 dead
-- ARGV  1 member  2 token  3 leased host  4 gap (ms)  5 host to go to  6 not before: from now (ms)
--       7 attempts to count (0: none failed)  8 attempts allowed  9 reason  10 detail  11 patch of the record (JSON, '' = none)
--       12 how long the dead are kept (ms)
-- Returns "OK", "STALE", or "DEAD" when the attempts are used up

local clock, leases, holders, hosts, slots, pace = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local records = { e = KEYS[9], a = KEYS[10], s = KEYS[11] }
local counts, dead = KEYS[12], KEYS[13]
local member, token, host, target = ARGV[1], ARGV[2], ARGV[3], ARGV[5]
local holder = holds(holders, member, token)
if not holder then return 'STALE' end

local now, kind, id = now_ms(clock), kind_of(member), id_of(member)
local answer = 'OK'
local raw = records[kind] and redis.call('HGET', records[kind], id)
local counted = tonumber(ARGV[7])
if counted > 0 and kind ~= 's' then note_page(KEYS[11], records[kind], id, ARGV[9]) end
if raw then -- not for robots.txt: the work that wanted it never left its queue
    local record = cjson.decode(raw)
    if ARGV[11] ~= '' then
        for field, value in pairs(cjson.decode(ARGV[11])) do record[field] = value end
    end
    if kind ~= 's' then record.attempts = record.attempts + counted end
    if kind == 'e' and counted > 0 and record.attempts >= tonumber(ARGV[8]) then
        bury(records.e, counts, dead, ARGV[12], id, record, ARGV[9], ARGV[10])
        answer = 'DEAD'
    elseif kind == 'a' and counted > 0 and record.attempts >= tonumber(ARGV[8]) then
        redis.call('HDEL', records.a, id) -- it stays published; nobody looks at it again
        redis.call('HINCRBY', counts, 'recheck:dead', 1)
        answer = 'DEAD'
    else
        redis.call('HSET', records[kind], id, cjson.encode(record))
        redis.call('ZADD', KEYS[8], due_again(holder, now, tonumber(ARGV[6])), member)
    end
end
end_lease(leases, holders, slots, member, host, now + tonumber(ARGV[4]))
reschedule(hosts, slots, KEYS[7], host, now)
reschedule(hosts, slots, KEYS[8], target, now)
note_pace(pace, hosts, host, holder.since, now)
return answer
