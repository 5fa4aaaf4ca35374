-- Robots: a host's robots.txt is known (or known to be out of reach) for a while; its slot is free for the work that waits.
--
-- KEYS  1 clock  2 leases  3 holders  4 hosts  5 slots  6 pace  7 queue of the host  8 robots
-- ARGV  1 member  2 token  3 host  4 gap (ms)  5 text  6 why it is out of reach ('' = it is not)  7 time to live (ms)
-- Returns "OK" or "STALE"

local clock, leases, holders, hosts, slots, pace = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local queue, robots = KEYS[7], KEYS[8]
local member, token, host = ARGV[1], ARGV[2], ARGV[3]
local holder = holds(holders, member, token)
if not holder then return 'STALE' end

local now = now_ms(clock)
redis.call('HSET', robots, 'stamp', string.format('%.0f', now), 'text', ARGV[5], 'unreachable', ARGV[6])
redis.call('PEXPIRE', robots, ARGV[7])
end_lease(leases, holders, slots, member, host, now + tonumber(ARGV[4]))
reschedule(hosts, slots, queue, host, now)
note_pace(pace, hosts, host, holder.since, now)
return 'OK'
