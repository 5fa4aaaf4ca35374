-- Hosts: how a few hosts are. Changes nothing.
--
-- KEYS  1 clock  2 holders  3 hosts  4 pace, then the queue of each host
-- ARGV  the hosts
-- Returns for each host, one after the other: how much work is due, since when the oldest (ms; -1: none is)
--       how long it takes over a piece (ms; -1: not known)  when its next work can be claimed (ms; -1: all is in hand)
--       whether a page or poll of it is under way (0 or 1)

local now, holders, hosts, pace = now_ms(KEYS[1]), KEYS[2], KEYS[3], KEYS[4]
local lines = {}
for i, host in ipairs(ARGV) do
    local queue = KEYS[4 + i]
    local oldest = redis.call('ZRANGE', queue, '-inf', now, 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
    local next_ms = tonumber(redis.call('ZSCORE', hosts, host) or -1)
    local held = redis.call('HEXISTS', holders, 'slot:' .. host) == 1
    lines[#lines + 1] = redis.call('ZCOUNT', queue, '-inf', now)
    lines[#lines + 1] = tonumber(oldest[2] or -1)
    lines[#lines + 1] = tonumber(redis.call('ZSCORE', pace, host) or -1)
    lines[#lines + 1] = next_ms
    lines[#lines + 1] = held and (next_ms < 0 or next_ms > now) and 1 or 0 -- else its lease is a dead worker's
end
return lines
