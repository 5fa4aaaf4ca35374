-- Revive: an entry in `dead` gets another chance. Its outcome is taken back, so that it still ends in exactly one.
--
-- KEYS  1 clock  2 hosts  3 slots  4 queue of its host  5 entries  6 counts  7 dead
-- ARGV  1 stream id in dead  2 entry id  3 host  4 reason it died of  5 record (JSON)
-- Returns "OK", "OPEN" when the entry was announced anew meanwhile and has not ended, or "GONE" when it is no longer
--       among the dead

local clock, hosts, slots, queue, entries, counts, dead = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
if redis.call('XDEL', dead, ARGV[1]) == 0 then return 'GONE' end
if redis.call('HEXISTS', entries, ARGV[2]) == 1 then return 'OPEN' end
redis.call('HINCRBY', counts, 'outcome:dead:' .. ARGV[4], -1)
redis.call('HSET', entries, ARGV[2], ARGV[5])
local now = now_ms(clock)
redis.call('ZADD', queue, now, 'e:' .. ARGV[2])
reschedule(hosts, slots, queue, ARGV[3], now)
return 'OK'
