--@include _wish.lua
-- Pending: is there anything left that a pass should wait for? Changes nothing.
--
-- KEYS  1 clock  2 hosts  3 leases  4 holders  5 entries  6 rechecks  7 sources, then the queue of each host asked for
-- ARGV  1 how far ahead to look (ms)  2 horizon  3 kinds  4 outlets (as in claim), then the hosts asked for
-- Returns { when the first wished work of those hosts can be claimed (-1: none), leases: member, worker, expiry, ... }

local clock, hosts, leases, holders = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local records = { e = KEYS[5], a = KEYS[6], s = KEYS[7] }
local now = now_ms(clock)
local wish = read_wish(ARGV[2], ARGV[3], ARGV[4], now)
local first = -1
for i = 1, #ARGV - 4 do
    local member, _, due = pick(KEYS[7 + i], records, wish, now + tonumber(ARGV[1]))
    if member then
        local at = math.max(due, tonumber(redis.call('ZSCORE', hosts, ARGV[4 + i]) or 0))
        if first < 0 or at < first then first = at end
    end
end
local held = {}
local all = redis.call('ZRANGE', leases, 0, -1, 'WITHSCORES')
for i = 1, #all, 2 do
    held[#held + 1] = all[i]
    held[#held + 1] = cjson.decode(redis.call('HGET', holders, all[i])).worker
    held[#held + 1] = tonumber(all[i + 1])
end
return { first, held }
