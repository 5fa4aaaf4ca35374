-- Settle: any outcome but published. Whatever was learned of the article is saved, the lease ends: one step.
--
-- KEYS  1 clock  2 leases  3 holders  4 hosts  5 slots  6 pace  7 queue of the host  8 entries  9 rechecks
--       10 counts  11 dead  12 article  13 sources  14 stream of the unmatched
-- ARGV  1 member  2 token  3 host  4 gap (ms)  5 outcome ("unchanged", "rejected:no-text", "dead:...")
--       6 revision that the decision was based on ('' = no article was read, or nothing changes)
--       7 article state (JSON)  8 its time to live (ms)
--       9 next recheck (JSON, '' = none), for a recheck alone  10 after (ms)  11 detail, for dead  12 how long the stream keeps it (ms)
--       13 what is kept of the article, which meets no topic (bytes, '' = nothing)  14 how long (ms)
-- Returns "OK", "STALE" or "CONFLICT"
--
-- A consent wall and the like counts against the sources of the page; an article that is not published heals them, too.
-- What is kept of unmatched articles ages with every work that ends, so that it goes even if no more is to be kept.

local clock, leases, holders, hosts, slots, pace = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local queue, entries, rechecks, counts, dead, article = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12]
local unmatched = KEYS[14]
local member, token, host, outcome = ARGV[1], ARGV[2], ARGV[3], ARGV[5]
local holder = holds(holders, member, token)
if not holder then return 'STALE' end
local now, id = now_ms(clock), id_of(member)
local dying = kind_of(member) == 'e' and string.sub(outcome, 1, 5) == 'dead:' and redis.call('HGET', entries, id)
if ARGV[6] ~= '' then
    if revision_of(article) ~= tonumber(ARGV[6]) then return 'CONFLICT' end
    redis.call('SET', article, ARGV[7], 'PX', ARGV[8])
    if ARGV[13] ~= '' then append(unmatched, ARGV[14], 'id', cjson.decode(ARGV[7]).id, 'article', ARGV[13]) end
end
local is_recheck = kind_of(member) == 'a'
note_page(KEYS[13], is_recheck and rechecks or entries, id, string.match(outcome, ':(.*)') or '')

if is_recheck then
    plan_recheck(rechecks, queue, id, ARGV[9], now + tonumber(ARGV[10]))
    redis.call('HINCRBY', counts, 'recheck:' .. outcome, 1)
elseif dying then
    bury(entries, counts, dead, ARGV[12], id, cjson.decode(dying), string.sub(outcome, 6), ARGV[11])
else
    end_entry(entries, counts, id, outcome)
end
end_lease(leases, holders, slots, member, host, now + tonumber(ARGV[4]))
reschedule(hosts, slots, queue, host, now)
note_pace(pace, hosts, host, holder.since, now)
if ARGV[13] == '' then redis.call('XTRIM', unmatched, 'MINID', '~', oldest_id(ARGV[14])) end
return 'OK'
