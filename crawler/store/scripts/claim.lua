--@include _wish.lua
-- Claim: give a worker the next work of hosts whose slot is free, one piece a host.
--
-- KEYS  1 clock  2 hosts  3 slots  4 leases  5 holders  6 entries  7 rechecks  8 sources  9 counts
--       then for each candidate host: its queue, its robots
-- ARGV  1 worker  2 pieces wanted  3 lease (ms)
--       4 horizon: polls and rechecks due later are left alone (ms; '' = now)
--       5 kinds of source wanted ("feed page", '' = all)  6 outlets wanted (JSON array, '' = all)
--       7 offset: due hosts in front that had nothing for this worker  8 how many candidates to name next
--       then the candidate hosts
-- Returns { now, works, candidates, passed, wake, expired }
--       works: member, token, robots stamp, record, one after the other (a poll, page, recheck or robots.txt alike)
--       candidates: the next due hosts, to be passed with their keys in the next call
--       passed: candidates that are due and had nothing for this worker
--       wake: when the next host is due (-1: none)
--       expired: member, host of leases to reap
--
-- A host has one slot: while it is leased, and for a gap after, the host stands in `hosts` at the time it is free again.
-- `holders` names the member that occupies it ("slot:<host>"): only that one may renew or shorten it.
-- Keys of hosts can't be known before a look at `hosts`, so each call names the candidates of the next.

local clock, hosts, slots, leases, holders = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local records = { e = KEYS[6], a = KEYS[7], s = KEYS[8] }
local counts = KEYS[9]
local worker, wanted, lease_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local now = now_ms(clock)
local wish = read_wish(ARGV[4], ARGV[5], ARGV[6], now)

local function lease(member, host)
    local token = string.format('%.0f', redis.call('HINCRBY', counts, 'tokens', 1))
    local holder = { token = token, host = host, worker = worker }
    redis.call('ZADD', leases, now + lease_ms, member)
    redis.call('HSET', holders, member, cjson.encode(holder), 'slot:' .. host, member)
    redis.call('ZADD', slots, now + lease_ms, host)
    return token
end

redis.call('ZREMRANGEBYSCORE', slots, '-inf', now)
local works, passed = {}, 0
for i = 1, #ARGV - 8 do
    local host, queue, robots = ARGV[8 + i], KEYS[8 + 2 * i], KEYS[9 + 2 * i]
    local due = tonumber(redis.call('ZSCORE', hosts, host) or math.huge)
    if due <= now and #works < 4 * wanted then -- four fields a piece
        local member, raw = pick(queue, records, wish, now)
        if member then
            local record = cjson.decode(raw)
            local stamp = redis.call('HGET', robots, 'stamp')
            if not stamp then
                local address = record.visit ~= cjson.null and record.visit or record.url
                local scheme = string.match(string.lower(address), '^https:') and 'https' or 'http'
                local url = scheme .. '://' .. host .. '/robots.txt'
                member, stamp = 'r:' .. host, ''
                raw = cjson.encode({ url = url, host = host, outlet = record.outlet, kind = record.kind, hops = 0 })
            else
                redis.call('ZREM', queue, member)
            end
            local token = lease(member, host)
            works[#works + 1] = member
            works[#works + 1] = token
            works[#works + 1] = stamp
            works[#works + 1] = raw
            reschedule(hosts, slots, queue, host)
        else
            passed = passed + 1
            reschedule(hosts, slots, queue, host) -- what pick found dead may have been its head
        end
    end
end

local look = tonumber(ARGV[8])
local candidates = redis.call('ZRANGE', hosts, '-inf', now, 'BYSCORE', 'LIMIT', tonumber(ARGV[7]) + passed, look)
local next_host = redis.call('ZRANGE', hosts, '(' .. now, '+inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
local expired = {}
for _, member in ipairs(redis.call('ZRANGE', leases, '-inf', now, 'BYSCORE', 'LIMIT', 0, 100)) do
    expired[#expired + 1] = member
    expired[#expired + 1] = cjson.decode(redis.call('HGET', holders, member)).host
end
return { now, works, candidates, passed, tonumber(next_host[2] or -1), expired }
