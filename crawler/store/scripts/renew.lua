-- Renew: a living worker keeps its leases, and the slots that go with them.
--
-- KEYS  1 clock  2 leases  3 holders  4 hosts  5 slots  6 pace (left alone)
-- ARGV  1 lease (ms), then member, token, host of each lease
-- Returns the members that are no longer this worker's (STALE): an expired lease is not brought back to life, because its
-- host's slot may be another's by now.

local clock, leases, holders, hosts, slots = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local now = now_ms(clock)
local until_ms = now + tonumber(ARGV[1])
local stale = {}
for i = 2, #ARGV, 3 do
    local member, token, host = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    local expiry = tonumber(redis.call('ZSCORE', leases, member) or 0)
    if expiry > now and holds(holders, member, token) then
        redis.call('ZADD', leases, until_ms, member)
        redis.call('ZADD', slots, until_ms, host)
        redis.call('ZADD', hosts, 'XX', 'GT', until_ms, host)
    else
        stale[#stale + 1] = member
    end
end
return stale
