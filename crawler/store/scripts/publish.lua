-- Publish: the event goes to the stream, the article's state is saved, the lease ends, its outcome is counted: one step.
--
-- KEYS  1 clock  2 leases  3 holders  4 hosts  5 slots  6 pace  7 queue of the host  8 entries  9 rechecks
--       10 counts  11 article  12 stream  13 sources
-- ARGV  1 member  2 token  3 host  4 gap (ms)  5 revision that the decision was based on (0: none)
--       6 article state (JSON)  7 its time to live (ms)  8 event type  9 event (JSON)
--       10 how long the stream keeps events (ms)  11 next recheck (JSON, '' = none)  12 after (ms)
-- Returns "OK", "STALE" (the lease is another's) or "CONFLICT" (another revision came first: decide again)
--
-- The sources of the page are well again, if its outlet had put walls in front of the last ones.

local clock, leases, holders, hosts, slots, pace = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local queue, entries, rechecks, counts, article, stream = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12]
local member, token, host = ARGV[1], ARGV[2], ARGV[3]
local holder = holds(holders, member, token)
if not holder then return 'STALE' end
if revision_of(article) ~= tonumber(ARGV[5]) then return 'CONFLICT' end

local now = now_ms(clock)
append(stream, ARGV[10], 'type', ARGV[8], 'event', ARGV[9])
redis.call('SET', article, ARGV[6], 'PX', ARGV[7])
note_page(KEYS[13], kind_of(member) == 'e' and entries or rechecks, id_of(member), '')
plan_recheck(rechecks, queue, id_of(member), ARGV[11], now + tonumber(ARGV[12]))
if kind_of(member) == 'e' then
    end_entry(entries, counts, id_of(member), 'published')
else
    redis.call('HINCRBY', counts, 'recheck:revised', 1)
end
end_lease(leases, holders, slots, member, host, now + tonumber(ARGV[4]))
reschedule(hosts, slots, queue, host, now)
note_pace(pace, hosts, host, holder.since, now)
return 'OK'
