--@include _wish.lua
-- Pending: is there anything left at these hosts that a pass should wait for? Changes nothing.
--
-- KEYS  1 clock  2 hosts  3 entries  4 rechecks  5 sources, then the queue of each host asked for
-- ARGV  1 how far ahead to look (ms)  2 horizon  3 kinds  4 outlets (as in claim)  5 how many pieces may be looked at
--       then for each host asked for: its name, how deep in its queue to begin
-- Returns { when the first wished work of those hosts can be claimed (-1: none), host, depth of those to be looked at again }

local clock, hosts = KEYS[1], KEYS[2]
local records = { e = KEYS[3], a = KEYS[4], s = KEYS[5] }
local now = now_ms(clock)
local wish, look = read_wish(ARGV[2], ARGV[3], ARGV[4], now), { left = tonumber(ARGV[5]) }
local first, deeper = -1, {}
for i = 6, #ARGV, 2 do
    local member, _, due, depth = pick(KEYS[3 + i / 2], records, wish, now + tonumber(ARGV[1]), tonumber(ARGV[i + 1]), look)
    if member then
        local at = math.max(due, tonumber(redis.call('ZSCORE', hosts, ARGV[i]) or 0))
        if first < 0 or at < first then first = at end
    elseif depth then
        deeper[#deeper + 1] = ARGV[i]
        deeper[#deeper + 1] = depth
    end
end
return { first, deeper }
